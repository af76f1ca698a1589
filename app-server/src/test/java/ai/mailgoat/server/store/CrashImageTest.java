package ai.mailgoat.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With the settings that ship, the file as it is after each acknowledged group holds what was
/// acknowledged. Some versions of H2 fail this: the version is pinned by it. `-Dcrash.seconds=20`
/// for a thorough run.
class CrashImageTest {
    private static final int BATCH = 40;
    private static final int ALIVE = 400;
    private static final long SECONDS = Long.getLong("crash.seconds", 5);

    @TempDir Path directory;

    @Test
    void everyImageHoldsWhatWasAcknowledged() throws Exception {
        Path data = directory.resolve("data");
        int images = 0;
        long next = 0;
        Deque<Long> alive = new ArrayDeque<>();
        try (var store = StoreTest.openStore(data)) {
            store.write(tx -> tx.update("CREATE TABLE thing (id BIGINT PRIMARY KEY, body BYTEA)"));
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            while (System.nanoTime() < end) {
                // Several groups between images, as a busy server has them.
                for (int group = 0; group <= images % 3; group++) {
                    next = writeGroup(store, alive, next);
                }
                Path image =
                        Files.createDirectories(directory.resolve("image"))
                                .resolve("mailgoat.mv.db");
                Files.copy(data.resolve("mailgoat.mv.db"), image);
                assertEquals(new TreeSet<>(alive), ids(image.getParent()), "image " + images);
                Files.delete(image);
                images++;
            }
        }
        assertTrue(images >= 10, "only " + images + " images");
    }

    private static long writeGroup(Store store, Deque<Long> alive, long first) {
        long next = first;
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            long id = next++;
            alive.addLast(id);
            all.add(
                    store.writeAsync(tx ->
                            tx.update("INSERT INTO thing VALUES (?, ?)", id, new byte[5_000])));
        }
        while (alive.size() > ALIVE) {
            long id = alive.removeFirst();
            all.add(store.writeAsync(tx -> tx.update("DELETE FROM thing WHERE id = ?", id)));
        }
        all.forEach(CompletableFuture::join);
        return next;
    }

    private static TreeSet<Long> ids(Path image) {
        var database = Database.open(image);
        try (var store = Store.open(database, 1)) {
            List<Long> ids =
                    store.read(tx -> tx.query("SELECT id FROM thing", row -> row.number("id")));
            return new TreeSet<>(ids);
        }
    }
}
