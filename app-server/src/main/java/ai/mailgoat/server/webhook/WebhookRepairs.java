package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.webhook.Webhook.Status;
import ai.mailgoat.server.webhook.WebhookCallStore.DueCall;
import ai.mailgoat.server.webhook.WebhookCallStore.Settled;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredAttempt;
import ai.mailgoat.server.webhook.WebhookRepairStore.Range;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// For whoever builds an endpoint or mends one: a call for trial, and calls made again.
public final class WebhookRepairs {
    /// The client waits for it.
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int PIECE = 500;

    private final Store store;
    private final WebhookCalls calls;
    private final Caller caller;
    private final Uuids ids;
    private final InstantSource clock;

    public WebhookRepairs(
            Store store,
            MasterKey key,
            GuardedHttp http,
            WebhookCalls calls,
            Uuids ids,
            InstantSource clock) {
        this.store = store;
        this.calls = calls;
        this.caller = new Caller(store, key, http, clock, DEADLINE);
        this.ids = ids;
        this.clock = clock;
    }

    /// What a call for trial came to.
    record Trial(UUID call, String type, Attempt attempt) {}

    /// Sends a sample event now, as a real one is sent, to a webhook that may be disabled. It is
    /// kept among the calls and marked as a test; it is not repeated.
    ///
    /// @param asked the first type the webhook asks for when empty
    /// @return empty when the team has no such webhook
    /// @throws ApiException 422 when there is no such type
    Optional<Trial> test(TeamId team, UUID id, Optional<String> asked) {
        asked.ifPresent(type -> requireKnown("type", type));
        var webhook = store.read(tx -> WebhookStore.find(tx, team, id));
        if (webhook.isEmpty()) {
            return Optional.empty();
        }
        String type = asked.orElseGet(() -> webhook.get().events().getFirst());
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        byte[] data = Json.bytes(SampleEvents.data(type, ids.next(), now));
        var call = new DueCall(ids.next(), id, 1);
        var event = new WebhookCalls.Owed(ids.next(), type, now);
        store.<@Nullable Void>write(tx -> {
            // Should the process end meanwhile, it is due like any other.
            WebhookRepairStore.insertTest(tx, team, call, event, data, now.plus(DEADLINE));
            return null;
        });
        var attempt = caller.attempt(call);
        var status = attempt.isAcknowledged() ? CallStatus.SUCCESS : CallStatus.FAILED;
        var row =
                new StoredAttempt(
                        ids.next(), attempt.at(), attempt.statusCode(), attempt.response());
        store.<@Nullable Void>write(tx -> {
            WebhookCallStore.settle(
                    tx, java.util.List.of(new Settled(call.id(), status, null, row)));
            return null;
        });
        return Optional.of(new Trial(call.id(), type, attempt));
    }

    /// Starts the schedule of many calls anew. Works in pieces, each a transaction: what is
    /// replayed begins to leave at once.
    ///
    /// @return how many; empty when the team has no such webhook
    /// @throws ApiException 422 when the webhook is disabled
    Optional<Integer> replay(TeamId team, UUID id, Range range) {
        range.types().forEach(type -> requireKnown("types", type));
        var webhook = store.read(tx -> WebhookStore.find(tx, team, id));
        if (webhook.isEmpty()) {
            return Optional.empty();
        }
        if (webhook.get().status() != Status.ENABLED) {
            throw Webhooks.disabled();
        }
        int count = 0;
        var cursor = range.firstId();
        while (true) {
            var after = cursor;
            var piece = store.read(tx -> WebhookRepairStore.within(tx, id, range, after, PIECE));
            if (piece.isEmpty()) {
                return Optional.of(count);
            }
            var now = clock.instant();
            count +=
                    store.write(tx -> {
                        calls.announce(tx, id);
                        return WebhookCallStore.replay(tx, piece, now);
                    });
            cursor = piece.getLast();
        }
    }

    private static void requireKnown(String field, String type) {
        if (!EventTypes.isKnown(type)) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. It must be one of: "
                            + String.join(", ", EventTypes.all())
                            + ".");
        }
    }
}
