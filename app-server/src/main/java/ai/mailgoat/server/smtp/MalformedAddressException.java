package ai.mailgoat.server.smtp;

/// An address or domain name that the grammar of RFC 5321 (4.1.2) or this server's stricter one
/// does not allow. The message says what is wrong, in words fit for the person who typed the
/// address.
public final class MalformedAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedAddressException(String message) {
        super(message);
    }
}
