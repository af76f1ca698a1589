package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names a sending domain. Written as a lower-case UUID everywhere.
public record DomainId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<DomainId> parse(String text) {
        return Uuids.parse(text).map(DomainId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
