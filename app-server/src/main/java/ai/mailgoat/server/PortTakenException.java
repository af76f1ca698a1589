package ai.mailgoat.server;

/// A port to listen on is in use. The message is one line that says which key to change.
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String key, String host, int port, Throwable cause) {
        super(
                "cannot listen on "
                        + host
                        + ":"
                        + port
                        + " ("
                        + key
                        + "): stop what listens there, or set another port",
                cause);
    }
}
