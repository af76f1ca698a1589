package ai.mailgoat.server.http;

import ai.mailgoat.common.id.Uuids;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/// What Helidon answers by itself, before a request is whole enough to be routed, in the API's
/// shape.
final class BareAnswers implements DirectHandler {
    private final Uuids ids;

    private BareAnswers(Uuids ids) {
        this.ids = ids;
    }

    static DirectHandlers all(Uuids ids) {
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, new BareAnswers(ids));
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType event,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        var answer = Answer.of(refusal(status.code()));
        headers.set(HeaderNames.CONTENT_TYPE, ApiHandler.JSON);
        headers.set(HeaderNames.create("x-request-id"), ids.next().toString());
        if (status.code() == 503) {
            headers.set(HeaderNames.RETRY_AFTER, "1");
        }
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(false)
                .entity(answer.body())
                .build();
    }

    private static ApiException refusal(int status) {
        return switch (status) {
            case 413 -> new ApiException(413, "validation_error", "The request body is too large.");
            // RFC 9112, 6.1
            case 501 ->
                    new ApiException(
                            501, "validation_error", "The transfer coding is not supported.");
            case 503 ->
                    new ApiException(
                            503, "service_unavailable", "Too many requests at once. Try again.");
            case 500 -> new ApiException(500, "application_error", "An unexpected error occurred");
            default ->
                    new ApiException(status, "validation_error", "The HTTP request is malformed.");
        };
    }
}
