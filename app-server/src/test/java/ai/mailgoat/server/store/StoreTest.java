package ai.mailgoat.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreTest {
    @TempDir Path directory;
    private Store store;

    @BeforeEach
    void open() {
        store = openStore(directory);
        store.write(
                tx -> tx.update("CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(100))"));
    }

    static Store openStore(Path directory) {
        var database = Database.open(directory);
        database.migrate(directory);
        return Store.open(database, 2);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void insert(int id) {
        store.write(tx -> tx.update("INSERT INTO thing VALUES (?, ?)", id, "name " + id));
    }

    private List<Integer> ids() {
        return store.read(
                tx -> tx.query("SELECT id FROM thing ORDER BY id", row -> row.integer("id")));
    }

    /// Holds the writer so that what is submitted meanwhile becomes one group.
    private CountDownLatch holdWriter() throws InterruptedException {
        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var _ =
                store.writeAsync(tx -> {
                    inside.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return null;
                });
        inside.await();
        return release;
    }

    @Test
    void returnsWhatTheWorkReturnsAndShowsItToReaders() {
        int rows = store.write(tx -> tx.update("INSERT INTO thing VALUES (1, 'a')"));
        assertEquals(1, rows);
        assertEquals(List.of(1), ids());
    }

    @Test
    void runsAGroupInOrderAndInOneTransaction() throws InterruptedException {
        var release = holdWriter();
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 100; i++) {
            int id = i;
            all.add(
                    store.writeAsync(tx -> {
                        order.add(id);
                        // Sees what came before it in the group, though it is not committed.
                        assertEquals(
                                id,
                                tx.query("SELECT id FROM thing", row -> row.integer("id")).size());
                        return tx.update("INSERT INTO thing VALUES (?, 'x')", id);
                    }));
        }
        assertEquals(List.of(), ids());
        release.countDown();
        all.forEach(CompletableFuture::join);
        assertEquals(100, ids().size());
        assertEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void rollsBackOneFailingWorkAndKeepsTheOthers() throws InterruptedException {
        var announced = Collections.synchronizedList(new ArrayList<Integer>());
        var release = holdWriter();
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 20; i++) {
            int id = i;
            all.add(
                    store.writeAsync(tx -> {
                        tx.afterCommit(() -> announced.add(id));
                        tx.update("INSERT INTO thing VALUES (?, 'x')", id);
                        if (id % 4 == 1) {
                            throw new IllegalArgumentException("refused " + id);
                        }
                        if (id % 4 == 2) {
                            tx.update("INSERT INTO thing VALUES (?, 'again')", id);
                        }
                        if (id % 4 == 3) {
                            throw new StackOverflowError();
                        }
                        return null;
                    }));
        }
        release.countDown();
        for (int i = 0; i < 20; i++) {
            var future = all.get(i);
            if (i % 4 == 0) {
                assertNull(future.join());
            } else {
                var cause = assertThrows(CompletionException.class, future::join).getCause();
                switch (i % 4) {
                    case 1 -> assertEquals("refused " + i, cause.getMessage());
                    case 2 -> assertTrue(((StoreException) cause).isDuplicateKey());
                    default -> assertTrue(cause.getCause() instanceof StackOverflowError);
                }
            }
        }
        assertEquals(List.of(0, 4, 8, 12, 16), ids());
        assertEquals(List.of(0, 4, 8, 12, 16), announced);
        assertTrue(store.isHealthy());
    }

    @Test
    void throwsTheExceptionOfTheWorkItself() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                store.write(tx -> {
                                    throw new IllegalArgumentException("no");
                                }));
        assertEquals("no", refused.getMessage());
        var sql =
                assertThrows(
                        StoreException.class,
                        () -> store.write(tx -> tx.update("INSERT INTO nothing VALUES (1)")));
        assertFalse(sql.isDuplicateKey());
        assertFalse(sql.isUnavailable());
        assertThrows(StoreException.class, () -> store.read(tx -> tx.query("SELEKT 1", row -> 1)));
        insert(1);
        assertEquals(List.of(1), ids());
    }

    @Test
    void announcesAfterTheCommitAndBeforeTheReturn() {
        var seen = new ArrayList<Integer>();
        store.write(tx -> {
            tx.afterCommit(() -> seen.add(ids().size()));
            return tx.update("INSERT INTO thing VALUES (7, 'x')");
        });
        assertEquals(List.of(1), seen);
    }

    @Test
    void survivesAnAnnouncementThatThrows() {
        store.write(tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("promise broken");
            });
            return tx.update("INSERT INTO thing VALUES (1, 'x')");
        });
        insert(2);
        assertEquals(List.of(1, 2), ids());
        assertTrue(store.isHealthy());
    }

    @Test
    void letsAnAnnouncementWriteOnButNotWait() {
        var next = new CompletableFuture<Object>();
        store.write(tx -> {
            tx.afterCommit(() -> {
                store.writeAsync(inner -> inner.update("INSERT INTO thing VALUES (2, 'y')"))
                        .thenAccept(next::complete);
                assertThrows(IllegalStateException.class, () -> store.write(inner -> null));
            });
            return tx.update("INSERT INTO thing VALUES (1, 'x')");
        });
        next.join();
        assertEquals(List.of(1, 2), ids());
        assertThrows(
                IllegalStateException.class, () -> store.write(tx -> store.write(inner -> null)));
    }

    @Test
    void finishesWhatWasSubmittedWhenClosed() throws InterruptedException {
        var release = holdWriter();
        var all = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 2_000; i++) {
            int id = i;
            all.add(store.writeAsync(tx -> tx.update("INSERT INTO thing VALUES (?, 'x')", id)));
        }
        var closing = Thread.ofPlatform().start(store::close);
        release.countDown();
        closing.join();
        all.forEach(CompletableFuture::join);
        try (var again = openStore(directory)) {
            long rows =
                    again.read(tx ->
                            tx.first("SELECT COUNT(*) AS n FROM thing", row -> row.number("n"))
                                    .orElseThrow());
            assertEquals(2_000, rows);
        } finally {
            open2();
        }
    }

    // So that close() after the test has something to close.
    private void open2() {
        store = openStore(directory.resolve("other"));
    }

    @Test
    void refusesWorkAfterTheEndAndLosesNoCallerOnTheWay() throws Exception {
        var done = new AtomicInteger();
        var refused = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var started = new CountDownLatch(64);
            for (int i = 0; i < 64; i++) {
                int base = i * 100_000;
                threads.submit(() -> {
                    for (int n = 0; ; n++) {
                        try {
                            insert(base + n);
                            done.incrementAndGet();
                            started.countDown();
                        } catch (StoreException e) {
                            assertTrue(e.isUnavailable());
                            refused.incrementAndGet();
                            return null;
                        }
                    }
                });
            }
            started.await();
            store.close();
        }
        assertEquals(64, refused.get());
        assertTrue(
                assertThrows(StoreException.class, () -> store.read(tx -> null)).isUnavailable());
        assertTrue(
                assertThrows(StoreException.class, () -> store.write(tx -> null)).isUnavailable());
        try (var again = openStore(directory)) {
            long rows =
                    again.read(tx ->
                            tx.first("SELECT COUNT(*) AS n FROM thing", row -> row.number("n"))
                                    .orElseThrow());
            assertEquals(done.get(), rows);
        } finally {
            open2();
        }
    }

    @Test
    void bindsAndReadsEveryKindOfValue() {
        store.write(tx ->
                tx.update(
                        "CREATE TABLE kind (u UUID, i INTEGER, l BIGINT, b BOOLEAN, t TIMESTAMP(6) WITH TIME ZONE, x BYTEA, e VARCHAR(20), s VARCHAR(20))"));
        var id = UUID.randomUUID();
        var time = Instant.parse("2026-11-21T12:00:00.123456Z");
        store.write(tx ->
                tx.update(
                        "INSERT INTO kind VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        id,
                        1,
                        2L,
                        true,
                        time,
                        new byte[] {3},
                        Thread.State.NEW,
                        "s"));
        @Nullable Object[] nothing = {null, null, null, null, null, null, null, null};
        store.write(tx -> {
            tx.batch(
                    "INSERT INTO kind VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    List.<@Nullable Object[]>of(nothing, nothing));
            tx.batch("INSERT INTO kind VALUES (?, ?, ?, ?, ?, ?, ?, ?)", List.of());
            return null;
        });
        var read =
                store.read(tx ->
                        tx.query(
                                "SELECT * FROM kind ORDER BY u NULLS LAST",
                                row ->
                                        List.of(
                                                String.valueOf(row.uuidOrNull("u")),
                                                row.integer("i"),
                                                row.number("l"),
                                                row.bool("b"),
                                                String.valueOf(row.instantOrNull("t")),
                                                String.valueOf(row.stringOrNull("e")),
                                                row.bytesOrNull("x") == null)));
        assertEquals(
                List.of(id.toString(), 1, 2L, true, time.toString(), "NEW", false),
                read.getFirst());
        assertEquals(List.of("null", 0, 0L, false, "null", "null", true), read.getLast());
        assertEquals(3, read.size());
    }
}
