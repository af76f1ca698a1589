package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.webhook.WebhookCallStore.DueCall;
import ai.mailgoat.server.webhook.WebhookCallStore.Settled;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredAttempt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pays what is owed to webhooks. One thread decides: each of its rounds settles the attempts that
/// have ended and books the next ones in one write, then sends them off on virtual threads. It
/// wakes up when calls are committed and when attempts end, and looks at all webhooks once a second
/// for retries that have come due and for wake-ups that were lost.
///
/// After a crash the calls that were in flight are due again at once. This takes it for granted
/// that one runner serves a database.
public final class WebhookRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookRunner.class);

    private static final Duration POLL = Duration.ofSeconds(1);

    /// How long attempts in flight may go on when the service stops; the rest is made anew at its
    /// next start.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int WEBHOOKS_OF_ROUND = 256;
    private static final int SWEEP_OF_POLL = 200;

    private final Store store;
    private final WebhookCalls calls;
    private final Uuids ids;
    private final InstantSource clock;
    private final RetrySchedule schedule;
    private final Caller caller;
    private final Duration grace;
    private final ExecutorService attempts =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0).factory());
    private final Thread thread;

    private final Semaphore wakeUps = new Semaphore(0);
    private final Set<UUID> announced = ConcurrentHashMap.newKeySet();
    private final Queue<Attempt> ended = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    // Of the one thread.
    private final Lanes lanes = new Lanes();
    private final List<Attempt> unsettled = new ArrayList<>();
    private long polledAt;
    private boolean failing;

    /// @param random spreads retries
    public WebhookRunner(
            Store store,
            WebhookCalls calls,
            MasterKey key,
            GuardedHttp http,
            Uuids ids,
            InstantSource clock,
            RandomGenerator random) {
        this(
                store,
                calls,
                new Caller(store, key, http, clock, Caller.TOTAL),
                ids,
                clock,
                random,
                GRACE);
    }

    WebhookRunner(
            Store store,
            WebhookCalls calls,
            Caller caller,
            Uuids ids,
            InstantSource clock,
            RandomGenerator random,
            Duration grace) {
        this.store = store;
        this.calls = calls;
        this.caller = caller;
        this.grace = grace;
        this.ids = ids;
        this.clock = clock;
        this.schedule = new RetrySchedule(random);
        this.thread = Thread.ofPlatform().name("webhook-runner").daemon().unstarted(this::run);
    }

    /// Begins with what an earlier process left in flight.
    public WebhookRunner start() {
        resume();
        calls.listen(webhooks -> {
            announced.addAll(webhooks);
            wakeUps.release();
        });
        thread.start();
        return this;
    }

    /// Looks for calls that are due, now.
    void poll() {
        announced.addAll(store.read(WebhookStore::enabled));
        wakeUps.release();
    }

    /// Begins nothing new, gives attempts in flight a few seconds, and returns. One that was never
    /// started has nothing to end.
    @Override
    public void close() {
        closing = true;
        wakeUps.release();
        try {
            if (thread.isAlive()) {
                thread.join(grace.plusSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        attempts.shutdownNow();
    }

    private void resume() {
        var interrupted =
                store.read(tx -> {
                    var found = new ArrayList<UUID>();
                    for (var webhook : WebhookStore.all(tx)) {
                        found.addAll(WebhookCallStore.interrupted(tx, webhook));
                    }
                    return found;
                });
        if (!interrupted.isEmpty()) {
            var now = clock.instant();
            store.write(tx -> {
                WebhookCallStore.resume(tx, interrupted, now);
                return interrupted.size();
            });
            LOG.info("{} webhook calls were in flight and are made again", interrupted.size());
        }
    }

    private void run() {
        polledAt = System.nanoTime() - POLL.toNanos();
        while (!closing) {
            step();
        }
        long end = System.nanoTime() + grace.toNanos();
        while (!(lanes.isIdle() && unsettled.isEmpty()) && System.nanoTime() - end < 0) {
            step();
        }
    }

    private void step() {
        try {
            await();
            round();
            failing = false;
        } catch (StoreException e) {
            // Nothing is lost: what ended stays unsettled here, what is owed stays in the database.
            if (!failing) {
                LOG.error("webhooks wait for the database: {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("a round of webhook calls failed", e);
            failing = true;
        }
    }

    private void await() {
        boolean busy = !failing && !closing && lanes.isReady();
        try {
            if (!busy && wakeUps.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            LOG.debug("the runner ignores an interrupt: it ends through close()", e);
        }
    }

    // Settle what ended and book what is due in one write, so in one fsync; then send it off.
    private void round() {
        for (var attempt = ended.poll(); attempt != null; attempt = ended.poll()) {
            lanes.ended(attempt.call().webhook(), attempt.isTrouble());
            unsettled.add(attempt);
        }
        if (System.nanoTime() - polledAt >= POLL.toNanos()) {
            polledAt = System.nanoTime();
            pollAll();
        }
        var fresh = Set.copyOf(announced);
        announced.removeAll(fresh);
        lanes.offer(fresh);
        var now = clock.instant();
        var due = closing ? List.<DueCall>of() : due(now);
        if (due.isEmpty() && unsettled.isEmpty()) {
            return;
        }
        var settled = unsettled.stream().map(attempt -> settled(attempt, now)).toList();
        var gone = new HashSet<UUID>();
        unsettled.stream().filter(Attempt::isGone).forEach(a -> gone.add(a.call().webhook()));
        var booked =
                due.stream()
                        .map(call -> now.plus(schedule.waitAfter(call.attempts() + 1)))
                        .toList();
        var claimed =
                store.write(tx -> {
                    WebhookCallStore.settle(tx, settled);
                    gone.forEach(webhook -> disable(tx, webhook));
                    return WebhookCallStore.claim(tx, due, booked);
                });
        unsettled.clear();
        claimed.forEach(this::begin);
    }

    private void pollAll() {
        var enabled = store.read(WebhookStore::enabled);
        lanes.retain(enabled);
        lanes.offer(enabled);
        store.read(WebhookStore::deleted)
                .ifPresent(webhook ->
                        store.write(tx -> {
                            WebhookStore.sweep(tx, webhook, SWEEP_OF_POLL);
                            return webhook;
                        }));
    }

    private List<DueCall> due(Instant now) {
        var turns = lanes.next(WEBHOOKS_OF_ROUND);
        if (turns.isEmpty()) {
            return List.of();
        }
        var due = new ArrayList<DueCall>();
        var more = new ArrayList<UUID>();
        var found =
                store.read(tx ->
                        turns.stream()
                                .map(webhook ->
                                        WebhookCallStore.due(tx, webhook, now, lanes.room(webhook)))
                                .toList());
        for (int i = 0; i < turns.size(); i++) {
            var webhook = turns.get(i);
            var its = found.get(i);
            int taken = Math.min(its.size(), lanes.room() - due.size());
            due.addAll(its.subList(0, taken));
            if (taken < its.size() || its.size() == lanes.room(webhook)) {
                more.add(webhook);
            }
        }
        lanes.offer(more);
        return due;
    }

    private void begin(DueCall call) {
        lanes.began(call.webhook());
        attempts.execute(() -> {
            ended.add(caller.attempt(call));
            wakeUps.release();
        });
    }

    private Settled settled(Attempt attempt, Instant now) {
        var call = attempt.call();
        var row =
                new StoredAttempt(
                        ids.next(), attempt.at(), attempt.statusCode(), attempt.response());
        if (attempt.isAcknowledged()) {
            return new Settled(call.id(), CallStatus.SUCCESS, null, row);
        }
        if (attempt.isGone() || call.attempts() >= RetrySchedule.MAX_ATTEMPTS) {
            LOG.info("webhook {}: call {} given up", call.webhook(), call.id());
            return new Settled(call.id(), CallStatus.FAILED, null, row);
        }
        var next = now.plus(schedule.waitAfter(call.attempts()));
        return new Settled(call.id(), CallStatus.PENDING, next, row);
    }

    private void disable(Tx tx, UUID webhook) {
        LOG.info("webhook {}: disabled, its endpoint is gone (410)", webhook);
        WebhookStore.disable(tx, webhook).ifPresent(team -> calls.forget(tx, team));
    }
}
