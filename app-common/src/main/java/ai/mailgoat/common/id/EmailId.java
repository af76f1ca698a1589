package ai.mailgoat.common.id;

import java.util.Optional;
import java.util.UUID;

/// Names an e-mail. Written as a lower-case UUID everywhere.
public record EmailId(UUID value) {

    /// Reads an id from a path or a body; empty when it is not a UUID in its full form.
    public static Optional<EmailId> parse(String text) {
        return Uuids.parse(text).map(EmailId::new);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
