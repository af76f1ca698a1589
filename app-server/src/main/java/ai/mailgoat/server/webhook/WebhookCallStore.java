package ai.mailgoat.server.webhook;

import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tables `webhook_call` and `webhook_attempt`.
final class WebhookCallStore {

    /// A call as the API tells of it.
    record StoredCall(
            UUID id,
            String type,
            Instant createdAt,
            CallStatus status,
            @Nullable Instant dueAt,
            boolean test) {}

    /// What a call's event carries.
    record Payload(String type, Instant at, byte[] data) {}

    record StoredAttempt(UUID id, Instant at, @Nullable Integer statusCode, String response) {}

    /// A call whose time has come.
    ///
    /// @param attempts made so far, once claimed this one included
    record DueCall(UUID id, UUID webhook, int attempts) {}

    /// All that an attempt needs.
    record Parcel(String endpoint, SealedSecrets secrets, Payload payload) {}

    /// @param dueAt the next attempt, or `null`
    record Settled(UUID call, CallStatus status, @Nullable Instant dueAt, StoredAttempt attempt) {}

    private static final String CALL =
            "SELECT id, type, created_at, status, due_at, test FROM webhook_call";

    private static final String REPLAY =
            """
            UPDATE webhook_call SET status = 'PENDING', attempts = 0, due_at = ?
            WHERE id = ? AND status <> 'ATTEMPTING'
            """;

    private WebhookCallStore() {}

    static Object[] row(UUID id, UUID webhook, WebhookCalls.Owed event) {
        return new Object[] {
            id, webhook, event.event(), event.type(), event.at(), CallStatus.PENDING, 0, event.at()
        };
    }

