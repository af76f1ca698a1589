package ai.mailgoat.server.metric;

import ai.mailgoat.server.metric.MailTally.Delta;
import ai.mailgoat.server.metric.MetricStore.Counted;
import ai.mailgoat.server.metric.MetricStore.EventRow;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

    private boolean countPiece() {
        var from = store.read(rows::progress);
        var events = store.read(tx -> rows.events(tx, from.orElse(NONE), PIECE));
        if (events.isEmpty()) {
            return false;
        }
        var amounts = new HashMap<Counted, Long>();
        var tallies = new HashMap<UUID, MailTally>();
        for (var event : events) {
            var tally =
                    MailTally.dependsOnEarlier(event.type())
                            ? tallies.computeIfAbsent(event.subject(), _ -> earlier(event))
                            : new MailTally();
            tally.take(event).forEach(delta -> add(amounts, event, delta));
        }
        var last = events.getLast().id();
        store.write(tx -> {
            if (rows.advance(tx, from, last)) {
                rows.add(tx, amounts);
            }
            return null;
        });
        return events.size() == PIECE;
    }

    private static void add(Map<Counted, Long> amounts, EventRow event, Delta delta) {
        var quarter = quarter(delta.at());
        var all = new Counted(event.team(), null, quarter, delta.domain(), delta.metric());
        amounts.merge(all, delta.amount(), Long::sum);
        if (delta.broadcast() != null) {
            var its =
                    new Counted(
                            event.team(),
                            delta.broadcast(),
                            quarter,
                            delta.domain(),
                            delta.metric());
            amounts.merge(its, delta.amount(), Long::sum);
        }
    }

    private MailTally earlier(EventRow event) {
        var tally = new MailTally();
        store.read(tx -> rows.earlier(tx, event)).forEach(tally::take);
        return tally;
    }
}
