package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// Which due entry is delivered next, with memory that does not grow with the backlog.
///
/// Every due entry passes here once: offered after its commit, or by the poll when its time comes.
/// It waits in its domain's {@link Destination}, which is bounded; one that finds no room is
/// forgotten, and the destination remembers that the database has more. When the destination runs
/// low it is refilled by `(domain, due_at)`. So a backlog for one dead domain costs nothing to
/// those that look for other mail. Domains are routed to {@link SiteQueue}s, which bound how many
/// deliveries run at once.
///
/// All state is behind one lock; nothing blocks while holding it.
final class Dispatcher {
    /// Entries in memory: per domain, and in all.
    private static final int MAX_PER_DESTINATION = 1_000;

    private static final int MAX_READY = 50_000;
    private static final int LOW = 200;

    /// What one delivery takes along: enough to share a connection and a booking, few enough to
    /// spread.
    private static final int BATCH = 10;

    private static final Duration ROUTE_TTL = Duration.ofMinutes(5);
    private static final Duration NO_ROUTE_TTL = Duration.ofSeconds(30);

    /// What the dispatcher sets in motion; none of it may block the caller.
    interface Actions {
        void work(SiteQueue site);

        void route(Destination destination);

        void refill(Destination destination);
    }

    private final InstantSource clock;
    private final Actions actions;
    private final int maxPerSite;
    private final int maxActive;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Destination> destinations = new HashMap<>();
    private final Map<String, SiteQueue> sites = new HashMap<>();
    private final Set<SiteQueue> starved = new LinkedHashSet<>();
    private final Set<UUID> held = new HashSet<>();
    private int ready;
    private int active;
    private boolean closing;

    Dispatcher(InstantSource clock, Actions actions, int maxPerSite, int maxActive) {
        this.clock = clock;
        this.actions = actions;
        this.maxPerSite = maxPerSite;
        this.maxActive = maxActive;
    }

    /// Takes entries whose time has come; those it holds already do not count.
    void offer(List<Entry> entries) {
        locked(() -> {
            var touched = new LinkedHashSet<Destination>();
            for (var entry : entries) {
                var destination = destinations.computeIfAbsent(entry.domain(), Destination::new);
                admit(destination, entry);
                touched.add(destination);
            }
            touched.forEach(this::wake);
        });
    }

    /// The entries read for a destination that ran low.
    ///
    /// @param complete whether these are all that are due
    void refilled(Destination destination, List<Entry> entries, boolean complete) {
        locked(() -> {
            destination.refilling = false;
            destination.more = !complete;
            entries.forEach(entry -> admit(destination, entry));
            wake(destination);
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
            start(site);
        });
    }

    /// The next entries to deliver at `site`; empty when the asking worker should end, which it has
    /// then done.
    List<Entry> take(SiteQueue site) {
        return locked(() -> {
            var now = clock.instant();
            var turn = site.next();
            if (closing || site.isPaused(now) || turn.isEmpty()) {
                end(site);
                return List.<Entry>of();
            }
            var destination = turn.get().destination();
            var taken = destination.take(turn.get().lane(), BATCH);
            ready -= taken.size();
            if (destination.more && destination.size() < LOW) {
                refill(destination);
            }
            if (destination.routedUntil != null
                    && now.isAfter(destination.routedUntil)
                    && !destination.routing
                    && !closing) {
                destination.routing = true;
                actions.route(destination);
            }
            return taken;
        });
    }

    /// What came of the entries of one {@link #take}.
    void settled(SiteQueue site, List<Entry> entries, Verdict verdict) {
        locked(() -> {
            entries.forEach(entry -> held.remove(entry.id()));
            switch (verdict) {
                case REACHED -> site.succeeded();
                case UNREACHABLE -> {
                    if (site.failed(clock.instant())) {
                        site.destinations().forEach(this::forget);
                    }
                }
                case UNTRIED -> {}
            }
            start(site);
        });
    }

    /// Looks after what waits for time rather than for news: paused sites whose pause is over,
    /// destinations without room at the time, destinations nobody needs any more.
    void tick() {
        locked(() -> {
            var now = clock.instant();
            for (var destination : new ArrayList<>(destinations.values())) {
                var site = destination.site;
                if (destination.isIdle()
                        && (destination.routedUntil == null
                                || now.isAfter(destination.routedUntil))) {
                    drop(destination);
                } else if (destination.more
                        && destination.size() < LOW
                        && (site == null || !site.isPaused(now))) {
                    refill(destination);
                } else {
                    wake(destination);
                }
            }
        });
    }

    /// Lets no more deliveries start.
    void close() {
        locked(() -> closing = true);
    }

    int active() {
        return locked(() -> active);
    }

    private void admit(Destination destination, Entry entry) {
        boolean paused = destination.site != null && destination.site.isPaused(clock.instant());
        if (paused || ready >= MAX_READY || destination.size() >= MAX_PER_DESTINATION) {
            destination.more |= !held.contains(entry.id());
        } else if (held.add(entry.id())) {
            destination.add(entry);
            ready++;
        }
    }

    private void wake(Destination destination) {
        if (closing || destination.size() == 0) {
            return;
        }
        if (destination.site != null) {
            start(destination.site);
        } else if (!destination.routing) {
            destination.routing = true;
            actions.route(destination);
        }
    }

    private void start(SiteQueue site) {
        var now = clock.instant();
        int waiting = site.ready();
        while (!closing && waiting > 0 && site.hasCapacity(now)) {
            if (active >= maxActive) {
                starved.add(site);
                return;
            }
            active++;
            site.active++;
            waiting--;
            actions.work(site);
        }
    }

    private void end(SiteQueue site) {
        active--;
        site.active--;
        var others = List.copyOf(starved);
        starved.clear();
        others.forEach(this::start);
    }

    private void refill(Destination destination) {
        if (!closing && !destination.refilling) {
            destination.refilling = true;
            actions.refill(destination);
        }
    }

    private void forget(Destination destination) {
        destination.forget(entry -> {
            held.remove(entry.id());
            ready--;
        });
    }

    private void drop(Destination destination) {
        destinations.remove(destination.domain);
        var site = destination.site;
        if (site != null) {
            site.remove(destination);
            if (site.destinations().isEmpty() && site.active == 0) {
                sites.remove(site.key);
            }
        }
    }

    private SiteQueue siteFor(String key, Route route) {
        var site = sites.computeIfAbsent(key, k -> new SiteQueue(k, route, maxPerSite));
        site.route = route;
        return site;
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(java.util.function.Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /// What a delivery says of its site.
    enum Verdict {
        /// It answered, whatever it said of the mail.
        REACHED,
        /// It would fail other mail alike.
        UNREACHABLE,
        /// Nothing was tried.
        UNTRIED
    }
}