    static void insert(Tx tx, List<@Nullable Object[]> rows) {
        tx.batch(
                """
                INSERT INTO webhook_call
                    (id, webhook_id, event_id, type, created_at, status, attempts, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                rows);
    }

    static List<StoredCall> list(Tx tx, UUID webhook, Page page) {
        return tx.query(
                CALL + " WHERE webhook_id = ?" + page.sql("webhook_id", "id"),
                WebhookCallStore::call,
                page.parameters(webhook));
    }

    static Optional<StoredCall> find(Tx tx, UUID webhook, UUID id) {
        return tx.first(
                CALL + " WHERE id = ? AND webhook_id = ?", WebhookCallStore::call, id, webhook);
    }

    static Optional<Payload> payload(Tx tx, UUID call) {
        return tx.first(
                """
                SELECT c.type, e.at, e.data FROM webhook_call c JOIN event e ON e.id = c.event_id
                WHERE c.id = ?
                """,
                WebhookCallStore::payload,
                call);
    }

    static List<StoredAttempt> attempts(Tx tx, UUID call, Page page) {
        return tx.query(
                "SELECT id, at, status_code, response FROM webhook_attempt WHERE call_id = ?"
                        + page.sql("call_id", "id"),
                row ->
                        new StoredAttempt(
                                row.uuid("id"),
                                row.instant("at"),
                                statusCode(row.stringOrNull("status_code")),
                                row.string("response")),
                page.parameters(call));
    }

    /// Starts a call's schedule anew, unless an attempt is being made.
    static void replay(Tx tx, UUID call, Instant now) {
        tx.update(REPLAY, now, call);
    }

    /// As above, for many.
    ///
    /// @return how many
    static int replay(Tx tx, List<UUID> calls, Instant now) {
        var rows = new ArrayList<@Nullable Object[]>();
        calls.forEach(call -> rows.add(new Object[] {now, call}));
        int[] touched = tx.batch(REPLAY, rows);
        return Arrays.stream(touched).sum();
    }

    /// The calls of one webhook whose time has come, the longest due first; none while it is
    /// disabled.
    static List<DueCall> due(Tx tx, UUID webhook, Instant now, int limit) {
        // Ordered by all columns of webhook_call_due, so that H2 reads along it and sorts nothing.
        return tx.query(
                """
                SELECT id, attempts FROM webhook_call
                WHERE webhook_id = ? AND due_at <= ? AND status = 'PENDING'
                    AND EXISTS (SELECT 1 FROM webhook w WHERE w.id = ? AND w.status = 'ENABLED')
                ORDER BY webhook_id, due_at, id FETCH FIRST ? ROWS ONLY
                """,
                row -> new DueCall(row.uuid("id"), webhook, row.integer("attempts")),
                webhook,
                now,
                webhook,
                limit);
    }

    /// Books the next attempt of each call, before this one is made.
    ///
    /// @param booked the next attempt of each, in the order of `due`
    /// @return those that are still owed, to a webhook that is still enabled
    static List<DueCall> claim(Tx tx, List<DueCall> due, List<Instant> booked) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < due.size(); i++) {
            rows.add(new Object[] {booked.get(i), due.get(i).id(), due.get(i).attempts()});
        }
        int[] touched =
                tx.batch(
                        """
                        UPDATE webhook_call
                        SET status = 'ATTEMPTING', attempts = attempts + 1, due_at = ?
                        WHERE id = ? AND attempts = ? AND status = 'PENDING' AND EXISTS (
                            SELECT 1 FROM webhook w
                            WHERE w.id = webhook_call.webhook_id AND w.status = 'ENABLED')
                        """,
                        rows);
        var claimed = new ArrayList<DueCall>();
        for (int i = 0; i < due.size(); i++) {
            if (touched[i] == 1) {
                var call = due.get(i);
                claimed.add(new DueCall(call.id(), call.webhook(), call.attempts() + 1));
            }
        }
        return claimed;
    }

    /// What is to be posted; empty when the call has been swept away.
    static Optional<Parcel> parcel(Tx tx, UUID call) {
        return tx.first(
                """
                SELECT w.endpoint, w.sealed_secret, w.previous_sealed_secret, w.previous_until,
                    c.type, e.at, e.data
                FROM webhook_call c
                JOIN webhook w ON w.id = c.webhook_id
                JOIN event e ON e.id = c.event_id
                WHERE c.id = ?
                """,
                row -> new Parcel(row.string("endpoint"), WebhookStore.secrets(row), payload(row)),
                call);
    }

    /// Writes down what became of attempts; nothing for calls that have been swept away.
    static void settle(Tx tx, List<Settled> all) {
        var calls = new ArrayList<@Nullable Object[]>();
        for (var settled : all) {
            calls.add(new Object[] {settled.status(), settled.dueAt(), settled.call()});
        }
        int[] touched =
                tx.batch(
                        """
                        UPDATE webhook_call SET status = ?, due_at = ?
                        WHERE id = ? AND status = 'ATTEMPTING'
                        """,
                        calls);
        var attempts = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < all.size(); i++) {
            if (touched[i] == 1) {
                var attempt = all.get(i).attempt();
                attempts.add(
                        new Object[] {
                            attempt.id(),
                            all.get(i).call(),
                            attempt.at(),
                            attempt.statusCode(),
                            attempt.response()
                        });
            }
        }
        tx.batch(
                """
                INSERT INTO webhook_attempt (id, call_id, at, status_code, response)
                VALUES (?, ?, ?, ?, ?)
                """,
                attempts);
    }

    /// The calls that were being made when the process ended.
    static List<UUID> interrupted(Tx tx, UUID webhook) {
        return tx.query(
                """
                SELECT id FROM webhook_call
                WHERE webhook_id = ? AND due_at IS NOT NULL AND status = 'ATTEMPTING'
                """,
                row -> row.uuid("id"),
                webhook);
    }

    /// Makes interrupted calls due; the attempt nobody knows the end of does not count.
    static void resume(Tx tx, List<UUID> calls, Instant now) {
        var rows = new ArrayList<@Nullable Object[]>();
        calls.forEach(call -> rows.add(new Object[] {now, call}));
        tx.batch(
                """
                UPDATE webhook_call SET status = 'PENDING', attempts = attempts - 1, due_at = ?
                WHERE id = ? AND status = 'ATTEMPTING'
                """,
                rows);
    }

    private static StoredCall call(Tx.Row row) throws SQLException {
        return new StoredCall(
                row.uuid("id"),
                row.string("type"),
                row.instant("created_at"),
                CallStatus.valueOf(row.string("status")),
                row.instantOrNull("due_at"),
                row.bool("test"));
    }

    private static @Nullable Integer statusCode(@Nullable String column) {
        return column == null ? null : Integer.valueOf(column);
    }

    private static Payload payload(Tx.Row row) throws SQLException {
        return new Payload(row.string("type"), row.instant("at"), row.bytes("data"));
    }
}
