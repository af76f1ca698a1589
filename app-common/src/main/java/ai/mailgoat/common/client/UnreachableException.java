package ai.mailgoat.common.client;

/// Nobody answered at the service's address, or the connection broke before the answer.
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
