package ai.mailgoat.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Keeps a service running until a signal, then drains it. The JVM answers SIGTERM with exit code
/// 143 once its hooks are done; a service that stopped as asked says 0, so the hook ends the
/// process itself.
final class Foreground {
    /// The contract is 30 s; what is not finished by then is on disk and goes on at the next start.
    private static final Duration DRAIN = Duration.ofSeconds(28);

    /// How long a stop waits for a start. After that it is cut off as by `kill -9`: nothing is
    /// lost, what was just leaving may leave twice.
    private static final Duration START = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final CountDownLatch forever = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "shutdown");
    private volatile CountDownLatch starting = new CountDownLatch(0);
    private Service.@Nullable Running running;
    private @Nullable Path dataDir;
    private Runnable afterwards = () -> {};

    Foreground(Terminal terminal) {
        this.terminal = terminal;
    }

    /// From now on a signal ends the process by way of `action`, which runs after the service has
    /// closed, if there is one by then.
    synchronized void watch(Runnable action) {
        this.afterwards = action;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Starts the service and tells other commands where it is. A signal that comes meanwhile waits
    /// for that, since mail may be on its way already; not for long, when the database is migrated
    /// first.
    Service.Running run(Supplier<Service.Running> start, Path dataDir) {
        var ended = new CountDownLatch(1);
        starting = ended;
        try {
            return run(start, dataDir, ended);
        } catch (RuntimeException | Error e) {
            forget(e);
            throw e;
        }
    }

    private Service.Running run(
            Supplier<Service.Running> start, Path dataDir, CountDownLatch ended) {
        try {
            var started = start.get();
            synchronized (this) {
                this.running = started;
                this.dataDir = dataDir;
            }
            new ServiceFile(
                            started.apiUrl().toString(),
                            started.adminUrl().toString(),
                            ProcessHandle.current().pid())
                    .write(dataDir);
            return started;
        } finally {
            ended.countDown();
        }
    }

    /// Blocks until the process ends by a signal.
    int await() throws InterruptedException {
        forever.await();
        return Exit.OK;
    }

    /// Ends without a signal.
    void finish() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // A signal was first, and its thread closes what there is to close.
            return;
        }
        close();
    }

    /// A start that failed, or an error afterwards: the exit code is that of the error.
    void forget(Throwable cause) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal was first: the hook decides.
            cause.addSuppressed(e);
        }
        close();
    }

    private void stop() {
        var drain = new Thread(this::drain, "drain");
        drain.setDaemon(true);
        drain.start();
        try {
            if (!drain.join(DRAIN)) {
                terminal.note(
                        "mailgoat: not all was finished in time; the rest goes on at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminal.out().flush();
        Runtime.getRuntime().halt(Exit.OK);
    }

    private void drain() {
        try {
            var _ = starting.await(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private void close() {
        Service.Running toClose;
        Path directory;
        Runnable last;
        synchronized (this) {
            toClose = running;
            directory = dataDir;
            last = afterwards;
            running = null;
        }
        try {
            if (toClose != null) {
                toClose.close();
            }
            if (directory != null) {
                ServiceFile.remove(directory);
            }
        } catch (RuntimeException | IOException e) {
            LoggerFactory.getLogger(Foreground.class).error("while stopping", e);
        }
        last.run();
    }
}
