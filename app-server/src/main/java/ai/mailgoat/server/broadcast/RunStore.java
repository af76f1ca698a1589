package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.broadcast.Broadcast.Counts;
import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What sending writes: the frozen audience, how each of it ended, and how far it got. Broadcasts
/// are found by id alone here: the runner works for all teams.
final class RunStore {
    /// Somebody of the audience that nothing has been decided about.
    record Waiting(long ordinal, UUID contact, String address) {}

    /// What was decided about one of the audience.
    ///
    /// @param state `sent`, `failed`, `suppressed` or `skipped`
    record Decision(long ordinal, String state, @Nullable String reason, @Nullable UUID email) {}

    /// Somebody to be put into the audience.
    record Addressee(UUID contact, String address) {}

    /// Broadcasts with something to be done for them now, the longest waiting first.
    List<Broadcast> pending(Tx tx, Instant now) {
        return tx.query(
                BroadcastStore.SELECT
                        + """
                         WHERE (status = 'queued' AND paused = FALSE)
                            OR (status = 'scheduled' AND scheduled_at <= ?)
                            OR (status = 'canceled' AND (frozen = FALSE OR reached < audience))
                        ORDER BY queued_at, id FETCH FIRST 100 ROWS ONLY\
                        """,
                BroadcastStore::map,
                now);
    }

    Optional<Broadcast> find(Tx tx, UUID id) {
        return tx.first(BroadcastStore.SELECT + " WHERE id = ?", BroadcastStore::map, id);
    }

    /// @return whether it was still scheduled
    boolean begin(Tx tx, UUID id, Instant now) {
        return tx.update(
                        "UPDATE broadcast SET status = 'queued', queued_at = ?, updated_at = ? WHERE id = ?"
                                + " AND status = 'scheduled' AND scheduled_at <= ?",
                        now,
                        now,
                        id,
                        now)
                == 1;
    }

    void insert(Tx tx, UUID id, long first, List<Addressee> some) {
        var rows = new ArrayList<@Nullable Object[]>(some.size());
        for (int i = 0; i < some.size(); i++) {
            rows.add(
                    new @Nullable Object[] {
                        id, first + i, some.get(i).contact(), some.get(i).address()
                    });
        }
        tx.batch(
                """
                INSERT INTO broadcast_recipient (broadcast_id, ordinal, contact_id, address, state, complained,
                    unsubscribed, opens, clicks)
                VALUES (?, ?, ?, ?, 'waiting', FALSE, FALSE, 0, 0)\
                """,
                rows);
    }

    /// Takes out some of an audience that was not completed, from its end.
    ///
    /// @return whether that was all
    boolean thaw(Tx tx, UUID id, int atMost) {
        return tx.update(
                        """
                        DELETE FROM broadcast_recipient WHERE broadcast_id = ? AND ordinal >= (SELECT COALESCE(MAX(ordinal), 0)
                            FROM broadcast_recipient WHERE broadcast_id = ?) - ?\
                        """,
                        id,
                        id,
                        atMost)
                == 0;
    }

    void freeze(Tx tx, UUID id, long audience, @Nullable String mergeBlob) {
        tx.update(
                "UPDATE broadcast SET frozen = TRUE, audience = ?, merge_blob = ? WHERE id = ?",
                audience,
                mergeBlob,
                id);
    }

    List<Waiting> waiting(Tx tx, UUID id, long from, int atMost) {
        return tx.query(
                """
                SELECT ordinal, contact_id, address FROM broadcast_recipient
                WHERE broadcast_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY broadcast_id, ordinal\
                """,
                row ->
                        new Waiting(
                                row.number("ordinal"),
                                row.uuid("contact_id"),
                                row.string("address")),
                id,
                from,
                from + atMost);
    }

    /// Moves a broadcast on by what was decided.
    ///
    /// @param status in which it must be
    /// @return whether it still stood at `from` and was free to go on
    boolean advance(Tx tx, Broadcast b, Status status, Counts more, Instant now) {
        return tx.update(
                        """
                        UPDATE broadcast SET reached = reached + ?, sent = sent + ?, failed = failed + ?,
                            suppressed = suppressed + ?, skipped = skipped + ?, reason = NULL, updated_at = ?
                        WHERE id = ? AND reached = ? AND status = ? AND (paused = FALSE OR status = 'canceled')\
                        """,
                        more.audience(),
                        more.sent(),
                        more.failed(),
                        more.suppressed(),
                        more.skipped(),
                        now,
                        b.id(),
                        b.reached(),
                        status.text())
                == 1;
    }

    void decide(Tx tx, UUID id, List<Decision> decisions) {
        var rows = new ArrayList<@Nullable Object[]>(decisions.size());
        for (var d : decisions) {
            rows.add(new @Nullable Object[] {d.state(), d.reason(), d.email(), id, d.ordinal()});
        }
        tx.batch(
                "UPDATE broadcast_recipient SET state = ?, reason = ?, email_id = ? WHERE broadcast_id = ? AND ordinal = ?",
                rows);
    }

    /// @return whether it was still being sent
    boolean end(Tx tx, UUID id, Status status, @Nullable String reason, Instant now) {
        return tx.update(
                        "UPDATE broadcast SET status = ?, reason = ?, sent_at = ?, updated_at = ? WHERE id = ? AND status = 'queued'",
                        status.text(),
                        reason,
                        status == Status.SENT ? now : null,
                        now,
                        id)
                == 1;
    }

    /// Says why a broadcast does not get on just now.
    void hold(Tx tx, UUID id, String reason) {
        tx.update("UPDATE broadcast SET reason = ? WHERE id = ?", reason, id);
    }

    /// Counted anew from the recipients themselves: a scan of them all.
    Counts recount(Tx tx, UUID id) {
        long[] of = new long[5];
        tx.query(
                        "SELECT state, COUNT(*) AS many FROM broadcast_recipient WHERE broadcast_id = ? GROUP BY state",
                        row -> new StateCount(row.string("state"), row.number("many")),
                        id)
                .forEach(count -> {
                    of[0] += count.many();
                    switch (count.state()) {
                        case "sent" -> of[1] += count.many();
                        case "failed" -> of[2] += count.many();
                        case "suppressed" -> of[3] += count.many();
                        case "skipped" -> of[4] += count.many();
                        default -> {
                            // still waiting
                        }
                    }
                });
        return new Counts(of[0], of[1], of[2], of[3], of[4]);
    }

    private record StateCount(String state, long many) {}

    /// The recipients that a broadcast did not reach, from `after` on: those that failed here, and
    /// those whose mail bounced or was given up.
    List<RetryRow> failed(Tx tx, UUID id, long after) {
        return tx.query(
                """
                SELECT ordinal, contact_id, address, state, bounce_type FROM broadcast_recipient
                WHERE broadcast_id = ? AND ordinal > ? ORDER BY broadcast_id, ordinal FETCH FIRST 5000 ROWS ONLY\
                """,
                row ->
                        new RetryRow(
                                row.number("ordinal"),
                                new Addressee(row.uuid("contact_id"), row.string("address")),
                                row.string("state").equals("failed")
                                        || row.stringOrNull("bounce_type") != null),
                id,
                after);
    }

    record RetryRow(long ordinal, Addressee addressee, boolean failed) {}
}
