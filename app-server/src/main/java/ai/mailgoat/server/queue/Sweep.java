package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Reads what falls due in one lane, a page at a time, in order of due time. A sweep that is longer
/// than its time allows goes on where it stopped. For one thread.
final class Sweep {
    private static final UUID FIRST = new UUID(0, 0);
    private static final int PAGE = 1_000;

    /// How far each sweep looks back, for what was committed after its due time had been read.
    private static final Duration OVERLAP = Duration.ofSeconds(3);

    private final Store store;
    private final Lane lane;
    private final Duration patience;
    private final QueueStore queue = new QueueStore();
    private boolean begun;
    private Instant from = Instant.EPOCH;
    private UUID after = FIRST;
    private Instant to = Instant.EPOCH;

    /// @param patience how long one {@link #run} may go on, after its first page
    Sweep(Store store, Lane lane, Duration patience) {
        this.store = store;
        this.lane = lane;
        this.patience = patience;
    }

    /// Goes on with the sweep, or begins the next one.
    ///
    /// @param found gets each page
    /// @return whether all that was due when the sweep began has been read
    boolean run(Instant now, BooleanSupplier stopping, Consumer<List<Entry>> found) {
        if (!begun) {
            begin(now);
        }
        long start = System.nanoTime();
        do {
            var page = store.read(tx -> queue.due(tx, lane, from, after, to, PAGE));
            found.accept(page);
            if (page.size() < PAGE) {
                begun = false;
                return true;
            }
            from = page.getLast().due();
            after = page.getLast().id();
        } while (!stopping.getAsBoolean() && System.nanoTime() - start < patience.toNanos());
        return false;
    }

    private void begin(Instant now) {
        // A clock that was set back must not leave a gap.
        var last = to.isAfter(now) ? now : to;
        from = last.equals(Instant.EPOCH) ? last : last.minus(OVERLAP);
        after = FIRST;
        to = now;
        begun = true;
    }
}
