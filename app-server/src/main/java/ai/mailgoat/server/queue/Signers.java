package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// The threads that compose and sign, as many as cores. A signature costs a millisecond of one:
/// here it leaves those who accept mail their share, and a transactional mail passes all broadcast
/// mail that waits.
final class Signers implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final AtomicLong asked = new AtomicLong();

    Signers(int count) {
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        0,
                        TimeUnit.SECONDS,
                        new PriorityBlockingQueue<>(),
                        Thread.ofPlatform().name("signer-", 0).daemon().factory());
    }

    /// Runs `work` when its turn has come, and throws what it throws. Waits without heed to
    /// interrupts: a signature that has begun is soon there.
    <T> T sign(Lane lane, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(
                            work,
                            step -> threads.execute(new Task(lane, asked.getAndIncrement(), step)))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Takes nothing new; what waits is still done.
    @Override
    public void close() {
        threads.shutdown();
    }

    private record Task(Lane lane, long number, Runnable step)
            implements Runnable, Comparable<Task> {
        private static final Comparator<Task> ORDER =
                Comparator.comparing(Task::lane).thenComparingLong(Task::number);

        @Override
        public void run() {
            step.run();
        }

        @Override
        public int compareTo(Task other) {
            return ORDER.compare(this, other);
        }
    }
}
