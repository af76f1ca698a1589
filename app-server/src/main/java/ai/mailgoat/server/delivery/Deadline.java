package ai.mailgoat.server.delivery;

import java.time.Duration;

/// A point on the monotonic clock, so that a stepped wall clock neither cuts nor stretches a wait.
record Deadline(long nanos) {

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    boolean hasPassed() {
        return System.nanoTime() - nanos >= 0;
    }

    /// At least one millisecond, since 0 means "for ever" to a socket.
    int millisLeft() {
        return Math.clamp((nanos - System.nanoTime()) / 1_000_000, 1, Integer.MAX_VALUE);
    }

    /// This deadline or `duration` from now, whichever comes first.
    Deadline within(Duration duration) {
        var sooner = in(duration);
        return sooner.nanos - nanos < 0 ? sooner : this;
    }
}
