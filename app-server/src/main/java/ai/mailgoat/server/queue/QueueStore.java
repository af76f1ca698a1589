package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows of the queue, and what settling writes: recipients, attempts, a mail's latest event.
final class QueueStore {
    private static final String SELECT =
            "SELECT id, email_id, ordinal, lane, domain, address, due_at, expires_at, attempts FROM queue_entry";

    // Reads that a long queue must not make slower. Each orders by all columns of its index, those
    // that are equal by its condition included: H2 sorts what it finds otherwise.
    static final String DUE_AT =
            SELECT + " WHERE lane = ? AND due_at = ? AND id > ? ORDER BY lane, due_at, id";
    static final String DUE_BETWEEN =
            SELECT + " WHERE lane = ? AND due_at > ? AND due_at <= ? ORDER BY lane, due_at, id";
    static final String DUE_OF =
            SELECT
                    + " WHERE domain = ? AND lane = ? AND due_at <= ? ORDER BY domain, lane, due_at, id";
    static final String WAITING = "SELECT id FROM queue_entry WHERE lane = ? AND due_at <= ?";
    static final String FIRST_DUE =
            "SELECT due_at FROM queue_entry WHERE lane = ? ORDER BY lane, due_at, id"
                    + " FETCH FIRST 1 ROWS ONLY";
    static final String ORPHANS =
            "SELECT id FROM queue_entry WHERE lane = ? AND claimed = TRUE AND last_at < ? AND attempts < ?";

    void insert(Tx tx, List<Entry> entries) {
        var rows = new ArrayList<@Nullable Object[]>(entries.size());
        for (var e : entries) {
            rows.add(
                    new @Nullable Object[] {
                        e.id(),
                        e.email().value(),
                        e.ordinal(),
                        e.lane().number(),
                        e.domain(),
                        e.address(),
                        e.due(),
                        e.expires(),
                        e.attempts()
                    });
        }
        tx.batch(
                """
                INSERT INTO queue_entry
                    (id, email_id, ordinal, lane, domain, address, due_at, expires_at, attempts, claimed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE)\
                """,
                rows);
    }

    /// Entries of one lane due in `[from, to]`, oldest first; of the instant `from` only those
    /// after `afterId`. The rest of that instant is a query of its own: thousands may be due in the
    /// same moment, and each page of them must cost the same.
    List<Entry> due(Tx tx, Lane lane, Instant from, UUID afterId, Instant to, int limit) {
        var page =
                new ArrayList<>(
                        tx.query(
                                DUE_AT + first(limit),
                                QueueStore::entry,
                                lane.number(),
                                from,
                                afterId));
        if (page.size() < limit) {
            page.addAll(
                    tx.query(
                            DUE_BETWEEN + first(limit),
                            QueueStore::entry,
                            lane.number(),
                            from,
                            to));
        }
        return page.size() <= limit ? page : List.copyOf(page.subList(0, limit));
    }

    List<Entry> dueOf(Tx tx, String domain, Lane lane, Instant to, int limit) {
        return tx.query(DUE_OF + first(limit), QueueStore::entry, domain, lane.number(), to);
    }

    /// How many entries of a lane are due, counted up to `atMost`.
    int waiting(Tx tx, Lane lane, Instant now, int atMost) {
        return tx.first(
                        "SELECT COUNT(*) AS n FROM (" + WAITING + first(atMost) + ") AS counted",
                        row -> row.integer("n"),
                        lane.number(),
                        now)
                .orElseThrow();
    }

    private static String first(int limit) {
        return " FETCH FIRST " + limit + " ROWS ONLY";
    }

