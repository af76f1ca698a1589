package ai.mailgoat.server.cli;

import ai.mailgoat.common.client.ApiError;
import ai.mailgoat.common.client.UnreachableException;
import ai.mailgoat.server.config.ConfigException;
import ai.mailgoat.server.secret.SecretException;
import ai.mailgoat.server.store.StoreUnavailableException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A command that could not do what it was asked: one line for people, a code for programs, a fix
/// where there is one, and the exit code.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Set<String> KEY_ERRORS =
            Set.of("missing_api_key", "invalid_api_key", "restricted_api_key", "unauthorized");

    private final int exitCode;
    private final String code;
    private final @Nullable String fix;
    private final @Nullable String requestId;

    Failure(
            int exitCode,
            String code,
            String message,
            @Nullable String fix,
            @Nullable String requestId,
            @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.code = code;
        this.fix = fix;
        this.requestId = requestId;
    }

    /// Exit code 1.
    public static Failure general(String message, @Nullable Throwable cause) {
        return new Failure(Exit.GENERAL, "error", message, null, null, cause);
    }

    static Failure usage(String message) {
        return new Failure(Exit.USAGE, "usage", message, null, null, null);
    }

    /// What every exception means to the one who typed the command.
    static Failure of(Throwable e) {
        return switch (e) {
            case Failure failure -> failure;
            case ApiError error -> refused(error);
            case UnreachableException down ->
                    new Failure(
                            Exit.DOWN,
                            "service_down",
                            message(down),
                            "start it with `mailgoat serve`, or set MAILGOAT_URL",
                            null,
                            down);
            case ConfigException _, StoreUnavailableException _, SecretException _ ->
                    general(message(e), e);
            default -> general(e.getClass().getSimpleName() + ": " + message(e), e);
        };
    }

    /// What the API refuses with this status and name, when asked without HTTP.
    public static Failure refused(int status, String name, Throwable cause) {
        return new Failure(exitCode(status, name), name, message(cause), null, null, cause);
    }

    private static Failure refused(ApiError error) {
        int exitCode = exitCode(error.status(), error.name());
        String fix = exitCode == Exit.AUTH ? "set MAILGOAT_API_KEY to a valid key" : null;
        return new Failure(exitCode, error.name(), error.message(), fix, error.requestId(), error);
    }

    static int exitCode(int status, String name) {
        return switch (status) {
            case 401 -> Exit.AUTH;
            case 403 -> KEY_ERRORS.contains(name) ? Exit.AUTH : Exit.FORBIDDEN;
            case 404 -> Exit.NOT_FOUND;
            case 400, 413, 422 -> KEY_ERRORS.contains(name) ? Exit.AUTH : Exit.VALIDATION;
            case 409 -> Exit.CONFLICT;
            case 429 -> Exit.RATE_LIMITED;
            case 502, 503, 504 -> Exit.DOWN;
            default -> Exit.GENERAL;
        };
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getName() : e.getMessage().strip();
    }

    int exitCode() {
        return exitCode;
    }

    String line() {
        return String.valueOf(getMessage());
    }

    /// The body of `{"error":…}`.
    Body body() {
        return new Body(code.toLowerCase(Locale.ROOT), line(), fix, requestId);
    }

    record Body(String code, String message, @Nullable String fix, @Nullable String requestId) {}
}
