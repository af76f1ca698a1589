package ai.mailgoat.server.http;

import ai.mailgoat.common.id.ApiKeyId;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts requests in windows of one second, for each key by itself. Only keys seen in the present
/// second are remembered, and only keys that exist are counted.
final class RateLimit {
    private final int perSecond;
    private final InstantSource time;
    private volatile Window window = new Window(Long.MIN_VALUE, new ConcurrentHashMap<>());

    RateLimit(int perSecond, InstantSource time) {
        this.perSecond = perSecond;
        this.time = time;
    }

    boolean isOff() {
        return perSecond <= 0;
    }

    int perSecond() {
        return perSecond;
    }

    /// Counts one request.
    ///
    /// @return how many more fit into this second; negative when this one did not
    int take(ApiKeyId key) {
        var counter = current().counts.computeIfAbsent(key, k -> new AtomicInteger());
        return perSecond - counter.incrementAndGet();
    }

    // Two threads may both start the new second; what one of them has counted by then is forgiven.
    private Window current() {
        long second = Math.floorDiv(time.millis(), 1000L);
        var now = window;
        if (now.second != second) {
            now = new Window(second, new ConcurrentHashMap<>());
            window = now;
        }
        return now;
    }

    private record Window(long second, ConcurrentHashMap<ApiKeyId, AtomicInteger> counts) {}
}
