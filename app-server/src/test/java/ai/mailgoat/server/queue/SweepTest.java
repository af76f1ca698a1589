package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private final QueueStore rows = new QueueStore();
    private final List<Entry> found = new ArrayList<>();
    private TestStore test;
    private int made;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = TestStore.open(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aLongSweepEndsWithItsPatienceAndGoesOnWhereItStopped() {
        // Most at one instant, which pages of it must not skip or repeat.
        insert(Lane.BROADCAST, 2_500, NOW.minusSeconds(9));
        insert(Lane.BROADCAST, 700, NOW);
        var sweep = new Sweep(test.store(), Lane.BROADCAST, Duration.ZERO);

        assertFalse(run(sweep, NOW));
        assertEquals(1_000, found.size());
        assertFalse(run(sweep, NOW.plusSeconds(1)));
        assertFalse(run(sweep, NOW.plusSeconds(2)));
        assertTrue(run(sweep, NOW.plusSeconds(3)));

        assertEquals(3_200, found.size());
        assertEquals(3_200, found.stream().map(Entry::id).distinct().count());
    }

    @Test
    void aSweepReadsItsLaneAlone() {
        insert(Lane.BROADCAST, 2_500, NOW.minusSeconds(9));
        insert(Lane.TRANSACTIONAL, 3, NOW);
        assertTrue(run(new Sweep(test.store(), Lane.TRANSACTIONAL, Duration.ZERO), NOW));
        assertEquals(3, found.size());
    }

    @Test
    void theNextSweepFindsWhatWasCommittedLate() {
        var sweep = new Sweep(test.store(), Lane.TRANSACTIONAL, Duration.ofSeconds(9));
        insert(Lane.TRANSACTIONAL, 1, NOW.minusSeconds(60));
        assertTrue(run(sweep, NOW));
        found.clear();

        insert(Lane.TRANSACTIONAL, 1, NOW.minusSeconds(2));
        insert(Lane.TRANSACTIONAL, 1, NOW.plusSeconds(1));
        insert(Lane.TRANSACTIONAL, 1, NOW.plusSeconds(60));
        assertTrue(run(sweep, NOW.plusSeconds(1)));

        assertEquals(
                List.of(NOW.minusSeconds(2), NOW.plusSeconds(1)),
                found.stream().map(Entry::due).toList());
    }

    @Test
    void aClockThatIsSetBackLeavesNoGap() {
        var sweep = new Sweep(test.store(), Lane.TRANSACTIONAL, Duration.ofSeconds(9));
        assertTrue(run(sweep, NOW));
        var back = NOW.minusSeconds(3_600);
        insert(Lane.TRANSACTIONAL, 1, back);
        assertTrue(run(sweep, back));
        assertEquals(1, found.size());
    }

    private boolean run(Sweep sweep, Instant now) {
        return sweep.run(now, () -> false, found::addAll);
    }

    private void insert(Lane lane, int count, Instant due) {
        var entries = IntStream.range(0, count).mapToObj(_ -> entry(lane, due)).toList();
        test.store()
                .write(tx -> {
                    rows.insert(tx, entries);
                    return true;
                });
    }

    private Entry entry(Lane lane, Instant due) {
        var id = new UUID(1, ++made);
        var expires = due.plus(Duration.ofDays(5));
        return new Entry(id, new EmailId(id), 0, lane, "a.test", "a@a.test", due, expires, 0);
    }
}
