package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Authenticator;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The API keys. It recognises access tokens of {@link Grants}, too. Recognising one is on the path
/// of every request: known keys are cached under their public prefix, unknown ones never are, and a
/// revoked key is gone from the cache before the revocation is answered.
public final class ApiKeys implements Authenticator, AutoCloseable {
    private static final int MAX_CACHED = 20_000;

    /// Other processes on the same database (`mailgoat setup`) may revoke too.
    private static final Duration CACHED_FOR = Duration.ofSeconds(30);

    private static final long NOTE_EVERY_MILLIS = 60_000;

    private final Store store;
    private final ApiKeyStore keys = new ApiKeyStore();
    private final GrantStore grants = new GrantStore();
    private final InstantSource clock;
    private final Uuids ids;
    private final SecureRandom random;
    private final LastUse lastUse;
    private final Cache<String, Known> known =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).expireAfterWrite(CACHED_FOR).build();

    /// Counts revocations: an entry read before one must not outlive it.
    private final AtomicLong revocations = new AtomicLong();

    public ApiKeys(Store store, InstantSource clock, Uuids ids, SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.lastUse = new LastUse(store, keys, grants);
    }

    @Override
    public Optional<Principal> authenticate(String text) {
        var token = Token.parse(text);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        var key = known(token.get());
        if (key == null || !MessageDigest.isEqual(key.secret.hash(), token.get().hash())) {
            return Optional.empty();
        }
        noteUse(key);
        return Optional.of(key.secret.principal());
    }

    /// Makes a key inside the caller's transaction.
    ///
    /// @param domain the only domain it may send from; `null` for any of the team's
    /// @throws ApiException 404 when the team has no such domain
    public NewApiKey create(
            Tx tx, TeamId team, String name, Permission permission, @Nullable DomainId domain) {
        if (domain != null && !keys.teamHasDomain(tx, team, domain)) {
            throw ApiException.notFound("Domain");
        }
        var token = Token.random(random, Token.KEY);
        var key =
                new ApiKey(
                        new ApiKeyId(ids.next()), name, permission, domain, clock.instant(), null);
        keys.insert(tx, key, team, token);
        return new NewApiKey(key.id(), token.text());
    }

    NewApiKey create(TeamId team, String name, Permission permission, @Nullable DomainId domain) {
        return store.write(tx -> create(tx, team, name, permission, domain));
    }

    /// The team's keys, newest first: up to one more than the page holds.
    public List<ApiKey> list(TeamId team, Page page) {
        return store.read(tx -> keys.list(tx, team, page));
    }

    /// Whether a caller's key was not revoked since it was recognised.
    public boolean isValid(Principal caller) {
        return holder(caller).isPresent();
    }

    /// What a caller goes by, unless the key was revoked meanwhile.
    Optional<ApiKeyStore.Holder> holder(Principal caller) {
        return store.read(tx ->
                caller.kind() == Principal.Kind.GRANT
                        ? grants.holder(tx, caller.team(), caller.key())
                        : keys.holder(tx, caller.team(), caller.key()));
    }

    /// @return whether the team has this key
    public boolean rename(TeamId team, ApiKeyId id, String name) {
        return store.write(tx -> keys.rename(tx, team, id, name) > 0);
    }

    /// Deletes a key. When this returns, no request gets in with it any more.
    ///
    /// @return whether the team had this key
    public boolean revoke(TeamId team, ApiKeyId id) {
        return store.write(tx -> {
            var prefix = keys.prefix(tx, team, id);
            prefix.ifPresent(p -> revoke(tx, List.of(p)));
            return prefix.isPresent();
        });
    }

    /// Deletes the keys that may send from `domain` only, inside the caller's transaction: for when
    /// the domain goes.
    public void revokeBoundTo(Tx tx, DomainId domain) {
        revoke(tx, keys.prefixesBoundTo(tx, domain));
    }

    /// Writes what is not yet written of the times of last use. The store must still be open.
    @Override
    public void close() {
        lastUse.close();
    }

    /// Writes the times of last use now.
    void flush() {
        lastUse.flush();
    }

    private void revoke(Tx tx, List<String> prefixes) {
        prefixes.forEach(prefix -> keys.deleteByPrefix(tx, prefix));
        forget(tx, prefixes);
    }

    /// Recognises tokens no more once `tx`, which revokes them, is durable.
    void forget(Tx tx, List<String> prefixes) {
        tx.afterCommit(() -> {
            revocations.incrementAndGet();
            known.invalidateAll(prefixes);
        });
    }

    private @Nullable Known known(Token token) {
        String prefix = token.prefix();
        var cached = known.getIfPresent(prefix);
        if (cached != null) {
            return cached;
        }
        long before = revocations.get();
        var secret =
                store.read(tx ->
                        token.isGrant() ? grants.byPrefix(tx, prefix) : keys.byPrefix(tx, prefix));
        if (secret.isEmpty()) {
            return null;
        }
        var key = new Known(secret.get());
        // A revocation counts first and removes then: either it finds the entry, or none is made.
        known.asMap().compute(prefix, (p, _) -> revocations.get() == before ? key : null);
        return key;
    }

    private void noteUse(Known key) {
        long now = clock.millis();
        long noted = key.noted.get();
        if (now - noted >= NOTE_EVERY_MILLIS && key.noted.compareAndSet(noted, now)) {
            lastUse.note(key.secret.principal().key(), clock.instant());
        }
    }

    private static final class Known {
        private final ApiKeyStore.Secret secret;
        private final AtomicLong noted = new AtomicLong();

        Known(ApiKeyStore.Secret secret) {
            this.secret = secret;
        }
    }
}
