package ai.mailgoat.server.queue;

import java.time.Duration;
import java.time.Instant;

/// How many mails a minute may go: a token bucket. It holds what comes in two seconds and one more,
/// which bridges the time from tick to tick, so a minute after a rest sees a thirtieth too many at
/// most, and any later one none. Guarded by the dispatcher's lock.
final class Pace {
    private static final double NANOS = Duration.ofMinutes(1).toNanos();
    private static final double HELD = 2.0 / 60;

    private final int perMinute;
    private double tokens = 1;
    private Instant counted;

    /// @param perMinute 0 is without limit
    Pace(int perMinute, Instant now) {
        this.perMinute = perMinute;
        this.counted = now;
    }

    /// How many may go at this moment.
    int available(Instant now) {
        if (perMinute == 0) {
            return Integer.MAX_VALUE;
        }
        // A clock that was set back gives nothing and takes nothing.
        if (now.isAfter(counted)) {
            add(Duration.between(counted, now).toNanos() / NANOS * perMinute);
        }
        counted = now;
        return (int) tokens;
    }

    void spend(int mails) {
        tokens -= perMinute == 0 ? 0 : mails;
    }

    /// Takes back what was spent on mails that were not tried.
    void refund(int mails) {
        add(perMinute == 0 ? 0 : mails);
    }

    private void add(double more) {
        tokens = Math.min(tokens + more, 1 + perMinute * HELD);
    }
}
