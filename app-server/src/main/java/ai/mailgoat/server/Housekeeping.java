package ai.mailgoat.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done now and then, one thing after the other: forgetting what need not be kept, counting
/// what has happened.
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration SELDOM = Duration.ofMinutes(10);
    private static final Duration OFTEN = Duration.ofMinutes(1);

    private final List<Runnable> seldom;
    private final List<Runnable> often;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("housekeeping").daemon().factory());

    /// @param seldom done every ten minutes
    /// @param often done every minute
    Housekeeping(List<Runnable> seldom, List<Runnable> often) {
        this.seldom = List.copyOf(seldom);
        this.often = List.copyOf(often);
    }

    void start() {
        schedule(seldom, SELDOM);
        schedule(often, OFTEN);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void schedule(List<Runnable> chores, Duration every) {
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> chores.forEach(Housekeeping::run),
                        every.toMillis(),
                        every.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    // One chore that fails must not keep the others, or its own next turn, from being done.
    private static void run(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            LOG.error("a chore failed; it is tried again at its next turn", e);
        }
    }
}
