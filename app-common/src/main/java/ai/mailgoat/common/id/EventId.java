package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names an entry of the event log. Written as a lower-case UUID everywhere.
public record EventId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<EventId> parse(String text) {
        return Uuids.parse(text).map(EventId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
