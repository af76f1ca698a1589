package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.store.Tx;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `webhook`, and the insertion of calls.
final class WebhookStore {
    private WebhookStore() {}

    static List<WebhookCalls.Subscription> subscriptions(Tx tx, TeamId team) {
        return tx.query(
                "SELECT id, events FROM webhook WHERE team_id = ? AND status = 'ENABLED' ORDER BY id",
                row ->
                        new WebhookCalls.Subscription(
                                row.uuid("id"), Set.of(row.string("events").split(","))),
                team.value());
    }

    static Object[] callRow(UUID id, UUID webhook, WebhookCalls.Owed event) {
        return new Object[] {
            id, webhook, event.event(), event.type(), event.at(), CallStatus.PENDING, 0, event.at()
        };
    }

    static void insertCalls(Tx tx, List<@Nullable Object[]> rows) {
        tx.batch(
                """
                INSERT INTO webhook_call
                    (id, webhook_id, event_id, type, created_at, status, attempts, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                rows);
    }
}
