package ai.mailgoat.server.webhook;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.common.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// What is posted for an event: `{"type":…,"created_at":…,"data":{…}}`.
public final class Envelope {
    private Envelope() {}

    /// @param data a JSON document, taken over as it is
    public static byte[] of(String type, Instant at, byte[] data) {
        var envelope = new ByteArrayOutputStream(data.length + 96);
        envelope.writeBytes(ascii("{\"type\":"));
        envelope.writeBytes(Json.bytes(type));
        envelope.writeBytes(ascii(",\"created_at\":\"" + ApiTime.iso(at) + "\",\"data\":"));
        envelope.writeBytes(data);
        envelope.writeBytes(ascii("}"));
        return envelope.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
