package ai.mailgoat.server.secret;

import org.jspecify.annotations.Nullable;

/// A secret cannot be sealed or opened. The message is one line that says what to do.
public final class SecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SecretException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
