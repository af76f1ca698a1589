package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The due entries of one domain that are in memory, and for each lane whether the database has
/// more. Guarded by the dispatcher's lock.
final class Destination {
    final String domain;

    /// Where its mail goes; `null` until routed.
    @Nullable SiteQueue site;

    @Nullable Instant routedUntil;
    boolean routing;

    private final Map<Lane, Waiting> lanes = new EnumMap<>(Lane.class);

    Destination(String domain) {
        this.domain = domain;
        for (var lane : Lane.values()) {
            lanes.put(lane, new Waiting());
        }
    }

    Waiting waiting(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    int size(Lane lane) {
        return waiting(lane).entries.size();
    }

    boolean isEmpty() {
        return lanes.values().stream().allMatch(waiting -> waiting.entries.isEmpty());
    }

    void add(Entry entry) {
        waiting(entry.lane()).entries.add(entry);
    }

    /// Takes entries of one lane, oldest first: those of up to `mails` mails, up to `max` in all.
    List<Entry> take(Lane lane, int mails, int max) {
        var entries = waiting(lane).entries;
        var taken = new ArrayList<Entry>(Math.min(max, entries.size()));
        int begun = 0;
        while (taken.size() < max && !entries.isEmpty()) {
            var next = entries.getFirst();
            if ((taken.isEmpty() || !next.email().equals(taken.getLast().email()))
                    && ++begun > mails) {
                break;
            }
            taken.add(entries.removeFirst());
        }
        return taken;
    }

    /// Lets go of one lane's entries in memory; the database still has them.
    void forget(Lane lane, Consumer<Entry> forgotten) {
        var waiting = waiting(lane);
        waiting.more |= !waiting.entries.isEmpty();
        waiting.entries.forEach(forgotten);
        waiting.entries.clear();
    }

    boolean isIdle() {
        return !routing
                && lanes.values().stream()
                        .allMatch(w -> w.entries.isEmpty() && !w.more && !w.refilling);
    }

    /// One lane.
    static final class Waiting {
        private final Deque<Entry> entries = new ArrayDeque<>();

        /// Due entries that found no room here stay in the database; this remembers that they are
        /// there.
        boolean more;

        boolean refilling;
    }
}
