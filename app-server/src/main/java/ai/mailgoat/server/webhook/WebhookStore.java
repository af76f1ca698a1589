package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.webhook.Webhook.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `webhook`.
final class WebhookStore {
    private static final String COLUMNS =
            "id, team_id, endpoint, events, status, sealed_secret, previous_sealed_secret,"
                    + " previous_until, created_at";

    private WebhookStore() {}

    static void insert(Tx tx, Webhook webhook) {
        tx.update(
                """
                INSERT INTO webhook (id, team_id, endpoint, events, status, sealed_secret, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                webhook.id(),
                webhook.team().value(),
                webhook.endpoint(),
                String.join(",", webhook.events()),
                webhook.status(),
                webhook.secrets().current(),
                webhook.createdAt());
    }

    static Optional<Webhook> find(Tx tx, TeamId team, UUID id) {
        return tx.first(
                "SELECT "
                        + COLUMNS
                        + " FROM webhook WHERE id = ? AND team_id = ? AND deleted_at IS NULL",
                WebhookStore::webhook,
                id,
                team.value());
    }

    static List<Webhook> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                "SELECT "
                        + COLUMNS
                        + " FROM webhook WHERE team_id = ? AND deleted_at IS NULL"
                        + page.sql("team_id", "id"),
                WebhookStore::webhook,
                page.parameters(team.value()));
    }

    static int count(Tx tx, TeamId team) {
        return tx.first(
                        "SELECT COUNT(*) AS n FROM webhook WHERE team_id = ? AND deleted_at IS NULL",
                        row -> row.integer("n"),
                        team.value())
                .orElse(0);
    }

    /// Writes everything but id, team and time of creation.
    static void update(Tx tx, Webhook webhook) {
        tx.update(
                """
                UPDATE webhook SET endpoint = ?, events = ?, status = ?, sealed_secret = ?,
                    previous_sealed_secret = ?, previous_until = ?
                WHERE id = ?
                """,
                webhook.endpoint(),
                String.join(",", webhook.events()),
                webhook.status(),
                webhook.secrets().current(),
                webhook.secrets().previous(),
                webhook.secrets().previousUntil(),
                webhook.id());
    }

    static boolean delete(Tx tx, TeamId team, UUID id, Instant now) {
        return tx.update(
                        """
                        UPDATE webhook SET status = 'DISABLED', deleted_at = ?
                        WHERE id = ? AND team_id = ? AND deleted_at IS NULL
                        """,
                        now,
                        id,
                        team.value())
                == 1;
    }

    /// Ends all calls to an endpoint that said it is gone for good.
    static Optional<TeamId> disable(Tx tx, UUID id) {
        tx.update("UPDATE webhook SET status = 'DISABLED' WHERE id = ?", id);
        return tx.first(
                "SELECT team_id FROM webhook WHERE id = ?",
                row -> new TeamId(row.uuid("team_id")),
                id);
    }

    static List<WebhookCalls.Subscription> subscriptions(Tx tx, TeamId team) {
        return tx.query(
                "SELECT id, events FROM webhook WHERE team_id = ? AND status = 'ENABLED' ORDER BY id",
                row ->
                        new WebhookCalls.Subscription(
                                row.uuid("id"), Set.of(row.string("events").split(","))),
                team.value());
    }

    /// All webhooks that are served. They are few: people make them, a bounded number each.
    static List<UUID> enabled(Tx tx) {
        return tx.query("SELECT id FROM webhook WHERE status = 'ENABLED'", row -> row.uuid("id"));
    }

    static List<UUID> all(Tx tx) {
        return tx.query("SELECT id FROM webhook", row -> row.uuid("id"));
    }

    static Optional<UUID> deleted(Tx tx) {
        return tx.first(
                "SELECT id FROM webhook WHERE deleted_at IS NOT NULL FETCH FIRST 1 ROWS ONLY",
                row -> row.uuid("id"));
    }

    /// Removes a deleted webhook's calls, `limit` at most, or, when none are left, the webhook.
    static void sweep(Tx tx, UUID id, int limit) {
        // Row by row: for `id IN (SELECT ...)` H2 reads the whole table.
        var calls = new ArrayList<@Nullable Object[]>();
        tx.query(
                        "SELECT id FROM webhook_call WHERE webhook_id = ? FETCH FIRST ? ROWS ONLY",
                        row -> row.uuid("id"),
                        id,
                        limit)
                .forEach(call -> calls.add(new Object[] {call}));
        if (calls.isEmpty()) {
            tx.update("DELETE FROM webhook WHERE id = ? AND deleted_at IS NOT NULL", id);
        } else {
            tx.batch("DELETE FROM webhook_attempt WHERE call_id = ?", calls);
            tx.batch("DELETE FROM webhook_call WHERE id = ?", calls);
        }
    }

    private static Webhook webhook(Tx.Row row) throws SQLException {
        return new Webhook(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.string("endpoint"),
                List.of(row.string("events").split(",")),
                Status.valueOf(row.string("status")),
                secrets(row),
                row.instant("created_at"));
    }

    static SealedSecrets secrets(Tx.Row row) throws SQLException {
        return new SealedSecrets(
                row.bytes("sealed_secret"),
                row.bytesOrNull("previous_sealed_secret"),
                row.instantOrNull("previous_until"));
    }
}
