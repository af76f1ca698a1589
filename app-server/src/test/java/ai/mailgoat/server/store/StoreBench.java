package ai.mailgoat.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/// Inserts rows of 5 KB from 64 callers that each wait for the disk. Run by hand, with a directory
/// on the disk to measure.
final class StoreBench {
    private static final int CALLERS = 64;
    private static final long SECONDS = 10;

    private StoreBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench-");
        var ids = new AtomicLong();
        var done = new CountDownLatch(CALLERS);
        var times = new long[CALLERS][];
        try (var store = StoreTest.openStore(directory)) {
            store.write(tx -> tx.update("CREATE TABLE thing (id BIGINT PRIMARY KEY, body BYTEA)"));
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                Thread.ofVirtual()
                        .start(() -> {
                            times[number] = insert(store, ids, end);
                            done.countDown();
                        });
            }
            done.await();
        }
        long[] all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
        LoggerFactory.getLogger(StoreBench.class)
                .info(
                        "{} acknowledged rows/s, p50 {} us, p99 {} us",
                        all.length / SECONDS,
                        all[all.length / 2] / 1000,
                        all[(int) (all.length * 0.99)] / 1000);
    }

    private static long[] insert(Store store, AtomicLong ids, long end) {
        var times = new long[100_000];
        int n = 0;
        byte[] body = new byte[5_000];
        while (System.nanoTime() < end && n < times.length) {
            long start = System.nanoTime();
            store.write(tx ->
                    tx.update("INSERT INTO thing VALUES (?, ?)", ids.incrementAndGet(), body));
            times[n++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(times, n);
    }
}
