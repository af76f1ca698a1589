package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.broadcast.Broadcast.Counts;
import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `broadcast`, as its author changes it.
final class BroadcastStore {
    static final String SELECT =
            """
            SELECT id, team_id, name, segment_id, topic_id, fields, status, paused, per_minute, retry_of, scheduled_at,
                queued_at, sent_at, created_at, updated_at, frozen, merge_blob, reached, audience, sent, failed,
                suppressed, skipped, reason FROM broadcast\
            """;

    void insert(Tx tx, Broadcast b) {
        tx.update(
                """
                INSERT INTO broadcast (id, team_id, name, segment_id, topic_id, fields, status, paused, per_minute,
                    retry_of, scheduled_at, queued_at, sent_at, created_at, updated_at, frozen, merge_blob, reached,
                    audience, sent, failed, suppressed, skipped)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE, NULL, 0, 0, 0, 0, 0, 0)\
                """,
                b.id(),
                b.team().value(),
                b.name(),
                b.segment(),
                b.topic(),
                Json.bytes(b.content()),
                b.status().text(),
                b.paused(),
                b.perMinute(),
                b.retryOf(),
                b.scheduledAt(),
                b.queuedAt(),
                b.sentAt(),
                b.createdAt(),
                b.updatedAt());
    }

    /// Writes what its author can change: everything but what sending it changes.
    void update(Tx tx, Broadcast b) {
        tx.update(
                """
                UPDATE broadcast SET name = ?, segment_id = ?, topic_id = ?, fields = ?, status = ?, paused = ?,
                    per_minute = ?, scheduled_at = ?, queued_at = ?, sent_at = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                b.name(),
                b.segment(),
                b.topic(),
                Json.bytes(b.content()),
                b.status().text(),
                b.paused(),
                b.perMinute(),
                b.scheduledAt(),
                b.queuedAt(),
                b.sentAt(),
                b.updatedAt(),
                b.team().value(),
                b.id());
    }

    Optional<Broadcast> find(Tx tx, TeamId team, UUID id) {
        return tx.first(
                SELECT + " WHERE team_id = ? AND id = ?", BroadcastStore::map, team.value(), id);
    }

    List<Broadcast.Summary> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                """
                SELECT id, name, segment_id, topic_id, status, paused, scheduled_at, sent_at, created_at, audience, sent,
                    failed, suppressed, skipped FROM broadcast WHERE team_id = ?\
                """
                        + page.sql("team_id", "id"),
                row ->
                        new Broadcast.Summary(
                                row.uuid("id"),
                                row.string("name"),
                                row.uuidOrNull("segment_id"),
                                row.uuidOrNull("topic_id"),
                                Status.of(row.string("status")),
                                row.bool("paused"),
                                row.instantOrNull("scheduled_at"),
                                row.instantOrNull("sent_at"),
                                row.instant("created_at"),
                                counts(row)),
                page.parameters(team.value()));
    }

    /// Whether anybody of its audience did not get the mail, be it that it could not be sent or
    /// that it came back.
    boolean hasFailures(Tx tx, UUID id) {
        return tx.first(
                        """
                        SELECT ordinal FROM broadcast_recipient
                        WHERE broadcast_id = ? AND (state = 'failed' OR bounce_type IS NOT NULL)
                        FETCH FIRST 1 ROWS ONLY\
                        """,
                        row -> row.number("ordinal"),
                        id)
                .isPresent();
    }

    /// The retry of a broadcast that goes on, or that has reached somebody.
    Optional<UUID> retry(Tx tx, TeamId team, UUID id) {
        return tx.first(
                """
                SELECT id FROM broadcast
                WHERE team_id = ? AND retry_of = ? AND (status IN ('queued', 'sent') OR sent > 0)
                FETCH FIRST 1 ROWS ONLY\
                """,
                row -> row.uuid("id"),
                team.value(),
                id);
    }

    /// Only for one that was never sent: there are no recipients to go with it.
    boolean delete(Tx tx, TeamId team, UUID id) {
        return tx.update("DELETE FROM broadcast WHERE team_id = ? AND id = ?", team.value(), id)
                > 0;
    }

    static Broadcast map(Tx.Row row) throws SQLException {
        return new Broadcast(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.string("name"),
                row.uuidOrNull("segment_id"),
                row.uuidOrNull("topic_id"),
                Json.read(row.bytes("fields"), BroadcastContent.class),
                Status.of(row.string("status")),
                row.bool("paused"),
                row.integer("per_minute"),
                row.uuidOrNull("retry_of"),
                row.instantOrNull("scheduled_at"),
                row.instantOrNull("queued_at"),
                row.instantOrNull("sent_at"),
                row.instant("created_at"),
                row.instant("updated_at"),
                row.bool("frozen"),
                row.stringOrNull("merge_blob"),
                row.number("reached"),
                counts(row),
                row.stringOrNull("reason"));
    }

    private static Counts counts(Tx.Row row) throws SQLException {
        return new Counts(
                row.number("audience"),
                row.number("sent"),
                row.number("failed"),
                row.number("suppressed"),
                row.number("skipped"));
    }
}
