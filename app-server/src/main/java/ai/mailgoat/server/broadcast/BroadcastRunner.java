package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the broadcasts, on a thread of its own: freezes the audience, then accepts mail for it in
/// small batches. Mails, how each recipient ended, and how far the broadcast got are one
/// transaction, so that after a crash it goes on with the very next recipient. It stays a bounded
/// number of mails ahead of delivery ({@link Queue#broadcastRoom}).
public final class BroadcastRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BroadcastRunner.class);

    /// Small enough that a single mail accepted meanwhile hardly waits for it.
    private static final int BATCH = 100;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final String CANCELED = "The broadcast was canceled.";
    private static final Duration BROKEN = Duration.ofSeconds(5);

    private final Store store;
    private final Queue queue;
    private final Audience audience;
    private final Mailings mailings;
    private final BiConsumer<Tx, Event> events;
    private final RunStore runs = new RunStore();
    private final InstantSource clock;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread;

    /// What is known only while running: nothing of it is missed after a crash.
    private final Map<UUID, Running> running = new HashMap<>();

    private final Map<UUID, Instant> held = new HashMap<>();

    private volatile boolean closing;

    /// @param events records `broadcast.sent`, `broadcast.canceled` and `broadcast.failed` in the
    ///   transaction given
    public BroadcastRunner(
            Store store,
            Queue queue,
            Audience audience,
            Mailings mailings,
            BiConsumer<Tx, Event> events,
            InstantSource clock) {
        this.store = store;
        this.queue = queue;
        this.audience = audience;
        this.mailings = mailings;
        this.events = events;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("broadcasts").daemon().unstarted(this::work);
    }

    private static final class Running {
        final Mailings.Mailing mailing;
        final PaceMaker pace;

        Running(Mailings.Mailing mailing, PaceMaker pace) {
            this.mailing = mailing;
            this.pace = pace;
        }
    }

    /// Begins, with what an earlier run has left.
    public void start() {
        thread.start();
    }

    /// Something may be due. Quick.
    public void wake() {
        wakeUps.release();
    }

    /// Ends behind the batch at hand.
    @Override
    public void close() {
        closing = true;
        wakeUps.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closing) {
            try {
                var now = clock.instant();
                var pending = store.read(tx -> runs.pending(tx, now));
                forget(pending);
                boolean more = false;
                for (var broadcast : pending) {
                    if (!closing && !isHeld(broadcast.id(), now)) {
                        more |= step(broadcast);
                    }
                }
                if (!more) {
                    pause(POLL);
                }
            } catch (RuntimeException e) {
                LOG.warn("broadcasts pause for {}: {}", BROKEN, e.getMessage());
                pause(BROKEN);
            }
        }
    }

    /// @return whether there is more to do at once
    private boolean step(Broadcast broadcast) {
        try {
            return switch (broadcast.status()) {
                case SCHEDULED -> begin(broadcast);
                case CANCELED -> callOff(broadcast);
                case QUEUED -> broadcast.frozen() ? send(broadcast) : freeze(broadcast);
                case DRAFT, SENT, FAILED -> false;
            };
        } catch (ApiException e) {
            hold(broadcast, String.valueOf(e.getMessage()));
        } catch (StoreException e) {
            if (e.isUnavailable()) {
                throw e;
            }
            broken(broadcast, e);
        } catch (RuntimeException e) {
            broken(broadcast, e);
        }
        return false;
    }

    private boolean begin(Broadcast broadcast) {
        var now = now();
        return store.write(tx -> runs.begin(tx, broadcast.id(), now));
    }

    private boolean freeze(Broadcast broadcast) {
        try {
            audience.freeze(broadcast, mailings.keep(broadcast), () -> closing);
            return true;
        } catch (Audience.Gone e) {
            end(broadcast, Status.FAILED, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean send(Broadcast broadcast) {
        if (broadcast.reached() >= broadcast.counts().audience()) {
            finish(broadcast);
            return false;
        }
        var run = running.computeIfAbsent(broadcast.id(), id -> running(broadcast));
        int room = Math.min(store.read(queue::broadcastRoom), run.pace.room(broadcast.perMinute()));
        int size = Math.min(BATCH, room);
        if (size <= 0) {
            return false;
        }
        var decided = mailings.send(broadcast, run.mailing, size, now());
        run.pace.took(decided.sent());
        return decided.audience() > 0;
    }

    private Running running(Broadcast broadcast) {
        return new Running(mailings.open(broadcast), new PaceMaker(clock));
    }

    private void finish(Broadcast broadcast) {
        var counted = store.read(tx -> runs.recount(tx, broadcast.id()));
        if (!counted.equals(broadcast.counts())) {
            LOG.error(
                    "broadcast {} says {}, its recipients say {}",
                    broadcast.id(),
                    broadcast.counts(),
                    counted);
        }
        end(broadcast, Status.SENT, null);
    }

    /// What still waits will not be sent.
    private boolean callOff(Broadcast broadcast) {
        if (!broadcast.frozen()) {
            audience.thaw(broadcast.id());
            store.write(tx -> {
                runs.freeze(tx, broadcast.id(), 0, null);
                tell(tx, broadcast.id(), now());
                return true;
            });
            return false;
        }
        var now = now();
        return store.write(tx -> {
            var rest = runs.waiting(tx, broadcast.id(), broadcast.reached(), 5 * BATCH);
            var decisions = new Decisions();
            rest.forEach(recipient -> decisions.skipped(recipient, CANCELED));
            if (runs.advance(tx, broadcast, Status.CANCELED, decisions.counts(), now)) {
                runs.decide(tx, broadcast.id(), decisions.all());
                if (broadcast.counts().waiting() == rest.size()) {
                    tell(tx, broadcast.id(), now);
                }
            }
            return !rest.isEmpty();
        });
    }

    private void end(
            Broadcast broadcast, Status status, @org.jspecify.annotations.Nullable String reason) {
        var now = now();
        store.write(tx -> {
            boolean ended = runs.end(tx, broadcast.id(), status, reason, now);
            if (ended) {
                tell(tx, broadcast.id(), now);
            }
            return ended;
        });
    }

    private void tell(Tx tx, UUID id, Instant now) {
        runs.find(tx, id)
                .ifPresent(broadcast ->
                        events.accept(
                                tx,
                                new Event(
                                        broadcast.team(),
                                        id,
                                        "broadcast." + broadcast.status().text(),
                                        now,
                                        BroadcastBody.Ended.of(broadcast))));
    }

    private void broken(Broadcast broadcast, RuntimeException e) {
        LOG.error("broadcast {} does not get on", broadcast.id(), e);
        hold(broadcast, "An unexpected error occurred; it is tried again.");
    }

    // What keeps it back may pass: a quota starts anew, a domain's records come back.
    private void hold(Broadcast broadcast, String reason) {
        held.put(broadcast.id(), clock.instant().plus(HOLD));
        running.remove(broadcast.id());
        if (!reason.equals(broadcast.reason())) {
            LOG.warn("broadcast {} is held back: {}", broadcast.id(), reason);
            store.write(tx -> {
                runs.hold(tx, broadcast.id(), reason);
                return true;
            });
        }
    }

    private boolean isHeld(UUID id, Instant now) {
        var until = held.get(id);
        return until != null && now.isBefore(until);
    }

    private void forget(List<Broadcast> pending) {
        var ids = pending.stream().map(Broadcast::id).toList();
        running.keySet().retainAll(ids);
        held.keySet().retainAll(ids);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void pause(Duration time) {
        try {
            if (wakeUps.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
