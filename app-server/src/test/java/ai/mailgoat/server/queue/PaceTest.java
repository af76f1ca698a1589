package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    @Test
    void zeroIsWithoutLimit() {
        var pace = new Pace(0, START);
        pace.spend(1_000_000);
        assertEquals(Integer.MAX_VALUE, pace.available(START));
    }

    @Test
    void aMinuteHoldsWhatItMayAndNoMore() {
        for (int perMinute : new int[] {1, 7, 60, 1_000, 100_000}) {
            // The last second of each may not have had its turn.
            double second = perMinute / 60.0 + 1;
            assertEquals(perMinute, spent(new Pace(perMinute, START), START, 1), second);
            assertEquals(perMinute * 10, spent(new Pace(perMinute, START), START, 10), second);
        }
    }

    @Test
    void aMinuteAfterARestHoldsAThirtiethMoreAtMost() {
        var pace = new Pace(6_000, START);
        int spent = spent(pace, START.plus(Duration.ofHours(1)), 1);
        assertTrue(spent >= 6_000 && spent <= 6_201, "spent: " + spent);
    }

    @Test
    void aClockThatIsSetBackStopsNothing() {
        var pace = new Pace(60, START);
        pace.spend(pace.available(START));
        var back = START.minus(Duration.ofHours(1));
        assertEquals(0, pace.available(back));
        assertEquals(1, pace.available(back.plusSeconds(1)));
    }

    /// All that is there is spent, about once a second.
    private static int spent(Pace pace, Instant start, int minutes) {
        int spent = 0;
        var end = start.plus(Duration.ofMinutes(minutes));
        for (var now = start; !now.isAfter(end); now = now.plusMillis(960)) {
            int available = pace.available(now);
            pace.spend(available);
            spent += available;
        }
        return spent;
    }
}
