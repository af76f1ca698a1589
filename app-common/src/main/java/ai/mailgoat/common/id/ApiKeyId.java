package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names an API key. Written as a lower-case UUID everywhere.
public record ApiKeyId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<ApiKeyId> parse(String text) {
        return Uuids.parse(text).map(ApiKeyId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
