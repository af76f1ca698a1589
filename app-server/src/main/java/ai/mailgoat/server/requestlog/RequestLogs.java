package ai.mailgoat.server.requestlog;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.RequestLog;
import ai.mailgoat.server.requestlog.RequestLogStore.Filter;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what was asked and answered. A request only leaves itself in a bounded queue; one thread
/// cuts the bodies and writes many rows in one transaction. This is for looking things up, not a
/// ledger: when the queue is full a request is left out and counted, when the bodies in it grow too
/// large it is kept without them, and what was queued when the power failed is gone. Requests
/// without a known key are nobody's and are not kept.
public final class RequestLogs implements RequestLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLogs.class);

    private static final int MAX_QUEUED = 8_192;

    /// Octets of bodies in the queue, whose requests are long answered.
    private static final long MAX_HELD = 16L << 20;

    private static final int MAX_BATCH = 500;

    /// What is gathered meanwhile shares one transaction, and one force to disk.
    private static final Duration GATHERING = Duration.ofMillis(200);

    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private static final int MAX_ENDPOINT = 1_000;

    /// Nobody's request, which wakes the writer.
    private static final Entry WAKE =
            new Entry(
                    Instant.EPOCH,
                    "",
                    "",
                    "",
                    0,
                    "",
                    new byte[0],
                    new byte[0],
                    null,
                    null,
                    Duration.ZERO,
                    "");

    private final Store store;
    private final RequestLogStore rows = new RequestLogStore();
    private final InstantSource clock;
    private final Duration retention;
    private final boolean bodies;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;
    private long warnedAt = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

    /// @param retention how long a request is kept
    /// @param bodies whether bodies are kept
    public RequestLogs(Store store, InstantSource clock, Duration retention, boolean bodies) {
        this.store = store;
        this.clock = clock;
        this.retention = retention;
        this.bodies = bodies;
        this.writer = Thread.ofPlatform().name("request-log").daemon().unstarted(this::run);
    }

    public RequestLogs start() {
        writer.start();
        return this;
    }

    @Override
    public void record(Entry entry) {
        if (entry.team() == null || closing) {
            return;
        }
        long size = size(entry);
        boolean room = bodies && held.addAndGet(size) <= MAX_HELD;
        if (!room) {
            if (bodies) {
                held.addAndGet(-size);
            }
            entry = withoutBodies(entry);
        }
        if (!queue.offer(entry)) {
            held.addAndGet(-size(entry));
            dropped.incrementAndGet();
        }
    }

    /// How many requests were left out since the start.
    public long dropped() {
        return dropped.get();
    }

    Optional<LoggedRequest> find(TeamId team, UUID id) {
        return store.read(tx -> rows.find(tx, team, id));
    }

    List<LoggedRequest> list(TeamId team, Filter filter, Page page) {
        return store.read(tx -> rows.list(tx, team, filter, page));
    }

    /// Forgets what has been kept for long enough; called now and then.
    public void sweep() {
        var before = clock.instant().minus(retention);
        int swept = 1;
        while (swept > 0) {
            swept = store.write(tx -> rows.sweep(tx, before));
        }
    }

    /// Writes what is queued and stops. The store must still be open.
    @Override
    public void close() {
        closing = true;
        var _ = queue.offer(WAKE);
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var batch = new ArrayList<Entry>(MAX_BATCH);
        while (!closing || !queue.isEmpty()) {
            gather(batch);
            write(batch);
            batch.clear();
        }
    }

    private void gather(List<Entry> batch) {
        try {
            long end = Long.MAX_VALUE;
            while (batch.size() < MAX_BATCH && !closing) {
                long left = batch.isEmpty() ? Long.MAX_VALUE : end - System.nanoTime();
                var entry = queue.poll(left, TimeUnit.NANOSECONDS);
                if (entry == null) {
                    return;
                }
                if (batch.isEmpty()) {
                    end = System.nanoTime() + GATHERING.toNanos();
                }
                batch.add(entry);
                queue.drainTo(batch, MAX_BATCH - batch.size());
            }
        } catch (InterruptedException e) {
            LOG.debug("the request log ends through close()", e);
        }
        queue.drainTo(batch, MAX_BATCH - batch.size());
    }

    private void write(List<Entry> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            var requests = batch.stream().map(RequestLogs::kept).flatMap(Optional::stream).toList();
            store.<@Nullable Void>write(tx -> {
                rows.insert(tx, requests);
                return null;
            });
        } catch (RuntimeException | StackOverflowError e) {
            dropped.addAndGet(batch.size());
            LOG.debug("a batch of requests was not logged", e);
        } finally {
            batch.forEach(entry -> held.addAndGet(-size(entry)));
        }
        warn();
    }

    private void warn() {
        long now = System.nanoTime();
        if (dropped.get() > 0 && now - warnedAt > BETWEEN_WARNINGS.toNanos()) {
            warnedAt = now;
            LOG.warn("{} requests since the start are missing in the request log", dropped.get());
        }
    }

    private static Optional<LoggedRequest> kept(Entry entry) {
        var team = entry.team();
        var id = Uuids.parse(entry.requestId());
        if (team == null || id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new LoggedRequest(
                        id.get(),
                        team,
                        entry.method(),
                        printable(entry.path()),
                        entry.status(),
                        entry.userAgent().isEmpty() ? null : entry.userAgent(),
                        entry.key(),
                        entry.took().toNanos() / 1_000,
                        LoggedBody.of(entry.requestBody()),
                        LoggedBody.of(entry.responseBody()),
                        entry.at().truncatedTo(ChronoUnit.MICROS)));
    }

    private static String printable(String path) {
        String start = path.substring(0, Math.min(path.length(), MAX_ENDPOINT));
        var text = new StringBuilder(start);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) || Character.isSurrogate(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }

    private static long size(Entry entry) {
        return (long) entry.requestBody().length + entry.responseBody().length;
    }

    private static Entry withoutBodies(Entry entry) {
        return new Entry(
                entry.at(),
                entry.method(),
                entry.route(),
                entry.path(),
                entry.status(),
                entry.userAgent(),
                new byte[0],
                new byte[0],
                entry.key(),
                entry.team(),
                entry.took(),
                entry.requestId());
    }
}
