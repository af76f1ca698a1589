package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Which due entries are in memory, waiting or in delivery. What waits is bounded, in each lane by
/// itself: for one domain, for one site, which may serve thousands of domains, and in all. Guarded
/// by the dispatcher's lock.
final class Room {
    private static final int MAX_PER_DESTINATION = 1_000;
    private static final int MAX_PER_SITE = 5_000;
    private static final int MAX_READY = 50_000;

    private final Set<UUID> held = new HashSet<>();
    private final Map<Lane, Integer> ready = new EnumMap<>(Lane.class);

    Room() {
        for (var lane : Lane.values()) {
            ready.put(lane, 0);
        }
    }

    boolean isFull(Destination destination, Lane lane) {
        var site = destination.site;
        return Objects.requireNonNull(ready.get(lane)) >= MAX_READY
                || destination.size(lane) >= MAX_PER_DESTINATION
                || (site != null && site.ready(lane) >= MAX_PER_SITE);
    }

    /// Takes an entry in unless it is here already. Where there is no room, or no use for it now,
    /// the destination remembers that the database has more.
    void admit(Destination destination, Entry entry, Instant now) {
        var lane = entry.lane();
        var site = destination.site;
        if (isFull(destination, lane) || (site != null && site.isPaused(now))) {
            destination.waiting(lane).more |= !held.contains(entry.id());
        } else if (held.add(entry.id())) {
            destination.add(entry);
            count(lane, 1);
            if (site != null) {
                site.changed(destination, lane, 1);
            }
        }
    }

    /// Entries that waited are in delivery now.
    void leave(List<Entry> entries) {
        count(entries.getFirst().lane(), -entries.size());
    }

    /// Entries that were in delivery may come again.
    void settled(List<Entry> entries) {
        entries.forEach(entry -> held.remove(entry.id()));
    }

    /// Lets go of all that waits for `destination`; the database still has it.
    void forget(Destination destination) {
        for (var lane : Lane.values()) {
            forget(destination, lane);
        }
    }

    /// A destination has come to its site, perhaps with more than the site has room for.
    void joined(Destination destination, SiteQueue site) {
        for (var lane : Lane.values()) {
            if (site.ready(lane) > MAX_PER_SITE) {
                forget(destination, lane);
            }
        }
    }

    private void forget(Destination destination, Lane lane) {
        int size = destination.size(lane);
        destination.forget(lane, entry -> held.remove(entry.id()));
        count(lane, -size);
        if (destination.site != null) {
            destination.site.changed(destination, lane, -size);
        }
    }

    private void count(Lane lane, int more) {
        ready.merge(lane, more, Integer::sum);
    }
}
