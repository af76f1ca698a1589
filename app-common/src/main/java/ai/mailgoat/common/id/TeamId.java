package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names a team: the owner of everything else. Written as a lower-case UUID everywhere.
public record TeamId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<TeamId> parse(String text) {
        return Uuids.parse(text).map(TeamId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
