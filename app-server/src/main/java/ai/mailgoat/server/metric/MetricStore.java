package ai.mailgoat.server.metric;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tables `metric_count`, `metric_broadcast_count` and `metric_progress`, and the events they
/// are made of.
final class MetricStore {
    /// Of one mail; one to 50 recipients that is opened a thousand times has fewer.
    private static final int MAX_OF_EMAIL = 2_500;

    private static final String EVENTS =
            "SELECT id, team_id, subject_id, type, at,"
                    + " CASE WHEN type LIKE 'email.%' THEN data END AS data FROM event ";

    /// @param data `null` for what is no event of a mail
    record EventRow(
            UUID id, TeamId team, UUID subject, String type, Instant at, byte @Nullable [] data) {}

    /// @param broadcast `null` for all mail, that of broadcasts included
    /// @param quarter where a quarter of an hour begins
    record Counted(
            TeamId team, @Nullable UUID broadcast, Instant quarter, String domain, Metric metric) {}

    /// @param broadcast `null` when they are not told apart
    record Sum(@Nullable UUID broadcast, String domain, Metric metric, long amount) {}

    /// The last event that is counted.
    Optional<UUID> progress(Tx tx) {
        return tx.first(
                "SELECT event_id FROM metric_progress WHERE id = 1", row -> row.uuid("event_id"));
    }

    /// @param from what {@link #progress} told, if it told something
    /// @return whether nobody else was faster
    boolean advance(Tx tx, Optional<UUID> from, UUID to) {
        if (from.isPresent()) {
            return tx.update(
                            "UPDATE metric_progress SET event_id = ? WHERE id = 1 AND event_id = ?",
                            to,
                            from.get())
                    == 1;
        }
        if (progress(tx).isPresent()) {
            return false;
        }
        return tx.update("INSERT INTO metric_progress (id, event_id) VALUES (1, ?)", to) == 1;
    }

    /// The events after one, in their order.
    List<EventRow> events(Tx tx, UUID after, int limit) {
        return tx.query(
                EVENTS + "WHERE id > ? ORDER BY id FETCH FIRST " + limit + " ROWS ONLY",
                MetricStore::event,
                after);
    }

    /// The events of one mail, in their order.
    List<EventRow> ofEmail(Tx tx, TeamId team, UUID email) {
        return tx.query(
                EVENTS
                        + "WHERE subject_id = ? AND team_id = ? ORDER BY id FETCH FIRST "
                        + MAX_OF_EMAIL
                        + " ROWS ONLY",
                MetricStore::event,
                email,
                team.value());
    }

    /// The opens, the clicks and what was thought of them later, of the same mail, before one.
    List<EventRow> earlier(Tx tx, EventRow event) {
        return tx.query(
                EVENTS
                        + "WHERE subject_id = ? AND type IN ('email.opened', 'email.clicked', 'email.engagement_revised')"
                        + " AND id < ? ORDER BY id FETCH FIRST "
                        + MAX_OF_EMAIL
                        + " ROWS ONLY",
                MetricStore::event,
                event.subject(),
                event.id());
    }

    void add(Tx tx, Map<Counted, Long> amounts) {
        var all = new ArrayList<@Nullable Object[]>();
        var ofBroadcasts = new ArrayList<@Nullable Object[]>();
        amounts.forEach((key, amount) -> {
            var row =
                    new ArrayList<@Nullable Object>(
                            Arrays.asList(
                                    amount,
                                    key.team().value(),
                                    key.quarter(),
                                    key.domain(),
                                    key.metric().apiName()));
            if (key.broadcast() == null) {
                all.add(row.toArray());
            } else {
                row.add(key.broadcast());
                ofBroadcasts.add(row.toArray());
            }
        });
        add(
                tx,
                all,
                """
                UPDATE metric_count SET amount = amount + ?
                WHERE team_id = ? AND at_quarter = ? AND domain = ? AND metric = ?\
                """,
                "INSERT INTO metric_count (amount, team_id, at_quarter, domain, metric) VALUES (?, ?, ?, ?, ?)");
        add(
                tx,
                ofBroadcasts,
                """
                UPDATE metric_broadcast_count SET amount = amount + ?
                WHERE team_id = ? AND at_quarter = ? AND domain = ? AND metric = ? AND broadcast_id = ?\
                """,
                """
                INSERT INTO metric_broadcast_count (amount, team_id, at_quarter, domain, metric, broadcast_id)
                VALUES (?, ?, ?, ?, ?, ?)\
                """);
    }

    private static void add(Tx tx, List<@Nullable Object[]> updates, String update, String insert) {
        int[] touched = tx.batch(update, updates);
        var inserts = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < touched.length; i++) {
            if (touched[i] == 0) {
                inserts.add(updates.get(i));
            }
        }
        tx.batch(insert, inserts);
    }

    /// @param from included, @param to not
    List<Sum> sums(Tx tx, TeamId team, Instant from, Instant to) {
        return tx.query(
                """
                SELECT domain, metric, SUM(amount) AS total FROM metric_count
                WHERE team_id = ? AND at_quarter >= ? AND at_quarter < ? GROUP BY domain, metric\
                """,
                row -> sum(row, null),
                team.value(),
                from,
                to);
    }

    /// The same of the mail of broadcasts, for each of them.
    List<Sum> broadcastSums(Tx tx, TeamId team, Instant from, Instant to) {
        return tx.query(
                """
                SELECT broadcast_id, domain, metric, SUM(amount) AS total FROM metric_broadcast_count
                WHERE team_id = ? AND at_quarter >= ? AND at_quarter < ? GROUP BY broadcast_id, domain, metric\
                """,
                row -> sum(row, row.uuid("broadcast_id")),
                team.value(),
                from,
                to);
    }

    private static Sum sum(Tx.Row row, @Nullable UUID broadcast) throws SQLException {
        return new Sum(
                broadcast,
                row.string("domain"),
                Metric.valueOf(row.string("metric").toUpperCase(Locale.ROOT)),
                row.number("total"));
    }

    private static EventRow event(Tx.Row row) throws SQLException {
        return new EventRow(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.uuid("subject_id"),
                row.string("type"),
                row.instant("at"),
                row.bytesOrNull("data"));
    }
}
