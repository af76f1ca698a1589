package ai.mailgoat.server.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts connections whose deadline has passed. One thread for all of them: a read time-out per
/// socket would start anew with each octet that drips in, and there is none at all for a write that
/// blocks. A sweep over some thousand connections takes microseconds.
final class Watchdog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    static final Duration TICK = Duration.ofMillis(50);

    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> sweeping;

    /// @param everyTick also run at each sweep; must not block
    Watchdog(Runnable everyTick) {
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("delivery-watchdog").factory());
        sweeping =
                timer.scheduleWithFixedDelay(
                        () -> sweep(everyTick),
                        TICK.toNanos(),
                        TICK.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void sweep(Runnable everyTick) {
        try {
            links.forEach(Link::cutIfOverdue);
            everyTick.run();
        } catch (RuntimeException e) {
            // Thrown on, it would end all further sweeps, and with them every deadline.
            log.error("sweep over connections failed", e);
        }
    }

    void watch(Link link) {
        links.add(link);
    }

    void forget(Link link) {
        links.remove(link);
    }

    /// Cuts everything at once.
    @Override
    public void close() {
        sweeping.cancel(false);
        timer.shutdownNow();
        links.forEach(Link::cut);
    }
}
