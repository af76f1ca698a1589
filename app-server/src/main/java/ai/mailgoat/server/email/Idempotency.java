package ai.mailgoat.server.email;

import ai.mailgoat.server.email.IdempotencyStore.Told;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// `Idempotency-Key`: the same key, endpoint and body within 24 hours get the first answer again,
/// octet for octet, also after a crash, since the answer is written in the transaction that does
/// the work. Only successes are kept, so that a refused request can be mended and sent again under
/// its key.
final class Idempotency {
    private static final int MAX_KEY = 256;

    private final Store store;
    private final InstantSource clock;
    private final IdempotencyStore rows = new IdempotencyStore();
    private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

    Idempotency(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Does the work of a request once.
    ///
    /// @param prepare what may refuse and needs no transaction; its result runs inside the one that
    ///   is answered for
    Answer once(Call call, Supplier<Function<Tx, Answer>> prepare) {
        var key = call.header().apply("idempotency-key");
        if (key.isEmpty()) {
            var work = prepare.get();
            return store.write(work::apply);
        }
        if (key.get().isEmpty() || key.get().length() > MAX_KEY) {
            throw new ApiException(
                    400,
                    "invalid_idempotency_key",
                    "The idempotency key must be between 1 and 256 characters.");
        }
        String name = call.principal().team() + " " + call.path() + " " + key.get();
        if (!inProgress.add(name)) {
            throw new ApiException(
                    409,
                    "concurrent_idempotent_requests",
                    "Another request with the same idempotency key is in progress. Try again once it has ended.");
        }
        try {
            return keyed(call, key.get(), prepare);
        } finally {
            inProgress.remove(name);
        }
    }

    private Answer keyed(Call call, String key, Supplier<Function<Tx, Answer>> prepare) {
        byte[] hash = sha256(call.rawBody());
        var team = call.principal().team();
        var told = store.read(tx -> rows.find(tx, team, call.path(), key, clock.instant()));
        if (told.isPresent()) {
            return again(told, hash).orElseThrow();
        }
        var work = prepare.get();
        return store.write(tx -> {
            var answer = work.apply(tx);
            rows.insert(
                    tx,
                    team,
                    call.path(),
                    key,
                    new Told(hash, answer.status(), answer.body()),
                    clock.instant());
            return answer;
        });
    }

    /// Forgets what need not be told again.
    int sweep() {
        return store.write(tx -> rows.sweep(tx, clock.instant()));
    }

    private static Optional<Answer> again(Optional<Told> told, byte[] hash) {
        return told.map(t -> {
            if (!MessageDigest.isEqual(t.requestHash(), hash)) {
                throw new ApiException(
                        409,
                        "invalid_idempotent_request",
                        "The same idempotency key was used with a different request body.");
            }
            return new Answer(t.status(), t.response(), Map.of("idempotent-replayed", "true"));
        });
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
