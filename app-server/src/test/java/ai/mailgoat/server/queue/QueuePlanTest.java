package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.TestStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is asked while mail flows reads a page and not the queue: each by its index, in its order.
class QueuePlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private final QueueStore rows = new QueueStore();
    private TestStore test;

    @BeforeEach
    void fill(@TempDir Path directory) {
        test = TestStore.open(directory);
        var entries = IntStream.range(0, 3_000).mapToObj(QueuePlanTest::entry).toList();
        test.store()
                .write(tx -> {
                    rows.insert(tx, entries);
                    return tx.update("ANALYZE");
                });
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void pagesOfALaneComeFromItsIndexInOrder() {
        planned(QueueStore.DUE_AT, "QUEUE_LANE_DUE", true, 1, NOW, new UUID(0, 0));
        planned(QueueStore.DUE_BETWEEN, "QUEUE_LANE_DUE", true, 1, NOW.minusSeconds(9), NOW);
    }

    @Test
    void refillsComeFromTheIndexOfTheDomainInOrder() {
        planned(QueueStore.DUE_OF, "QUEUE_DOMAIN_LANE_DUE", true, "d1.test", 1, NOW);
    }

    @Test
    void countsAndTheOldestComeFromTheIndexOfTheLane() {
        planned(QueueStore.WAITING, "QUEUE_LANE_DUE", false, 1, NOW);
        planned(QueueStore.FIRST_DUE, "QUEUE_LANE_DUE", true, 1);
        planned(QueueStore.ORPHANS, "QUEUE_LANE_DUE", false, 0, NOW, 25);
    }

    @Test
    void theCountEndsAtItsBound() {
        int all = test.store().read(tx -> rows.waiting(tx, Lane.BROADCAST, NOW, 5_000));
        int some = test.store().read(tx -> rows.waiting(tx, Lane.BROADCAST, NOW, 100));
        int due =
                test.store()
                        .read(tx ->
                                rows.waiting(tx, Lane.BROADCAST, NOW.minusSeconds(2_000), 5_000));
        assertEquals(List.of(2_700, 100, 900), List.of(all, some, due));
    }

    private void planned(String sql, String index, boolean sorted, Object... parameters) {
        String bounded = sql.contains("FETCH") ? sql : sql + " FETCH FIRST 10 ROWS ONLY";
        String plan =
                test.store()
                        .read(tx ->
                                tx.query(
                                                "EXPLAIN " + bounded,
                                                row -> row.string("PLAN"),
                                                parameters)
                                        .getFirst());
        assertTrue(plan.contains("PUBLIC." + index + ":"), plan);
        assertEquals(sorted, plan.contains("index sorted"), plan);
    }

    private static Entry entry(int i) {
        return new Entry(
                new UUID(1, i),
                new EmailId(new UUID(2, i)),
                0,
                i % 10 == 0 ? Lane.TRANSACTIONAL : Lane.BROADCAST,
                "d" + i % 3 + ".test",
                "a@d.test",
                NOW.minusSeconds(i),
                NOW.plusSeconds(1_000),
                0);
    }
}
