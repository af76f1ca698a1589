package ai.mailgoat.server.event;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `event`.
final class EventStore {
    /// Rows of one read.
    static final int PIECE = 500;

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

    /// The newest event of all, if it is newer than `cursor`.
    static Optional<UUID> lastAfter(Tx tx, UUID cursor) {
        return tx.first(
                "SELECT id FROM event WHERE id > ? ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
                row -> row.uuid("id"),
                cursor);
    }

    /// The event that stands `distance` places after `cursor`.
    static Optional<UUID> idAt(Tx tx, UUID cursor, int distance) {
        return tx.first(
                """
                SELECT id FROM event WHERE id > ? ORDER BY id
                OFFSET ? ROWS FETCH FIRST 1 ROWS ONLY
                """,
                row -> row.uuid("id"),
                cursor,
                distance - 1);
    }

    /// The first {@link #PIECE} events of a team after `cursor`, up to `end`.
    static List<StoredEvent> between(Tx tx, TeamId team, UUID cursor, UUID end) {
        return tx.query(
                """
                SELECT id, subject_id, type, at, data FROM event
                WHERE id > ? AND id <= ? AND team_id = ?
                ORDER BY id FETCH FIRST ? ROWS ONLY
                """,
                EventStore::event,
                cursor,
                end,
                team.value(),
                PIECE);
    }

    static List<StoredEvent> ofSubject(Tx tx, UUID subject, int limit) {
        return tx.query(
                """
                SELECT id, subject_id, type, at, data FROM event
                WHERE subject_id = ? ORDER BY id FETCH FIRST ? ROWS ONLY
                """,
                EventStore::event,
                subject,
                limit);
    }

    private static StoredEvent event(Tx.Row row) throws SQLException {
        return new StoredEvent(
                row.uuid("id"),
                row.uuid("subject_id"),
                row.string("type"),
                row.instant("at"),
                row.bytes("data"));
    }
}
