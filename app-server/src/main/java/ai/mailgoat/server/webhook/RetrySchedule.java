package ai.mailgoat.server.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// When a call that failed is tried again.
final class RetrySchedule {
    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(10));

    /// Spreads what failed together: an endpoint that recovers is not hit by all of it at once.
    private static final double JITTER = 0.1;

    static final int MAX_ATTEMPTS = WAITS.size() + 1;

    private final RandomGenerator random;

    RetrySchedule(RandomGenerator random) {
        this.random = random;
    }

    /// @param attempts how many were made, from 1
    /// @return the wait before the next; after the last attempt that of the one before
    Duration waitAfter(int attempts) {
        var wait = WAITS.get(Math.min(attempts, WAITS.size()) - 1);
        return wait.plusMillis((long) (wait.toMillis() * JITTER * random.nextDouble()));
    }
}
