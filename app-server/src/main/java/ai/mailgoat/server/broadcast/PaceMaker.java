package ai.mailgoat.server.broadcast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Spreads the mails of one broadcast over the minute. What was not used in the last seconds is
/// lost, so that no burst follows a pause.
final class PaceMaker {
    private static final Duration MEMORY = Duration.ofSeconds(2);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final InstantSource clock;
    private Instant since;
    private double saved;

    PaceMaker(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /// How many mails may be accepted now.
    ///
    /// @param perMinute 0 for no limit
    int room(int perMinute) {
        if (perMinute == 0) {
            return Integer.MAX_VALUE;
        }
        var now = clock.instant();
        double passed = Math.max(0, Duration.between(since, now).toNanos());
        since = now;
        double most = Math.max(1, (double) perMinute * MEMORY.toNanos() / MINUTE);
        saved = Math.min(most, saved + passed * perMinute / MINUTE);
        return (int) saved;
    }

    void took(long mails) {
        saved = Math.max(0, saved - mails);
    }
}
