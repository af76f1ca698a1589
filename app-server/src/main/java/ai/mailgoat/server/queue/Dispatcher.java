package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Which due entry is delivered next, with memory that does not grow with the backlog.
///
/// Every due entry passes here once: offered after its commit, or by the poll when its time comes.
/// It waits in its domain's {@link Destination}, which is bounded; one that finds no room is
/// forgotten, and the destination remembers that the database has more. When the destination runs
/// low it is refilled by `(domain, lane, due_at)`. So a backlog for one dead domain costs nothing
/// to those that look for other mail. Domains are routed to {@link SiteQueue}s, which bound how
/// many deliveries run at once.
///
/// Transactional and broadcast mail have nothing in common but the connections: each lane has its
/// own room and its own refills, and broadcast deliveries never take all {@link Slots}.
///
/// All state is behind one lock; nothing blocks while holding it.
final class Dispatcher implements Queue.Listener {
    private static final int LOW = 200;

    /// How many at a time are asked for broadcast mail; a new list may name 100,000 domains.
    private static final int ROUTES = 64;

    private static final int REFILLS = 16;

    private static final Duration ROUTE_TTL = Duration.ofMinutes(5);
    private static final Duration NO_ROUTE_TTL = Duration.ofSeconds(30);

    /// What the dispatcher sets in motion; none of it may block the caller.
    interface Actions {
        /// Ends with {@link #settled}.
        void work(SiteQueue site, List<Entry> entries);

        /// Ends with {@link #routed}.
        void route(Destination destination);

        /// Ends with {@link #refilled}.
        void refill(Destination destination, Lane lane);
    }

    private record Refill(Destination destination, Lane lane) {}

    private final InstantSource clock;
    private final Actions actions;
    private final DispatchLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Destination> destinations = new HashMap<>();
    private final Map<String, SiteQueue> sites = new HashMap<>();
    private final Room room = new Room();
    private final Turns turns;
    private final Errands<Destination> routes = new Errands<>(ROUTES, this::route);
    private final Errands<Refill> refills = new Errands<>(REFILLS, this::refill);
    private boolean closing;

    Dispatcher(InstantSource clock, Actions actions, DispatchLimits limits) {
        this.clock = clock;
        this.actions = actions;
        this.limits = limits;
        this.turns =
                new Turns(
                        new Slots(limits.connections()),
                        new Pace(limits.broadcastPerMinute(), clock.instant()));
    }

    /// Takes entries whose time has come; those it holds already do not count.
    @Override
    public void entered(List<Entry> entries) {
        locked(() -> {
            var now = clock.instant();
            var touched = new LinkedHashSet<Destination>();
            for (var entry : entries) {
                var destination = destinations.computeIfAbsent(entry.domain(), Destination::new);
                room.admit(destination, entry, now);
                touched.add(destination);
            }
            touched.forEach(this::wake);
            startAll();
        });
    }

    /// The entries read for a destination that ran low in a lane.
    ///
    /// @param complete whether these are all that are due
    void refilled(Destination destination, Lane lane, List<Entry> entries, boolean complete) {
        locked(() -> {
            var now = clock.instant();
            var waiting = destination.waiting(lane);
            waiting.refilling = false;
            waiting.more |= !complete;
            entries.forEach(entry -> room.admit(destination, entry, now));
            refills.done();
            wake(destination);
            startAll();
        });
    }

    void routed(Destination destination, Route route) {
        locked(() -> {
            destination.routing = false;
            var site =
                    switch (route) {
                        case Route.Site s -> siteFor(s.key(), route);
                        // What cannot be routed is a site of its own, whose deliveries end at once.
                        case Route.Refused _, Route.Unresolved _ ->
                                siteFor("no route: " + destination.domain, route);
                    };
            if (destination.site != null && destination.site != site) {
                destination.site.remove(destination);
            }
            destination.site = site;
            destination.routedUntil =
                    clock.instant().plus(route instanceof Route.Site ? ROUTE_TTL : NO_ROUTE_TTL);
            site.add(destination);
            room.joined(destination, site);
            routes.done();
            turns.want(site, clock.instant());
            startAll();
        });
    }

