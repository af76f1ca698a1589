package ai.mailgoat.server.event;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The log of what happened. An event and the webhook calls owed for it are written in the
/// transaction of what caused it, so a crash can lose none of the three.
public final class Events {

    /// A mail to 50 recipients with a retry or two each stays below.
    private static final int MAX_OF_SUBJECT = 1_000;

    private final Uuids ids;
    private final WebhookCalls calls;
    private volatile Consumer<Set<TeamId>> listener = teams -> {};

    public Events(Uuids ids, WebhookCalls calls) {
        this.ids = ids;
        this.calls = calls;
    }

    /// Who is told, after each commit, to which teams something happened.
    void listen(Consumer<Set<TeamId>> newListener) {
        listener = newListener;
    }

    /// Writes down one event, and what is owed for it.
    public void record(Tx tx, Event event) {
        recordAll(tx, List.of(event));
    }

    /// Writes down one event that webhooks do not hear of.
    public void note(Tx tx, Event event) {
        EventStore.insert(
                tx,
                List.<@Nullable Object[]>of(
                        EventStore.row(ids.next(), event, Json.bytes(event.data()))));
        tx.afterCommit(() -> listener.accept(Set.of(event.team())));
    }

    /// Writes down several events, of any teams, in their order.
    public void recordAll(Tx tx, List<Event> events) {
        var rows = new ArrayList<@Nullable Object[]>(events.size());
        Map<TeamId, List<WebhookCalls.Owed>> owed = LinkedHashMap.newLinkedHashMap(1);
        // The events of one mail often share one object: it is written as JSON once.
        var written = new IdentityHashMap<Object, byte[]>();
        for (var event : events) {
            byte[] data = written.computeIfAbsent(event.data(), Json::bytes);
            UUID id = ids.next();
            rows.add(EventStore.row(id, event, data));
            owed.computeIfAbsent(event.team(), team -> new ArrayList<>())
                    .add(new WebhookCalls.Owed(id, event.type(), event.at()));
        }
        EventStore.insert(tx, rows);
        tx.afterCommit(() -> listener.accept(owed.keySet()));
        owed.forEach((team, its) -> calls.owe(tx, team, its));
    }

    /// What happened to one e-mail, domain..., oldest first; the first 1,000 events.
    public List<StoredEvent> ofSubject(Tx tx, UUID subject) {
        return EventStore.ofSubject(tx, subject, MAX_OF_SUBJECT);
    }
}
