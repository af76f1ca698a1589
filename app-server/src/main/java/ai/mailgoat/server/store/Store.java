package ai.mailgoat.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database. All SQL runs on platform threads of this class, whoever asks: H2's file I/O would
/// pin the carrier of a virtual thread. Writes go to one writer, which commits what has queued up
/// as one group and forces it to disk once ({@link GroupCommit}); reads go to a few readers, each
/// with its own connection.
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final long PATIENCE_SECONDS = 10;

    /// What runs inside a transaction. May run on its own or among others of a group, and more than
    /// once: only the changes and the result of its last run count, so it changes nothing but the
    /// database. Must not block on anything but the database.
    public interface Work<T extends @Nullable Object> {
        T in(Tx tx);
    }

    private final Database database;
    private final GroupCommit writer;
    private final ExecutorService readers;
    private final ThreadLocal<Connection> readConnection;

    private Store(Database database, int readerThreads) {
        this.database = database;
        this.writer = new GroupCommit(database);
        this.readers =
                Executors.newFixedThreadPool(
                        readerThreads,
                        Thread.ofPlatform().name("store-reader-", 0).daemon().factory());
        this.readConnection = ThreadLocal.withInitial(database::openReader);
    }

    /// Opens the database, which must be migrated already.
    ///
    /// @param readerThreads how many reads run at a time
    public static Store open(Database database, int readerThreads) {
        return new Store(database, readerThreads);
    }

    /// Runs `work` in a transaction and returns when its changes are on disk (fsync), not before.
    /// If it throws, its own changes are rolled back and the exception is thrown here; others of
    /// the same group are not touched.
    ///
    /// @throws StoreException when the database or the disk fails; then nothing of `work` was
    ///   acknowledged
    /// @throws IllegalStateException from inside a write, which would wait for itself
    public <T extends @Nullable Object> T write(Work<T> work) {
        if (writer.isWriterThread()) {
            throw new IllegalStateException("a write inside a write: pass the Tx on instead");
        }
        return join(writer.submit(work));
    }

    /// As {@link #write}, without waiting.
    public <T extends @Nullable Object> CompletableFuture<T> writeAsync(Work<T> work) {
        return writer.submit(work);
    }

    /// Runs `work` on a reader thread. It sees what was committed when each of its statements
    /// began.
    public <T extends @Nullable Object> T read(Work<T> work) {
        try {
            return join(
                    CompletableFuture.supplyAsync(
                            () -> work.in(new Tx(readConnection.get(), new ArrayList<>())),
                            readers));
        } catch (RejectedExecutionException e) {
            throw StoreException.unavailable("the store is closed", e);
        }
    }

    /// Whether the last group reached the disk. Turns false for good when a force to disk has
    /// failed: what the kernel says after that cannot be believed.
    public boolean isHealthy() {
        return writer.isHealthy();
    }

    /// Finishes what was submitted, then closes the database. Reads that take longer than ten
    /// seconds fail.
    @Override
    public void close() {
        writer.close();
        readers.shutdown();
        try {
            if (!readers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("reads were still running when the database was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }

    static StoreException closed() {
        return StoreException.unavailable("the store is closed", new IllegalStateException());
    }

    private static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new StoreException("rollback failed: " + e.getMessage(), e);
        }
    }
}
