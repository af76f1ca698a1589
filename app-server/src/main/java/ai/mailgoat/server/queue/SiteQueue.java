package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;

/// One MX site: the domains it serves take turns, and it decides how many deliveries may run there
/// at once, and what each takes along. Guarded by the dispatcher's lock.
///
/// Concurrency grows by one for each success and halves with each failure of the whole site. After
/// a cohort of failures without a success the site is left alone for a while, longer each time,
/// then probed with a single delivery.
final class SiteQueue {
    /// As Postfix's initial_destination_concurrency.
    private static final int INITIAL_LIMIT = 5;

    private static final int COHORT = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /// What one delivery takes along: enough to share a connection and a booking, few enough to
    /// spread, and at a slow site no more than a second's worth, since whoever waits for a slot
    /// waits for all of it.
    private static final int BATCH = 10;

    private static final double BATCH_SECONDS = 1;
    private static final double SMOOTHING = 0.2;

    final String key;
    final Slots slots;
    final Pace pace;
    Route route;

    private final int maxLimit;
    private final Set<Destination> members = new LinkedHashSet<>();
    private final Map<Lane, SequencedSet<Destination>> turns = new EnumMap<>(Lane.class);
    private final Map<Lane, Integer> ready = new EnumMap<>(Lane.class);
    private Lane last = Lane.BROADCAST;
    private double secondsPerMail = 0.25;
    private int failures;
    private Duration pause = FIRST_PAUSE;
    private Instant pausedUntil = Instant.MIN;

    SiteQueue(String key, Route route, DispatchLimits limits, Instant now) {
        this.key = key;
        this.route = route;
        this.maxLimit = limits.connectionsPerSite();
        this.pace = new Pace(limits.broadcastPerMinutePerSite(), now);
        this.slots = new Slots(Math.min(INITIAL_LIMIT, maxLimit));
        for (var lane : Lane.values()) {
            turns.put(lane, new LinkedHashSet<>());
            ready.put(lane, 0);
        }
    }

    void add(Destination destination) {
        if (members.add(destination)) {
            for (var lane : Lane.values()) {
                changed(destination, lane, destination.size(lane));
            }
        }
    }

    void remove(Destination destination) {
        if (members.remove(destination)) {
            for (var lane : Lane.values()) {
                turns(lane).remove(destination);
                count(lane, -destination.size(lane));
            }
        }
    }

    /// One of its domains has got so many more entries, or fewer.
    void changed(Destination destination, Lane lane, int more) {
        count(lane, more);
        if (destination.size(lane) == 0) {
            turns(lane).remove(destination);
        } else {
            turns(lane).add(destination);
        }
    }

    List<Destination> destinations() {
        return new ArrayList<>(members);
    }

    boolean isUnused() {
        return members.isEmpty() && slots.taken() == 0;
    }

    boolean isPaused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    /// Entries in memory.
    int ready(Lane lane) {
        return Objects.requireNonNull(ready.get(lane));
    }

    /// Whether one more delivery may start, as far as this site is concerned.
    boolean canStart(Lane lane, Instant now) {
        return ready(lane) > 0
                && slots.isFree(lane)
                && !isPaused(now)
                && (lane == Lane.TRANSACTIONAL || pace.available(now) > 0);
    }

    /// Whether a broadcast delivery is next: where only one may run, the lanes take turns.
    boolean owesBroadcast(Instant now) {
        return slots.limit() == 1 && last == Lane.TRANSACTIONAL && canStart(Lane.BROADCAST, now);
    }

    /// What the next delivery takes along, of the domain whose turn it is. Only after {@link
    /// #canStart}.
    ///
    /// @param most broadcast mails that may go now, as far as others are concerned
    Turn take(Lane lane, int most, Instant now) {
        var destination = turns(lane).removeFirst();
        List<Entry> entries;
        if (lane == Lane.TRANSACTIONAL) {
            entries = destination.take(lane, batch(), BATCH);
        } else {
            int paced = Math.min(most, pace.available(now));
            int mails = Math.min(paced, slots.limit() == 1 ? 1 : batch());
            entries = destination.take(lane, mails, mails);
            pace.spend(entries.size());
        }
        changed(destination, lane, -entries.size());
        slots.take(lane);
        last = lane;
        return new Turn(this, destination, entries);
    }

    void succeeded() {
        failures = 0;
        pause = FIRST_PAUSE;
        slots.limit(Math.min(maxLimit, slots.limit() + 1));
    }

    /// @return whether the site is to be left alone from now on
    boolean failed(Instant now) {
        failures++;
        slots.limit(Math.max(1, slots.limit() / 2));
        if (failures < COHORT || isPaused(now)) {
            return false;
        }
        pausedUntil = now.plus(pause);
        pause =
                pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                        ? LONGEST_PAUSE
                        : pause.multipliedBy(2);
        // The probe after the pause is one delivery; its failure pauses again at once.
        slots.limit(1);
        failures = COHORT - 1;
        return true;
    }

    /// How long `mails` mails took here, one after the other.
    void took(Duration time, int mails) {
        double seconds = time.toNanos() / 1e9 / mails;
        secondsPerMail += SMOOTHING * (seconds - secondsPerMail);
    }

    private int batch() {
        return Math.clamp((long) (BATCH_SECONDS / secondsPerMail), 1, BATCH);
    }

    private void count(Lane lane, int more) {
        ready.merge(lane, more, Integer::sum);
    }

    private SequencedSet<Destination> turns(Lane lane) {
        return Objects.requireNonNull(turns.get(lane));
    }

    /// @param entries at least one
    record Turn(SiteQueue site, Destination destination, List<Entry> entries) {}
}