    /// What came of the entries that one delivery took along.
    ///
    /// @param time from its start to its end
    void settled(SiteQueue site, List<Entry> entries, Carried carried, Duration time) {
        locked(() -> {
            turns.ended(site, entries.getFirst().lane(), entries.size() - carried.tried());
            room.settled(entries);
            switch (carried.verdict()) {
                case REACHED -> {
                    site.succeeded();
                    site.took(time, Math.max(1, carried.tried()));
                }
                case UNREACHABLE -> {
                    if (site.failed(clock.instant())) {
                        site.destinations().forEach(room::forget);
                    }
                }
                case UNTRIED -> {}
            }
            turns.want(site, clock.instant());
            startAll();
        });
    }

    /// Looks after what waits for time rather than for news: paused sites whose pause is over,
    /// broadcast mail that kept its pace, destinations without room at the time, destinations
    /// nobody needs any more.
    void tick() {
        locked(() -> {
            var now = clock.instant();
            for (var destination : new ArrayList<>(destinations.values())) {
                var until = destination.routedUntil;
                if (destination.isIdle() && (until == null || now.isAfter(until))) {
                    drop(destination);
                } else {
                    replenish(destination);
                    wake(destination);
                }
            }
            startAll();
        });
    }

    /// Lets no more deliveries start.
    void close() {
        locked(() -> closing = true);
    }

    int active() {
        return locked(turns::active);
    }

    @Override
    public boolean isIdle(Lane lane) {
        return locked(() -> turns.isFree(lane, clock.instant()));
    }

    private void wake(Destination destination) {
        if (destination.site != null) {
            turns.want(destination.site, clock.instant());
        } else if (destination.size(Lane.TRANSACTIONAL) > 0) {
            routes.now(destination);
        } else if (!destination.isEmpty()) {
            routes.later(destination);
        }
    }

    private boolean route(Destination destination) {
        if (closing || destination.routing) {
            return false;
        }
        destination.routing = true;
        actions.route(destination);
        return true;
    }

    private void startAll() {
        var now = clock.instant();
        while (!closing) {
            var turn = turns.next(now);
            if (turn.isEmpty()) {
                return;
            }
            start(turn.get(), now);
        }
    }

    private void start(SiteQueue.Turn turn, Instant now) {
        var destination = turn.destination();
        room.leave(turn.entries());
        actions.work(turn.site(), turn.entries());
        replenish(destination);
        if (destination.routedUntil != null && now.isAfter(destination.routedUntil)) {
            routes.later(destination);
        }
    }

    private void replenish(Destination destination) {
        for (var lane : Lane.values()) {
            var refill = new Refill(destination, lane);
            if (!isNeeded(refill)) {
                continue;
            }
            if (lane == Lane.TRANSACTIONAL) {
                refills.now(refill);
            } else {
                refills.later(refill);
            }
        }
    }

    private boolean isNeeded(Refill refill) {
        var destination = refill.destination();
        var waiting = destination.waiting(refill.lane());
        return waiting.more
                && !waiting.refilling
                && !closing
                && destination.size(refill.lane()) < LOW
                && !room.isFull(destination, refill.lane())
                && (destination.site == null || !destination.site.isPaused(clock.instant()));
    }

    private boolean refill(Refill refill) {
        if (!isNeeded(refill)) {
            return false;
        }
        var waiting = refill.destination().waiting(refill.lane());
        waiting.refilling = true;
        // Whoever finds no room from here on says so again.
        waiting.more = false;
        actions.refill(refill.destination(), refill.lane());
        return true;
    }

    private void drop(Destination destination) {
        destinations.remove(destination.domain);
        var site = destination.site;
        if (site != null) {
            site.remove(destination);
            if (site.isUnused()) {
                sites.remove(site.key);
            }
        }
    }

    private SiteQueue siteFor(String key, Route route) {
        var site =
                sites.computeIfAbsent(key, k -> new SiteQueue(k, route, limits, clock.instant()));
        site.route = route;
        return site;
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
