package ai.mailgoat.server.event;

import ai.mailgoat.server.store.Tx;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `event`.
final class EventStore {
    private EventStore() {}

    static Object[] row(UUID id, Event event, byte[] data) {
        return new Object[] {
            id, event.team().value(), event.subject(), event.type(), event.at(), data
        };
    }

    static void insert(Tx tx, List<@Nullable Object[]> rows) {
        tx.batch(
                """
                INSERT INTO event (id, team_id, subject_id, type, at, data)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                rows);
    }

    static List<StoredEvent> ofSubject(Tx tx, UUID subject, int limit) {
        return tx.query(
                """
                SELECT id, subject_id, type, at, data FROM event
                WHERE subject_id = ? ORDER BY id FETCH FIRST ? ROWS ONLY
                """,
                row ->
                        new StoredEvent(
                                row.uuid("id"),
                                row.uuid("subject_id"),
                                row.string("type"),
                                row.instant("at"),
                                row.bytes("data")),
                subject,
                limit);
    }
}
