package ai.mailgoat.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that writes. It takes whatever has queued up, runs it in one transaction in which
/// each piece of work stands or falls alone, commits, forces the file to disk once, and only then
/// completes the callers. There is no waiting window: while one group is being forced the next one
/// gathers, so groups grow with the load by themselves.
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /// Bounds the time a caller waits for others of its group.
    private static final int MAX_GROUP = 512;

    /// Callers beyond this wait for a place before they may queue.
    private static final int MAX_WAITING = 16_384;

    private final Database database;
    private final BlockingQueue<Job<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable StoreException broken;

    GroupCommit(Database database) {
        this.database = database;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().start(this::run);
    }

    <T extends @Nullable Object> CompletableFuture<T> submit(Store.Work<T> work) {
        var job = new Job<>(work);
        var failure = broken;
        if (failure != null || closing) {
            job.fail(failure != null ? failure : Store.closed());
            return job.future;
        }
        try {
            enqueue(job);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            job.fail(new StoreException("interrupted before the write", e));
        }
        // The writer may have ended between the first look and the queueing.
        if (ended) {
            job.fail(Store.closed());
        }
        return job.future;
    }

    /// Whether the caller runs on the writer's thread, which must not wait for itself.
    boolean isWriterThread() {
        return Thread.currentThread().equals(thread);
    }

    private void enqueue(Job<?> job) throws InterruptedException {
        if (!isWriterThread()) {
            waiting.put(job);
        } else if (!waiting.offer(job)) {
            job.fail(
                    new StoreException(
                            "too many writes wait already", new IllegalStateException()));
        }
    }

    boolean isHealthy() {
        return broken == null;
    }

    /// Lets what is queued finish, then stops the writer.
    @Override
    public void close() {
        closing = true;
        submitLast();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submitLast() {
        try {
            waiting.put(Job.LAST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var group = new ArrayList<Job<?>>(MAX_GROUP);
        boolean last = false;
        while (!last) {
            try {
                group.add(waiting.take());
                waiting.drainTo(group, MAX_GROUP - 1);
                last = group.remove(Job.LAST);
                commit(group);
            } catch (InterruptedException e) {
                LOG.debug("the writer ignores an interrupt: it ends through close()", e);
            } finally {
                group.clear();
            }
        }
        ended = true;
        for (var job = waiting.poll(); job != null; job = waiting.poll()) {
            job.fail(Store.closed());
        }
    }

    private void commit(List<Job<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        var failure = broken;
        if (failure != null) {
            group.forEach(job -> job.fail(failure));
            return;
        }
        var afterCommit = new ArrayList<Runnable>();
        try {
            Connection connection = database.writer();
            runAll(connection, group, afterCommit);
            connection.commit();
            database.force(connection);
        } catch (SQLException | RuntimeException | Error e) {
            fail(group, e);
            return;
        }
        // Wake-ups first: a caller that returns may ask at once for what they announce.
        afterCommit.forEach(GroupCommit::announce);
        group.forEach(Job::complete);
    }

    // One that throws breaks its promise; what it announces is on disk all the same.
    private static void announce(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an action after a commit failed", e);
        }
    }

    // Savepoints cost two statements a piece of work, and work hardly ever throws: so first without
    // them. If one throws, all is rolled back and run again, each behind its own savepoint.
    private static void runAll(
            Connection connection, List<Job<?>> group, List<Runnable> afterCommit)
            throws SQLException {
        var tx = new Tx(connection, afterCommit);
        try {
            for (var job : group) {
                job.run(tx);
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("one of a group of {} failed; running them apart", group.size(), e);
            connection.rollback();
            afterCommit.clear();
            for (var job : group) {
                runBehindSavepoint(connection, job, afterCommit);
            }
        }
    }

    private static void runBehindSavepoint(
            Connection connection, Job<?> job, List<Runnable> afterCommit) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        int announced = afterCommit.size();
        try {
            job.run(new Tx(connection, afterCommit));
            connection.releaseSavepoint(savepoint);
        } catch (RuntimeException | Error e) {
            connection.rollback(savepoint);
            afterCommit.subList(announced, afterCommit.size()).clear();
            job.failure =
                    e instanceof RuntimeException refusal
                            ? refusal
                            : new StoreException("the work of a write failed: " + e, e);
        }
    }

    // After a failed fsync the kernel may report the same pages as clean (the "fsyncgate" of 2018),
    // so trying again proves nothing: stop acknowledging and let a restart read what is really
    // there. A full disk ends here too: H2 closes its file on the first write that fails.
    private void fail(List<Job<?>> group, Throwable e) {
        var failure =
                StoreException.unavailable(
                        "the database could not be written to disk; restart once the disk is well: "
                                + e.getMessage(),
                        e);
        LOG.error("{}", failure.getMessage(), e);
        broken = failure;
        group.forEach(job -> job.fail(failure));
        try {
            Store.rollback(database.writer());
        } catch (StoreException rollback) {
            LOG.error("{}", rollback.getMessage());
        }
    }

    private static final class Job<T extends @Nullable Object> {
        static final Job<@Nullable Object> LAST = new Job<>(tx -> null);

        private final Store.Work<T> work;
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable RuntimeException failure;

        Job(Store.Work<T> work) {
            this.work = work;
        }

        void run(Tx tx) {
            result = work.in(tx);
        }

        void fail(RuntimeException e) {
            future.completeExceptionally(e);
        }

        @SuppressWarnings("NullAway") // null only where T is nullable: run() has set it otherwise
        void complete() {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(result);
            }
        }
    }
}
