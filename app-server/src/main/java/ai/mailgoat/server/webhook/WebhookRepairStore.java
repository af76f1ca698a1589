package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.webhook.WebhookCallStore.DueCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The table `webhook_call` as {@link WebhookRepairs} needs it.
final class WebhookRepairStore {
    /// How much later than its event a call may be written, at most.
    private static final Duration LATE = Duration.ofHours(1);

    /// Which calls of a webhook are meant, by their time and more; calls for trial never are.
    ///
    /// @param types all when empty
    /// @param statuses all when absent
    record Range(
            Instant from,
            Optional<Instant> to,
            Set<String> types,
            Optional<List<CallStatus>> statuses) {

        // A call gets its id shortly after its time, and its id is in order of time.
        UUID firstId() {
            return Uuids.first(from.minus(Duration.ofMinutes(1)));
        }
    }

    private WebhookRepairStore() {}

    /// The calls of a range, in the order of their ids.
    static List<UUID> within(Tx tx, UUID webhook, Range range, UUID after, int limit) {
        var sql =
                new StringBuilder(
                        """
                        SELECT id FROM webhook_call
                        WHERE webhook_id = ? AND id > ? AND created_at >= ? AND test = FALSE\
                        """);
        var parameters = new ArrayList<Object>(List.of(webhook, after, range.from()));
        range.to()
                .ifPresent(to -> {
                    sql.append(" AND id < ? AND created_at < ?");
                    parameters.add(Uuids.first(to.plus(LATE)));
                    parameters.add(to);
                });
        oneOf(sql, parameters, "type", range.types());
        range.statuses().ifPresent(statuses -> oneOf(sql, parameters, "status", statuses));
        sql.append(" ORDER BY id FETCH FIRST ? ROWS ONLY");
        parameters.add(limit);
        return tx.query(sql.toString(), row -> row.uuid("id"), parameters.toArray());
    }

    private static void oneOf(
            StringBuilder sql, List<Object> parameters, String column, Collection<?> values) {
        if (!values.isEmpty()) {
            sql.append(" AND ").append(column).append(" IN (?");
            sql.append(", ?".repeat(values.size() - 1)).append(')');
            parameters.addAll(values);
        }
    }

    /// Writes down a call for trial, of which the first attempt is being made. Its event stands
    /// under a type of its own, so that nobody else takes it for real.
    static void insertTest(
            Tx tx, TeamId team, DueCall call, WebhookCalls.Owed event, byte[] data, Instant dueAt) {
        tx.update(
                """
                INSERT INTO event (id, team_id, subject_id, type, at, data)
                VALUES (?, ?, ?, 'webhook.test', ?, ?)
                """,
                event.event(),
                team.value(),
                call.webhook(),
                event.at(),
                data);
        tx.update(
                """
                INSERT INTO webhook_call
                    (id, webhook_id, event_id, type, created_at, status, attempts, due_at, test)
                VALUES (?, ?, ?, ?, ?, 'ATTEMPTING', 1, ?, TRUE)
                """,
                call.id(),
                call.webhook(),
                event.event(),
                event.type(),
                event.at(),
                dueAt);
    }
}
