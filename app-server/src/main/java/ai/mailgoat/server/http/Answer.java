package ai.mailgoat.server.http;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a handler answers: a JSON document, also for DELETE, except where a route says otherwise.
///
/// @param body the document's octets; empty for a stream
/// @param headers beyond `content-type` of JSON, names in lower case
/// @param stream writes the content while it comes into being, `null` for a plain answer
public record Answer(
        int status, byte[] body, Map<String, String> headers, @Nullable Stream stream) {
    private static final String CONTENT_TYPE = "content-type";

    /// A plain answer.
    public Answer(int status, byte[] body, Map<String, String> headers) {
        this(status, body, headers, null);
    }

    /// Writes an answer that has no end of its own. Runs on the request's thread, which is a
    /// virtual one.
    public interface Stream {
        /// @throws RuntimeException when the peer has gone; let it pass
        void run(Out out);
    }

    /// The way to the peer of a {@link Stream}.
    public interface Out {
        /// Sends octets at once; a peer that does not take them in time is cut off.
        void write(byte[] octets);

        /// Whether the server is closing, so that the stream must end.
        boolean isClosing();

        /// Runs `action` when the server begins to close, or now if it does already: to wake a
        /// stream that waits. It must be quick.
        void onClosing(Runnable action);
    }

    /// 200 with `value` as JSON.
    public static Answer ok(Object value) {
        return of(200, value);
    }

    /// 201 with `value` as JSON.
    public static Answer created(Object value) {
        return of(201, value);
    }

    /// 201 with `{"object":…,"id":…}`.
    public static Answer made(String object, UUID id) {
        return created(new Reference(object, id));
    }

    /// 200 with `{"object":…,"id":…}`: what was named is changed.
    public static Answer done(String object, UUID id) {
        return ok(new Reference(object, id));
    }

    /// 200 with `{"object":…,"id":…,"deleted":true}`.
    public static Answer deleted(String object, UUID id) {
        return ok(new Deleted(object, id, true));
    }

    public static Answer of(int status, Object value) {
        return new Answer(status, Json.bytes(value), Map.of(), null);
    }

    public static Answer of(ApiException e) {
        return of(e.status(), e.body());
    }

    /// 200 with octets of another type.
    ///
    /// @param contentType as the header field has it
    public static Answer octets(String contentType, byte[] body) {
        return new Answer(200, body, Map.of(CONTENT_TYPE, contentType), null);
    }

    /// A page in HTML.
    public static Answer html(int status, String page) {
        return new Answer(
                status,
                page.getBytes(StandardCharsets.UTF_8),
                Map.of(CONTENT_TYPE, "text/html; charset=utf-8"),
                null);
    }

    /// 200 with content that goes on.
    public static Answer stream(String contentType, Stream stream) {
        return new Answer(200, RequestBody.NONE, Map.of(CONTENT_TYPE, contentType), stream);
    }

    public Answer with(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, body, Map.copyOf(more), stream);
    }

    boolean isJson() {
        return !headers.containsKey(CONTENT_TYPE);
    }

    private record Reference(String object, UUID id) {}

    private record Deleted(String object, UUID id, boolean deleted) {}
}
