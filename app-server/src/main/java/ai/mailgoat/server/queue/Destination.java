package ai.mailgoat.server.queue;

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

/// The due entries of one domain that are in memory, and whether the database has more. Guarded by
/// the dispatcher's lock.
final class Destination {
    final String domain;

    /// Where its mail goes; `null` until routed.
    @Nullable SiteQueue site;

    @Nullable Instant routedUntil;
    boolean routing;

    /// Due entries that found no room here stay in the database; this remembers that they are
    /// there.
    boolean more;

    boolean refilling;

    private final Map<Entry.Lane, Deque<Entry>> lanes = new EnumMap<>(Entry.Lane.class);

    Destination(String domain) {
        this.domain = domain;
        for (var lane : Entry.Lane.values()) {
            lanes.put(lane, new ArrayDeque<>());
        }
    }

    void add(Entry entry) {
        queue(entry.lane()).add(entry);
    }

    int size() {
        int size = 0;
        for (var lane : lanes.values()) {
            size += lane.size();
        }
        return size;
    }

    boolean has(Entry.Lane lane) {
        return !queue(lane).isEmpty();
    }

    /// Takes up to `max` entries of one lane, oldest first.
    List<Entry> take(Entry.Lane lane, int max) {
        var queue = queue(lane);
        var taken = new ArrayList<Entry>(Math.min(max, queue.size()));
        while (taken.size() < max && !queue.isEmpty()) {
            taken.add(queue.remove());
        }
        return taken;
    }

    /// Lets go of everything in memory; the database still has it.
    void forget(Consumer<Entry> forgotten) {
        for (var lane : lanes.values()) {
            lane.forEach(forgotten);
            more |= !lane.isEmpty();
            lane.clear();
        }
    }

    boolean isIdle() {
        return size() == 0 && !more && !refilling && !routing;
    }

    private Deque<Entry> queue(Entry.Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }
}
