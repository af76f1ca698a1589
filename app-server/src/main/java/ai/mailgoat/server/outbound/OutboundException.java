package ai.mailgoat.server.outbound;

import org.jspecify.annotations.Nullable;

/// A request that was refused before a connection was made, or that failed. The message is one
/// sentence that may be shown to whoever chose the URL: it names no address of our network.
public final class OutboundException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private OutboundException(String message, boolean refused, @Nullable Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    static OutboundException refused(String message) {
        return new OutboundException(message, true, null);
    }

    static OutboundException failed(String message, @Nullable Throwable cause) {
        return new OutboundException(message, false, cause);
    }

    /// Whether the rules refused it: trying the same again will not help.
    public boolean isRefused() {
        return refused;
    }

    /// The sentence.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