    /// Books the attempt that is about to be made.
    ///
    /// @return the entries that were still there
    List<Entry> book(Tx tx, List<Entry> entries, List<Instant> next, Instant now) {
        var rows = new ArrayList<@Nullable Object[]>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            rows.add(new @Nullable Object[] {entry.attempts() + 1, next.get(i), now, entry.id()});
        }
        int[] touched =
                tx.batch(
                        "UPDATE queue_entry SET attempts = ?, due_at = ?, last_at = ?, claimed = TRUE WHERE id = ?",
                        rows);
        var booked = new ArrayList<Entry>(entries.size());
        for (int i = 0; i < touched.length; i++) {
            if (touched[i] == 1) {
                booked.add(entries.get(i));
            }
        }
        return booked;
    }

    /// Lets go of an entry that was not delivered: it is due again at `due`.
    void release(Tx tx, UUID entry, Instant due) {
        tx.update("UPDATE queue_entry SET due_at = ?, claimed = FALSE WHERE id = ?", due, entry);
    }

    /// What was claimed before `started`, by a process that is gone. An entry that saw `crashes`
    /// claims end like this is left to its booked time: it may be what ends them. Reads all of the
    /// lane.
    List<UUID> orphans(Tx tx, Lane lane, Instant started, int crashes) {
        return tx.query(ORPHANS, row -> row.uuid("id"), lane.number(), started, crashes);
    }

    /// Lets go of entries whose attempt was booked and not made.
    void unbook(Tx tx, List<UUID> entries, Instant due) {
        tx.batch(
                "UPDATE queue_entry SET due_at = ?, claimed = FALSE, attempts = attempts - 1 WHERE id = ?",
                entries.stream().map(id -> new @Nullable Object[] {due, id}).toList());
    }

    void releaseAll(Tx tx, List<UUID> entries, Instant due) {
        tx.batch(
                "UPDATE queue_entry SET due_at = ?, claimed = FALSE WHERE id = ?",
                entries.stream().map(id -> new @Nullable Object[] {due, id}).toList());
    }

    void delete(Tx tx, List<UUID> entries) {
        tx.batch(
                "DELETE FROM queue_entry WHERE id = ?",
                entries.stream().map(id -> new @Nullable Object[] {id}).toList());
    }

    int deleteOf(Tx tx, EmailId email) {
        return tx.update("DELETE FROM queue_entry WHERE email_id = ?", email.value());
    }

    int reschedule(Tx tx, EmailId email, Instant due, Instant expires) {
        return tx.update(
                "UPDATE queue_entry SET due_at = ?, expires_at = ? WHERE email_id = ?",
                due,
                expires,
                email.value());
    }

    List<Entry> ofEmail(Tx tx, EmailId email) {
        return tx.query(
                SELECT + " WHERE email_id = ? ORDER BY ordinal", QueueStore::entry, email.value());
    }

    void addAttempts(Tx tx, List<AttemptRow> attempts) {
        var rows = new ArrayList<@Nullable Object[]>(attempts.size());
        for (var row : attempts) {
            rows.add(
                    new @Nullable Object[] {
                        row.email().value(),
                        row.ordinal(),
                        row.number(),
                        row.at(),
                        row.outcome(),
                        row.phase(),
                        row.mxHost(),
                        row.ip(),
                        row.tls(),
                        row.code(),
                        row.enhanced(),
                        row.reply(),
                        row.reason()
                    });
        }
        tx.batch(
                """
                INSERT INTO attempt (email_id, ordinal, number, at, outcome, phase, mx_host, ip, tls, code, enhanced,
                    reply, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                rows);
    }

    List<AttemptRow> attempts(Tx tx, EmailId email) {
        return tx.query(
                """
                SELECT ordinal, number, at, outcome, phase, mx_host, ip, tls, code, enhanced, reply, reason
                FROM attempt WHERE email_id = ? ORDER BY ordinal, number FETCH FIRST 1000 ROWS ONLY\
                """,
                row ->
                        new AttemptRow(
                                email,
                                row.integer("ordinal"),
                                row.integer("number"),
                                row.instant("at"),
                                row.string("outcome"),
                                row.string("phase"),
                                row.stringOrNull("mx_host"),
                                row.stringOrNull("ip"),
                                row.stringOrNull("tls"),
                                row.stringOrNull("code") == null ? null : row.integer("code"),
                                row.stringOrNull("enhanced"),
                                row.stringOrNull("reply"),
                                row.string("reason")),
                email.value());
    }

    /// What became of one recipient.
    record Fate(EmailId email, int ordinal, String state, @Nullable String detail) {}

    void recipients(Tx tx, List<Fate> fates) {
        var rows = new ArrayList<@Nullable Object[]>(fates.size());
        for (var fate : fates) {
            rows.add(
                    new @Nullable Object[] {
                        fate.state(), fate.detail(), fate.email().value(), fate.ordinal()
                    });
        }
        tx.batch(
                "UPDATE recipient SET state = ?, detail = ? WHERE email_id = ? AND ordinal = ?",
                rows);
    }

    void latestEvent(Tx tx, EmailId email, String event) {
        tx.update("UPDATE email SET last_event = ? WHERE id = ?", event, email.value());
    }

    QueueState state(Tx tx, Instant now) {
        long entries =
                tx.query("SELECT COUNT(*) AS n FROM queue_entry", row -> row.number("n"))
                        .getFirst();
        long due = 0;
        Instant oldest = null;
        for (var lane : Lane.values()) {
            due +=
                    tx.query(
                                    "SELECT COUNT(*) AS n FROM queue_entry WHERE lane = ? AND due_at <= ?",
                                    row -> row.number("n"),
                                    lane.number(),
                                    now)
                            .getFirst();
            var first = tx.first(FIRST_DUE, row -> row.instant("due_at"), lane.number());
            if (first.isPresent() && (oldest == null || first.get().isBefore(oldest))) {
                oldest = first.get();
            }
        }
        return new QueueState(entries, due, oldest);
    }

    private static Entry entry(Tx.Row row) throws SQLException {
        return new Entry(
                row.uuid("id"),
                new EmailId(row.uuid("email_id")),
                row.integer("ordinal"),
                Lane.of(row.integer("lane")),
                row.string("domain"),
                row.string("address"),
                row.instant("due_at"),
                row.instant("expires_at"),
                row.integer("attempts"));
    }
}
