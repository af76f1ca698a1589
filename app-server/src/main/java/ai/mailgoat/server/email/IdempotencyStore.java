package ai.mailgoat.server.email;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Answers to be told again: one row for each key that succeeded in the last 24 hours.
final class IdempotencyStore {
    static final Duration KEPT = Duration.ofHours(24);

    /// @param requestHash SHA-256 of the request's body
    record Told(byte[] requestHash, int status, byte[] response) {}

    Optional<Told> find(Tx tx, TeamId team, String endpoint, String key, Instant now) {
        return tx.first(
                """
                SELECT request_hash, status, response FROM idempotency_key
                WHERE team_id = ? AND endpoint = ? AND idem_key = ? AND created_at > ?\
                """,
                row ->
                        new Told(
                                row.bytes("request_hash"),
                                row.integer("status"),
                                row.bytes("response")),
                team.value(),
                endpoint,
                key,
                now.minus(KEPT));
    }

    void insert(Tx tx, TeamId team, String endpoint, String key, Told told, Instant now) {
        tx.update(
                "DELETE FROM idempotency_key WHERE team_id = ? AND endpoint = ? AND idem_key = ? AND created_at <= ?",
                team.value(),
                endpoint,
                key,
                now.minus(KEPT));
        tx.update(
                """
                INSERT INTO idempotency_key (team_id, endpoint, idem_key, request_hash, status, response, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)\
                """,
                team.value(),
                endpoint,
                key,
                told.requestHash(),
                told.status(),
                told.response(),
                now);
    }

    /// Forgets keys whose day is over, a bounded number at a time.
    int sweep(Tx tx, Instant now) {
        var old =
                tx.query(
                        """
                        SELECT team_id, endpoint, idem_key FROM idempotency_key WHERE created_at <= ?
                        ORDER BY created_at FETCH FIRST 1000 ROWS ONLY\
                        """,
                        row ->
                                new Object[] {
                                    row.uuid("team_id"),
                                    row.string("endpoint"),
                                    row.string("idem_key")
                                },
                        now.minus(KEPT));
        for (var key : old) {
            tx.update(
                    "DELETE FROM idempotency_key WHERE team_id = ? AND endpoint = ? AND idem_key = ?",
                    key);
        }
        return old.size();
    }
}
