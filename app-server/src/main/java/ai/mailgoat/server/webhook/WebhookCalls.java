package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.store.Tx;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is owed to webhooks. Who asks for which events is kept in memory for each team: this runs
/// for every event of every mail, and most teams have no webhook at all.
public final class WebhookCalls {

    /// One event that just happened.
    public record Owed(UUID event, String type, Instant at) {}

    /// An enabled endpoint and the types it asked for.
    record Subscription(UUID webhook, Set<String> types) {}

    private final Uuids ids;
    private final Cache<TeamId, List<Subscription>> subscriptions =
            Caffeine.newBuilder().maximumSize(10_000).build();
    private final AtomicLong changes = new AtomicLong();
    private volatile Consumer<Set<UUID>> listener = webhooks -> {};

    public WebhookCalls(Uuids ids) {
        this.ids = ids;
    }

    /// Writes down one call for each enabled endpoint of the team and each event it asked for, in
    /// the caller's transaction, which must be a write: then an event and its calls are on disk
    /// together or not at all.
    public void owe(Tx tx, TeamId team, List<Owed> events) {
        var subscribed = subscriptions(tx, team);
        if (subscribed.isEmpty()) {
            return;
        }
        var rows = new ArrayList<@Nullable Object[]>();
        var webhooks = new HashSet<UUID>();
        for (var event : events) {
            for (var subscription : subscribed) {
                if (subscription.types().contains(event.type())) {
                    rows.add(WebhookCallStore.row(ids.next(), subscription.webhook(), event));
                    webhooks.add(subscription.webhook());
                }
            }
        }
        if (!rows.isEmpty()) {
            WebhookCallStore.insert(tx, rows);
            tx.afterCommit(() -> listener.accept(webhooks));
        }
    }

    /// Who is told, after the commit, which webhooks have something new to send.
    void listen(Consumer<Set<UUID>> newListener) {
        listener = newListener;
    }

    /// Tells the listener, after the commit, that a webhook has something to send.
    void announce(Tx tx, UUID webhook) {
        tx.afterCommit(() -> listener.accept(Set.of(webhook)));
    }

    /// To be called in each transaction that changes a webhook of the team.
    void forget(Tx tx, TeamId team) {
        dropNow(team);
        tx.afterCommit(() -> dropNow(team));
    }

    private void dropNow(TeamId team) {
        changes.incrementAndGet();
        subscriptions.invalidate(team);
    }

    // What is read here may never be committed: it is kept only after the commit, and only if no
    // webhook was changed since it was read.
    private List<Subscription> subscriptions(Tx tx, TeamId team) {
        var known = subscriptions.getIfPresent(team);
        if (known != null) {
            return known;
        }
        long asOf = changes.get();
        var read = WebhookStore.subscriptions(tx, team);
        tx.afterCommit(() -> {
            if (changes.get() == asOf) {
                subscriptions.put(team, read);
            }
        });
        return read;
    }
}
