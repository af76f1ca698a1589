package ai.mailgoat.server.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// When to try again (RFC 5321, 4.5.4.1: at least 30 minutes in general, sooner at first). Jitter
/// of a tenth keeps the mails of one outage from coming back as one crowd.
final class Backoff {
    private final List<Duration> waits;
    private final RandomGenerator random;

    /// @param waits after the first, second... attempt; the last one repeats
    Backoff(List<Duration> waits, RandomGenerator random) {
        if (waits.isEmpty()) {
            throw new IllegalArgumentException("no waits");
        }
        this.waits = List.copyOf(waits);
        this.random = random;
    }

    /// @param attempts how many were made, the one at `now` included
    Instant next(Instant now, int attempts) {
        long millis = waits.get(Math.min(attempts, waits.size()) - 1).toMillis();
        return now.plusMillis(millis + (long) (millis * 0.1 * (random.nextDouble() * 2 - 1)));
    }
}
