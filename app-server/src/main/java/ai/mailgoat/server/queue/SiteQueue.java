package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// One MX site: the domains it serves take turns, and it decides how many deliveries may run there
/// at once. Guarded by the dispatcher's lock.
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

    final String key;
    Route route;
    int active;

    private final int maxLimit;
    private final Deque<Destination> turns = new ArrayDeque<>();
    private int limit;
    private int failures;
    private Duration pause = FIRST_PAUSE;
    private Instant pausedUntil = Instant.MIN;

    SiteQueue(String key, Route route, int maxLimit) {
        this.key = key;
        this.route = route;
        this.maxLimit = maxLimit;
        this.limit = Math.min(INITIAL_LIMIT, maxLimit);
    }

    void add(Destination destination) {
        if (!turns.contains(destination)) {
            turns.add(destination);
        }
    }

    void remove(Destination destination) {
        turns.remove(destination);
    }

    List<Destination> destinations() {
        return new ArrayList<>(turns);
    }

    boolean isPaused(Instant now) {
        return now.isBefore(pausedUntil);
    }

    Instant pausedUntil() {
        return pausedUntil;
    }

    /// Whether one more delivery may start, as far as this site is concerned.
    boolean hasCapacity(Instant now) {
        return active < limit && !isPaused(now);
    }

    int ready() {
        int ready = 0;
        for (var destination : turns) {
            ready += destination.size();
        }
        return ready;
    }

    /// The destination whose turn it is: one with transactional mail if any has some.
    Optional<Turn> next() {
        for (var lane : Entry.Lane.values()) {
            for (int i = 0; i < turns.size(); i++) {
                var destination = turns.remove();
                turns.add(destination);
                if (destination.has(lane)) {
                    return Optional.of(new Turn(destination, lane));
                }
            }
        }
        return Optional.empty();
    }

    void succeeded() {
        failures = 0;
        pause = FIRST_PAUSE;
        limit = Math.min(maxLimit, limit + 1);
    }

    /// @return whether the site is to be left alone from now on
    boolean failed(Instant now) {
        failures++;
        limit = Math.max(1, limit / 2);
        if (failures < COHORT || isPaused(now)) {
            return false;
        }
        pausedUntil = now.plus(pause);
        pause =
                pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                        ? LONGEST_PAUSE
                        : pause.multipliedBy(2);
        // The probe after the pause is one delivery; its failure pauses again at once.
        limit = 1;
        failures = COHORT - 1;
        return true;
    }

    record Turn(Destination destination, Entry.Lane lane) {}
}
