package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names an entry of the suppression list. Written as a lower-case UUID everywhere.
public record SuppressionId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<SuppressionId> parse(String text) {
        return Uuids.parse(text).map(SuppressionId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
