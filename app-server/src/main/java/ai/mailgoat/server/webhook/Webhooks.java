package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.webhook.Webhook.Status;
import ai.mailgoat.server.webhook.WebhookCallStore.Payload;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredAttempt;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredCall;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// The endpoints of a team, and what was and will be sent to them.
public final class Webhooks {

    /// Each event costs a row for each of them.
    private static final int MAX_OF_TEAM = 100;

    private static final int MAX_URL = 2_000;

    /// How long receivers may take to learn a new secret.
    private static final Duration OVERLAP = Duration.ofHours(24);

    private final Store store;
    private final MasterKey key;
    private final GuardedHttp http;
    private final WebhookCalls calls;
    private final Uuids ids;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param random makes the signing secrets: a `SecureRandom`, but in tests
    public Webhooks(
            Store store,
            MasterKey key,
            GuardedHttp http,
            WebhookCalls calls,
            Uuids ids,
            InstantSource clock,
            RandomGenerator random) {
        this.store = store;
        this.key = key;
        this.http = http;
        this.calls = calls;
        this.ids = ids;
        this.clock = clock;
        this.random = random;
    }

    /// @throws ApiException 422 when the endpoint may not be reached, a type is unknown, or the
    ///   team has its fill of webhooks
    Webhook create(TeamId team, String endpoint, List<String> types) {
        var webhook =
                new Webhook(
                        ids.next(),
                        team,
                        endpoint(endpoint),
                        types(types),
                        Status.ENABLED,
                        new SealedSecrets(key.seal(SigningSecret.random(random).key()), null, null),
                        clock.instant());
        return store.write(tx -> {
            if (WebhookStore.count(tx, team) >= MAX_OF_TEAM) {
                throw ApiException.validation("You can have at most " + MAX_OF_TEAM + " webhooks.");
            }
            WebhookStore.insert(tx, webhook);
            calls.forget(tx, team);
            return webhook;
        });
    }

    List<Webhook> list(TeamId team, Page page) {
        return store.read(tx -> WebhookStore.list(tx, team, page));
    }

    Optional<Webhook> find(TeamId team, UUID id) {
        return store.read(tx -> WebhookStore.find(tx, team, id));
    }

    /// As receivers configure it: `whsec_…`.
    String signingSecret(Webhook webhook) {
        return new SigningSecret(key.open(webhook.secrets().current())).text();
    }

    /// Changes what is given and leaves the rest.
    boolean update(
            TeamId team,
            UUID id,
            Optional<String> endpoint,
            Optional<List<String>> types,
            Optional<Status> status) {
        var checkedEndpoint = endpoint.map(this::endpoint);
        var checkedTypes = types.map(Webhooks::types);
        var changed =
                change(
                        team,
                        id,
                        old ->
                                new Webhook(
                                        id,
                                        team,
                                        checkedEndpoint.orElse(old.endpoint()),
                                        checkedTypes.orElse(old.events()),
                                        status.orElse(old.status()),
                                        old.secrets(),
                                        old.createdAt()));
        return changed.isPresent();
    }

    /// A new signing secret. For a day calls are signed with the old one, too.
    Optional<Webhook> rotate(TeamId team, UUID id) {
        byte[] fresh = key.seal(SigningSecret.random(random).key());
        var until = clock.instant().plus(OVERLAP);
        return change(
                team,
                id,
                old ->
                        new Webhook(
                                id,
                                team,
                                old.endpoint(),
                                old.events(),
                                old.status(),
                                new SealedSecrets(fresh, old.secrets().current(), until),
                                old.createdAt()));
    }

    boolean delete(TeamId team, UUID id) {
        var now = clock.instant();
        return store.write(tx -> {
            boolean deleted = WebhookStore.delete(tx, team, id, now);
            calls.forget(tx, team);
            return deleted;
        });
    }

    /// @return empty when the team has no such webhook
    Optional<List<StoredCall>> calls(TeamId team, UUID webhook, Page page) {
        return store.read(tx ->
                WebhookStore.find(tx, team, webhook)
                        .map(found -> WebhookCallStore.list(tx, webhook, page)));
    }

    Optional<StoredCall> call(TeamId team, UUID webhook, UUID call) {
        return store.read(tx -> call(tx, team, webhook, call));
    }

    Optional<Payload> payload(StoredCall call) {
        return store.read(tx -> WebhookCallStore.payload(tx, call.id()));
    }

    Optional<List<StoredAttempt>> attempts(TeamId team, UUID webhook, UUID call, Page page) {
        return store.read(tx ->
                call(tx, team, webhook, call)
                        .map(found -> WebhookCallStore.attempts(tx, call, page)));
    }

    /// Makes a call due at once, whatever became of it, with all attempts before it.
    ///
    /// @throws ApiException 422 when the webhook is disabled
    boolean replay(TeamId team, UUID webhook, UUID call) {
        var now = clock.instant();
        return store.write(tx -> {
            if (call(tx, team, webhook, call).isEmpty()) {
                return false;
            }
            boolean enabled =
                    WebhookStore.find(tx, team, webhook)
                            .filter(found -> found.status() == Status.ENABLED)
                            .isPresent();
            if (!enabled) {
                throw disabled();
            }
            WebhookCallStore.replay(tx, call, now);
            calls.announce(tx, webhook);
            return true;
        });
    }

    static ApiException disabled() {
        return ApiException.validation(
                "The webhook is disabled. Enable it before you replay its events.");
    }

    private Optional<Webhook> change(TeamId team, UUID id, UnaryOperator<Webhook> change) {
        return store.write(tx -> {
            var changed = WebhookStore.find(tx, team, id).map(change);
            if (changed.isPresent()) {
                WebhookStore.update(tx, changed.get());
                calls.forget(tx, team);
                // It may have been enabled, with calls that waited for it.
                calls.announce(tx, id);
            }
            return changed;
        });
    }

    private static Optional<StoredCall> call(Tx tx, TeamId team, UUID webhook, UUID call) {
        return WebhookStore.find(tx, team, webhook)
                .flatMap(found -> WebhookCallStore.find(tx, webhook, call));
    }

    private String endpoint(String endpoint) {
        if (endpoint.length() > MAX_URL) {
            throw badEndpoint("The URL can have at most " + MAX_URL + " characters.");
        }
        try {
            http.refusal(new URI(endpoint))
                    .ifPresent(reason -> {
                        throw badEndpoint(reason);
                    });
        } catch (URISyntaxException e) {
            throw badEndpoint("It must be a URL such as https://example.com/webhooks.");
        }
        return endpoint;
    }

    private static ApiException badEndpoint(String reason) {
        return ApiException.validation("Invalid `endpoint` field. " + reason);
    }

    private static List<String> types(List<String> types) {
        if (types.isEmpty()) {
            throw ApiException.validation(
                    "Invalid `events` field. It must have at least one event type.");
        }
        for (String type : types) {
            if (!EventTypes.isKnown(type)) {
                throw ApiException.validation(
                        "Invalid `events` field. It must be one of: "
                                + String.join(", ", EventTypes.all())
                                + ".");
            }
        }
        return types.stream().distinct().toList();
    }
}
