package ai.mailgoat.server.email;

import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What of the tables `email` and `event` is of use when a mail is opened.
final class EngagedMailStore {

    /// Whose mail it is.
    Optional<UUID> broadcast(Tx tx, UUID email) {
        return tx.first(
                "SELECT broadcast_id FROM email WHERE id = ? AND broadcast_id IS NOT NULL",
                row -> row.uuid("broadcast_id"),
                email);
    }

    /// When its first recipient got it.
    Optional<Instant> deliveredAt(Tx tx, UUID email) {
        return tx.first(
                """
                SELECT at FROM event WHERE subject_id = ? AND type = 'email.delivered'
                ORDER BY subject_id, id FETCH FIRST 1 ROWS ONLY\
                """,
                row -> row.instant("at"),
                email);
    }

    /// @param before what it must have been last
    void happened(Tx tx, UUID email, String event, List<String> before) {
        for (String last : before) {
            tx.update(
                    "UPDATE email SET last_event = ? WHERE id = ? AND last_event = ?",
                    event,
                    email,
                    last);
        }
    }
}
