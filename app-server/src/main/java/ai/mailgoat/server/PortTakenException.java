package ai.mailgoat.server;

/// A listener cannot have its port. The message is one line that names the port and its key.
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PortTakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
