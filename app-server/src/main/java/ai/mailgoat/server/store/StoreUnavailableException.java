package ai.mailgoat.server.store;

import org.jspecify.annotations.Nullable;

/// The service cannot start on its data. The message is one line that says what to do about it.
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
