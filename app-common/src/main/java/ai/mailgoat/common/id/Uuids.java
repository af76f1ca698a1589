package ai.mailgoat.common.id;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes UUIDs of version 7 (RFC 9562, 5.7): ordered by time, so that new rows land at the end of
/// an index. Ids made by one instance only ever increase, also within one millisecond and when the
/// clock steps back.
public final class Uuids {
    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMillis;
    private int counter;

    public Uuids(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// A new id, larger than every one before it.
    public synchronized UUID next() {
        long now = clock.millis();
        if (now > lastMillis) {
            lastMillis = now;
            counter = random.nextInt(0x400);
        } else if (++counter > 0xfff) {
            // 4,096 ids in one millisecond: borrow from the next (RFC 9562, 6.2, method 1).
            lastMillis++;
            counter = 0;
        }
        long high = lastMillis << 16 | 0x7000 | counter;
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /// Not larger than any id made in the millisecond of `time` or later, larger than all before.
    ///
    /// @param time from 1970 on; what is earlier counts as 1970
    public static UUID first(Instant time) {
        long millis = Math.max(0, time.toEpochMilli());
        return new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L);
    }

    /// In the order of their octets, as databases compare them; `UUID.compareTo` has another one.
    public static int compare(UUID a, UUID b) {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }

    /// The full 36-character form only: `UUID.fromString` also takes `1-1-1-1-1`.
    public static Optional<UUID> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
