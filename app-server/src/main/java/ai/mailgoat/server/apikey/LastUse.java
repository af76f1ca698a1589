package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.server.store.Store;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down when keys were used, many in one transaction, off the path of the request. The
/// caller notes a key at most once a minute, so this holds one entry per key at most.
final class LastUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastUse.class);
    private static final long FLUSH_EVERY_MILLIS = 1_000;

    private final Store store;
    private final ApiKeyStore keys;
    private final GrantStore grants;
    private final Map<ApiKeyId, Instant> pending = new ConcurrentHashMap<>();
    private final ScheduledExecutorService background =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("api-key-last-use").daemon().factory());

    LastUse(Store store, ApiKeyStore keys, GrantStore grants) {
        this.store = store;
        this.keys = keys;
        this.grants = grants;
        var _ =
                background.scheduleWithFixedDelay(
                        this::flushQuietly,
                        FLUSH_EVERY_MILLIS,
                        FLUSH_EVERY_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    void note(ApiKeyId key, Instant at) {
        pending.put(key, at);
    }

    void flush() {
        if (pending.isEmpty()) {
            return;
        }
        var uses = new HashMap<>(pending);
        uses.forEach(pending::remove);
        store.<@Nullable Void>write(tx -> {
            keys.used(tx, uses);
            grants.used(tx, uses);
            return null;
        });
    }

    /// Stops the background thread and writes what is left.
    @Override
    public void close() {
        background.shutdown();
        flushQuietly();
    }

    // An exception would end the schedule; a lost note costs nothing but an older time in a list.
    private void flushQuietly() {
        try {
            flush();
        } catch (RuntimeException e) {
            LOG.warn("the last use of API keys was not written: {}", e.getMessage());
        }
    }
}
