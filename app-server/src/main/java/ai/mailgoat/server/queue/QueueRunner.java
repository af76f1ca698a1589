package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.suppression.Suppressions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the queue: reads what falls due, lets the {@link Dispatcher} decide, and carries it out on
/// virtual threads.
public final class QueueRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueRunner.class);
    private static final int PAGE = 1_000;
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /// An entry in flight at so many crashes is left to its backoff.
    private static final int CRASHES = 25;

    private final Store store;
    private final Transport transport;
    private final InstantSource clock;
    private final QueueStore queue = new QueueStore();
    private final Dispatcher dispatcher;
    private final Carrier carrier;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService poller =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("queue-poll").daemon().factory());
    private final Signers signers;

    /// What falls due, by lane. Each has its share of a poll, however many broadcast entries fall
    /// due at once; together they leave the ticks less than two seconds apart.
    private final List<Sweep> sweeps;

    private volatile boolean stopping;

    /// @param settings how often and how wide
    public QueueRunner(
            Store store,
            Queue entrance,
            MailSource source,
            Transport transport,
            Events events,
            Suppressions suppressions,
            Settings settings,
            InstantSource clock,
            RandomGenerator random) {
        this.store = store;
        this.transport = transport;
        this.clock = clock;
        this.signers = new Signers(settings.signers());
        this.sweeps =
                List.of(
                        new Sweep(store, Lane.TRANSACTIONAL, Duration.ofMillis(500)),
                        new Sweep(store, Lane.BROADCAST, Duration.ofMillis(250)));
        var settlement =
                new Settlement(
                        store,
                        events,
                        suppressions,
                        new Backoff(settings.retry(), random),
                        clock,
                        settings.retryInDoubt());
        this.carrier = new Carrier(store, source, transport, settlement, signers, () -> stopping);
        this.dispatcher = new Dispatcher(clock, new Actions(), settings.limits());
        entrance.listen(dispatcher);
    }

    /// @param retry waits between attempts
    /// @param signers threads that compose and sign
    public record Settings(
            List<Duration> retry, DispatchLimits limits, int signers, boolean retryInDoubt) {}

    /// Starts, and looks for what was in flight when the last process ended. Returns before that is
    /// found: it takes as long as reading the queue, and no other mail need wait for it.
    public void start() {
        // As times are in the database, so that what is booked from now on is not before it.
        var started = clock.instant().truncatedTo(ChronoUnit.MICROS);
        workers.execute(() -> releaseOrphans(started));
        var _ =
                poller.scheduleWithFixedDelay(
                        this::poll, 0, POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void releaseOrphans(Instant started) {
        try {
            for (var lane : Lane.values()) {
                var orphans = store.read(tx -> queue.orphans(tx, lane, started, CRASHES));
                if (orphans.isEmpty() || stopping) {
                    continue;
                }
                store.write(tx -> {
                    queue.releaseAll(tx, orphans, clock.instant());
                    return true;
                });
                LOG.info(
                        "{} deliveries were in flight when the service last ended; they are due again",
                        orphans.size());
            }
        } catch (RuntimeException e) {
            // They stay claimed, and are tried at the time that was booked for them.
            LOG.error("deliveries in flight at the last end could not be found", e);
        }
    }

    /// Deliveries running now.
    public int active() {
        return dispatcher.active();
    }

    /// Starts nothing new, lets each mail in progress end, and puts the others back.
    @Override
    public void close() {
        stopping = true;
        dispatcher.close();
        poller.shutdown();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "{} deliveries did not end in time; they are tried again at the next start",
                        active());
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        signers.close();
    }

    private void poll() {
        try {
            var now = clock.instant();
            for (var sweep : sweeps) {
                sweep.run(now, () -> stopping, dispatcher::entered);
            }
            dispatcher.tick();
        } catch (RuntimeException e) {
            // The poll must outlive whatever goes wrong once; the next one comes in a second.
            LOG.error("the queue could not be read", e);
        }
    }

    private void refill(Destination destination, Lane lane) {
        try {
            var page =
                    store.read(
                            tx -> queue.dueOf(tx, destination.domain, lane, clock.instant(), PAGE));
            dispatcher.refilled(destination, lane, page, page.size() < PAGE);
        } catch (RuntimeException e) {
            LOG.error("the queue could not be read", e);
            dispatcher.refilled(destination, lane, List.of(), false);
        }
    }

    private void route(Destination destination) {
        Route route;
        try {
            route = transport.route(destination.domain);
        } catch (RuntimeException e) {
            LOG.error("no route for {}", destination.domain, e);
            route =
                    new Route.Unresolved(
                            ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic.local(
                                    "dns", "no route could be found: " + e.getMessage()));
        }
        dispatcher.routed(destination, route);
    }

    private void work(SiteQueue site, List<Entry> entries) {
        long start = System.nanoTime();
        var carried = Carried.NOTHING;
        try {
            carried = carrier.carry(site.route, entries);
        } catch (StoreException e) {
            // Claimed entries stay claimed: the next start finds them.
            LOG.error("mail for {} could not be settled: {}", site.key, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("mail for {} could not be handled", site.key, e);
        } finally {
            var time = Duration.ofNanos(System.nanoTime() - start);
            dispatcher.settled(site, entries, carried, time);
        }
    }

    private final class Actions implements Dispatcher.Actions {
        @Override
        public void work(SiteQueue site, List<Entry> entries) {
            workers.execute(() -> QueueRunner.this.work(site, entries));
        }

        @Override
        public void route(Destination destination) {
            workers.execute(() -> QueueRunner.this.route(destination));
        }

        @Override
        public void refill(Destination destination, Lane lane) {
            workers.execute(() -> QueueRunner.this.refill(destination, lane));
        }
    }
}
