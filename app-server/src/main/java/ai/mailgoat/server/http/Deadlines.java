package ai.mailgoat.server.http;

import ai.mailgoat.common.json.Json;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends requests whose peer is slow. Helidon's own timers restart with every octet, or do not run
/// while headers or a body come in; these are for the whole header section, the whole body, the
/// whole answer. A reading request that is overdue is answered 408 from here, since its thread
/// waits for the peer; then the thread is interrupted, which closes the connection.
final class Deadlines implements Http1ConnectionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final long TICK_MILLIS = 100;

    /// For the 408 to leave; the peer may not even read.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private static final long MAX_DROPPED = 8L << 20;

    private final Duration headers;
    private final ConcurrentHashMap<Thread, Deadline> running = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("http-deadlines").daemon().factory());

    Deadlines(Duration headers) {
        this.headers = headers;
        var _ =
                clock.scheduleWithFixedDelay(
                        this::sweep, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
        var deadline = new Deadline(Thread.currentThread(), ctx);
        deadline.reading(headers);
        running.put(deadline.thread, deadline);
    }

    /// The deadline of the request that the present thread serves.
    Deadline current() {
        var deadline = running.get(Thread.currentThread());
        if (deadline == null) {
            throw new Overdue();
        }
        return deadline;
    }

    @Override
    public void headers(ConnectionContext ctx, Headers headers) {
        var deadline = running.get(Thread.currentThread());
        if (deadline != null) {
            deadline.work();
        }
    }

    /// The request is over.
    void done() {
        running.remove(Thread.currentThread());
    }

    /// How many requests are on their way.
    int running() {
        return running.size();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void sweep() {
        long now = System.nanoTime();
        for (var deadline : running.values()) {
            if (now - deadline.at > 0) {
                expire(deadline);
            }
        }
    }

    private void expire(Deadline deadline) {
        var phase = deadline.phase.get();
        switch (phase) {
            case WORKING -> {
                // The peer owes nothing.
            }
            case READING -> {
                if (deadline.phase.compareAndSet(Phase.READING, Phase.OVERDUE)) {
                    deadline.at = System.nanoTime() + LAST_WORDS.toNanos();
                    Thread.ofVirtual().start(deadline::answer408);
                }
            }
            case WRITING, OVERDUE -> {
                running.remove(deadline.thread, deadline);
                deadline.thread.interrupt();
            }
        }
    }

    private enum Phase {
        READING,
        WORKING,
        WRITING,
        OVERDUE
    }

    /// Thrown on the request's thread when its answer was given here; Helidon then closes the
    /// connection and says nothing more.
    static final class Overdue extends CloseConnectionException {
        private static final long serialVersionUID = 1L;

        Overdue() {
            super("the peer was too slow");
        }
    }

    static final class Deadline {
        private final Thread thread;
        private final ConnectionContext connection;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.READING);
        private volatile long at;
        private volatile String requestId = "";

        private Deadline(Thread thread, ConnectionContext connection) {
            this.thread = thread;
            this.connection = connection;
        }

        void requestId(String id) {
            requestId = id;
        }

        /// The peer has `left` from now to send what is expected.
        void reading(Duration left) {
            readingUntil(System.nanoTime() + left.toNanos());
        }

        /// @param nanos as {@link System#nanoTime} counts
        void readingUntil(long nanos) {
            at = nanos;
            enter(Phase.READING);
        }

        /// Takes what the peer still sends and drops it, until it closes or `time` is over: a
        /// connection closed over unread octets is reset, and the answer with it (RFC 9112, 9.6).
        void linger(Duration time) {
            writing(time);
            var reader = connection.dataReader();
            long dropped = 0;
            try {
                while (dropped < MAX_DROPPED) {
                    reader.ensureAvailable();
                    int available = reader.available();
                    reader.skip(available);
                    dropped += available;
                }
            } catch (RuntimeException e) {
                LOG.debug("the peer has gone: {}", e.getMessage());
            }
        }

        /// What comes in on the connection.
        DataReader reader() {
            return connection.dataReader();
        }

        /// Nothing is expected of the peer.
        void work() {
            enter(Phase.WORKING);
        }

        /// The peer has `left` from now to take the answer.
        void writing(Duration left) {
            at = System.nanoTime() + left.toNanos();
            enter(Phase.WRITING);
        }

        private void enter(Phase next) {
            var before = phase.get();
            if (before == Phase.OVERDUE || !phase.compareAndSet(before, next)) {
                throw new Overdue();
            }
        }

        // RFC 9110, 15.5.9: the server closes the connection of a request it did not receive in
        // full.
        private void answer408() {
            byte[] body = Json.bytes(timeout().body());
            String head =
                    "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: "
                            + ApiHandler.JSON
                            + "\r\n"
                            + (requestId.isEmpty() ? "" : "x-request-id: " + requestId + "\r\n")
                            + "content-length: "
                            + body.length
                            + "\r\n\r\n";
            try {
                connection
                        .dataWriter()
                        .writeNow(
                                BufferData.create(
                                        BufferData.create(head.getBytes(StandardCharsets.US_ASCII)),
                                        BufferData.create(body)));
            } catch (RuntimeException e) {
                LOG.debug("a slow peer was gone before its 408: {}", e.getMessage());
            } finally {
                thread.interrupt();
            }
        }
    }

    static ApiException timeout() {
        return new ApiException(
                408, "validation_error", "The request took too long to arrive. Try again.");
    }
}
