package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.suppression.Suppressions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
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
    private static final UUID FIRST = new UUID(0, 0);
    private static final int PAGE = 1_000;
    private static final Duration POLL = Duration.ofSeconds(1);

    /// How far each poll looks back, for what was committed after its due time had been read.
    private static final Duration OVERLAP = Duration.ofSeconds(3);

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
    private final ExecutorService signers;
    private Instant polledTo = Instant.EPOCH;
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
        this.signers =
                Executors.newFixedThreadPool(
                        settings.signers(),
                        Thread.ofPlatform().name("signer-", 0).daemon().factory());
        var settlement =
                new Settlement(
                        store,
                        events,
                        suppressions,
                        new Backoff(settings.retry(), random),
                        clock,
                        settings.retryInDoubt());
        this.carrier = new Carrier(store, source, transport, settlement, signers, () -> stopping);
        this.dispatcher =
                new Dispatcher(
                        clock,
                        new Actions(),
                        settings.connectionsPerSite(),
                        settings.connections());
        entrance.listen(dispatcher::offer);
    }

    /// @param retry waits between attempts
    /// @param signers threads that compose and sign
    public record Settings(
            List<Duration> retry,
            int connectionsPerSite,
            int connections,
            int signers,
            boolean retryInDoubt) {}

    /// Starts with what was in flight when the last process ended. Returns before that is found: it
    /// takes as long as reading the queue, and new mail need not wait for it.
    public void start() {
        var started = clock.instant();
        poller.execute(() -> releaseOrphans(started));
        var _ =
                poller.scheduleWithFixedDelay(
                        this::poll, 0, POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void releaseOrphans(Instant started) {
        try {
            var orphans = store.read(tx -> queue.orphans(tx, started, CRASHES));
            if (orphans.isEmpty()) {
                return;
            }
            store.write(tx -> {
                queue.releaseAll(tx, orphans, started);
                return true;
            });
            LOG.info(
                    "{} deliveries were in flight when the service last ended; they are due again",
                    orphans.size());
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
        signers.shutdown();
    }

    private void poll() {
        try {
            var to = clock.instant();
            // A clock that was set back must not leave a gap.
            var last = polledTo.isAfter(to) ? to : polledTo;
            var from = last.equals(Instant.EPOCH) ? last : last.minus(OVERLAP);
            var after = FIRST;
            while (!stopping) {
                var start = from;
                var afterId = after;
                var page = store.read(tx -> queue.due(tx, start, afterId, to, PAGE));
                dispatcher.offer(page);
                if (page.size() < PAGE) {
                    break;
                }
                from = page.getLast().due();
                after = page.getLast().id();
            }
            polledTo = to;
            dispatcher.tick();
        } catch (RuntimeException e) {
            // The poll must outlive whatever goes wrong once; the next one comes in a second.
            LOG.error("the queue could not be read", e);
        }
    }

    private void refill(Destination destination) {
        try {
            var page = store.read(tx -> queue.dueOf(tx, destination.domain, clock.instant(), PAGE));
            dispatcher.refilled(destination, page, page.size() < PAGE);
        } catch (RuntimeException e) {
            LOG.error("the queue could not be read", e);
            dispatcher.refilled(destination, List.of(), false);
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

    private void work(SiteQueue site) {
        for (var entries = dispatcher.take(site);
                !entries.isEmpty();
                entries = dispatcher.take(site)) {
            var verdict = Dispatcher.Verdict.UNTRIED;
            try {
                verdict = carrier.carry(site.route, entries);
            } catch (StoreException e) {
                // Claimed entries stay claimed: the next start finds them.
                LOG.error("mail for {} could not be settled: {}", site.key, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("mail for {} could not be handled", site.key, e);
            } finally {
                dispatcher.settled(site, entries, verdict);
            }
        }
    }

    private final class Actions implements Dispatcher.Actions {
        @Override
        public void work(SiteQueue site) {
            workers.execute(() -> QueueRunner.this.work(site));
        }

        @Override
        public void route(Destination destination) {
            workers.execute(() -> QueueRunner.this.route(destination));
        }

        @Override
        public void refill(Destination destination) {
            workers.execute(() -> QueueRunner.this.refill(destination));
        }
    }
}
