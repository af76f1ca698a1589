package ai.mailgoat.server.metric;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.metric.MetricStore.Counted;
import ai.mailgoat.server.metric.MetricStore.EventRow;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Counts events, each once. One writer gives events their ids and commits them in that order, so
/// the id of the last counted one says what is still to be counted. The counts of a piece and that
/// id are one transaction.
///
/// Counted is by quarters of an hour: every time zone in use is a whole number of them away from
/// UTC, so days and hours of any zone can be put together.
final class EventCounter {
    static final Duration QUARTER = Duration.ofMinutes(15);

    private static final UUID NONE = new UUID(0, 0);

    /// Events in one piece: read in some tens of milliseconds, written in a few.
    private static final int PIECE = 5_000;

    private final Store store;
    private final MetricStore rows;
    private final ReentrantLock counting = new ReentrantLock();

    EventCounter(Store store, MetricStore rows) {
        this.store = store;
        this.rows = rows;
    }

    /// Counts what has happened since.
    ///
    /// @param patience how long the caller waits at most; what is left is counted next time
    void catchUp(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!counting.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            boolean more = true;
            while (more && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                more = countPiece();
            }
        } finally {
            counting.unlock();
        }
    }

    static Instant quarter(Instant time) {
        return Instant.ofEpochSecond(
                Math.floorDiv(time.getEpochSecond(), QUARTER.toSeconds()) * QUARTER.toSeconds());
    }

    /// What an event of a mail adds; empty for other events, and for kinds that are not counted.
    static Optional<EmailEvent> read(EventRow event) {
        byte[] data = event.data();
        return data == null
                ? Optional.empty()
                : Metric.ofEvent(event.type())
                        .map(metric -> EmailEvent.of(metric, Json.tree(data)));
    }

    private boolean countPiece() {
        var from = store.read(rows::progress);
        var events = store.read(tx -> rows.events(tx, from.orElse(NONE), PIECE));
        if (events.isEmpty()) {
            return false;
        }
        var amounts = new HashMap<Counted, Long>();
        events.forEach(event -> read(event).ifPresent(e -> add(amounts, event, e)));
        var last = events.getLast().id();
        store.write(tx -> {
            if (rows.advance(tx, from, last)) {
                rows.add(tx, amounts);
            }
            return null;
        });
        return events.size() == PIECE;
    }

    private void add(Map<Counted, Long> amounts, EventRow event, EmailEvent counted) {
        var before = counted.isCountedOnce() ? concerned(event) : Set.<String>of();
        var quarter = quarter(event.at());
        counted.counts(before)
                .forEach((metric, amount) -> {
                    if (amount > 0) {
                        var key = new Counted(event.team(), quarter, counted.domain(), metric);
                        amounts.merge(key, amount, Long::sum);
                    }
                });
    }

    private Set<String> concerned(EventRow event) {
        List<EventRow> earlier = store.read(tx -> rows.earlier(tx, event));
        var concerned = new HashSet<String>();
        earlier.forEach(row -> read(row).ifPresent(e -> concerned.addAll(e.recipients())));
        return concerned;
    }
}
