package ai.mailgoat.server.http;

/// A request that is refused: the status, the name and the message of the error body. The names are
/// Resend's; clients switch on them.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String name;

    public ApiException(int status, String name, String message) {
        super(message, null, false, false);
        this.status = status;
        this.name = name;
    }

    /// A field that is there but wrong.
    public static ApiException validation(String message) {
        return new ApiException(422, "validation_error", message);
    }

    public static ApiException missingField(String field) {
        return new ApiException(422, "missing_required_field", "Missing `" + field + "` field.");
    }

    /// An id in a path that is not a UUID.
    public static ApiException invalidId(String parameter) {
        return new ApiException(
                422, "invalid_parameter", "The `" + parameter + "` must be a valid UUID.");
    }

    /// @param thing such as `Email`; the message is "Email not found", also for what belongs to
    ///   another team
    public static ApiException notFound(String thing) {
        return new ApiException(404, "not_found", thing + " not found");
    }

    public static ApiException forbidden(String message) {
        return new ApiException(403, "validation_error", message);
    }

    public int status() {
        return status;
    }

    public String name() {
        return name;
    }

    /// The error body: `{"statusCode":422,"message":"…","name":"validation_error"}`, in this order.
    public ErrorBody body() {
        return new ErrorBody(status, String.valueOf(getMessage()), name);
    }

    /// Clients of Resend read `statusCode` in camel case, unlike all other fields.
    public record ErrorBody(
            @com.fasterxml.jackson.annotation.JsonProperty("statusCode") int statusCode,
            String message,
            String name) {}
}
