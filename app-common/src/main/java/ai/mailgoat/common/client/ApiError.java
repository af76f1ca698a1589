package ai.mailgoat.common.client;

import org.jspecify.annotations.Nullable;

/// A request that the service refused, or answered with something that is no answer.
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String name;
    private final @Nullable String requestId;

    /// @param name what programs switch on, such as `validation_error`
    public ApiError(int status, String name, String message, @Nullable String requestId) {
        super(message);
        this.status = status;
        this.name = name;
        this.requestId = requestId;
    }

    public int status() {
        return status;
    }

    public String name() {
        return name;
    }

    /// The service's own words.
    public String message() {
        return String.valueOf(getMessage());
    }

    /// What to look for in the service's log.
    public @Nullable String requestId() {
        return requestId;
    }
}
