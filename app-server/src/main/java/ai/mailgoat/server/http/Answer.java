package ai.mailgoat.server.http;

import ai.mailgoat.common.json.Json;
import java.util.Map;

/// What a handler answers: always a JSON document, also for DELETE.
///
/// @param body the document's bytes
/// @param headers beyond Content-Type, names in lower case
public record Answer(int status, byte[] body, Map<String, String> headers) {

    /// 200 with `value` as JSON.
    public static Answer ok(Object value) {
        return of(200, value);
    }

    /// 201 with `value` as JSON.
    public static Answer created(Object value) {
        return of(201, value);
    }

    public static Answer of(int status, Object value) {
        return new Answer(status, Json.bytes(value), Map.of());
    }

    public static Answer of(ApiException e) {
        return of(e.status(), e.body());
    }

    public Answer with(String name, String value) {
        var more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, body, Map.copyOf(more));
    }
}
