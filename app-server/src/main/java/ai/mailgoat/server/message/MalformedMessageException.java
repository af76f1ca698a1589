package ai.mailgoat.server.message;

/// A message that cannot be written as RFC 5322 and MIME allow. The text of the exception says what
/// is wrong, in words fit for the person who gave the message.
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
