package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for the records of domains whose check is due. The database says when (`next_check_at`); a
/// wake-up only spares the wait for the next poll, so a lost one costs that much.
///
/// A check reads the records, asks the DNS with no transaction open, and writes what it found onto
/// the records as they are by then, in one transaction with the event.
public final class DomainVerifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DomainVerifier.class);
    private static final Duration POLL = Duration.ofSeconds(30);
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);
    private static final int MAX_AT_A_TIME = 16;

    /// More than run at a time, so that the ones in flight do not hide the others.
    private static final int READ_AT_A_TIME = 4 * MAX_AT_A_TIME;

    private final Store store;
    private final DomainStore domains = new DomainStore();
    private final RecordCheck check;
    private final DomainEvents events;
    private final SendingDomains sending;
    private final InstantSource clock;

    private final Semaphore wakeUps = new Semaphore(0);
    private final Set<DomainId> inFlight = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Thread runner;
    private volatile boolean closing;

    public DomainVerifier(
            Store store, Dns dns, EventLog events, SendingDomains sending, InstantSource clock) {
        this.store = store;
        this.check = new RecordCheck(dns.uncached());
        this.events = new DomainEvents(events, clock);
        this.sending = sending;
        this.clock = clock;
    }

    /// Starts to look, in the background. Without it nothing is ever checked.
    public void start() {
        runner = Thread.ofVirtual().name("domain-verifier").start(this::run);
    }

    /// Something may be due now.
    public void wake() {
        wakeUps.release();
    }

    /// Starts no more checks and waits for those in flight, at most ten seconds. The store must
    /// still be open.
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            if (runner != null) {
                runner.join();
            }
            threads.shutdown();
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("{} checks of domains were left unfinished", inFlight.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Checks what is due now and waits for the results.
    ///
    /// @return how many domains were checked
    int checkDue() {
        var due = store.read(tx -> domains.due(tx, clock.instant(), READ_AT_A_TIME));
        due.forEach(this::check);
        return due.size();
    }

    private void run() {
        while (!closing) {
            var wait = POLL;
            try {
                startDue();
                wait = untilNextDue();
            } catch (RuntimeException e) {
                LOG.warn("domains due for a check could not be read: {}", e.getMessage());
            }
            try {
                if (wakeUps.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void startDue() {
        var due = store.read(tx -> domains.due(tx, clock.instant(), READ_AT_A_TIME));
        for (var id : due) {
            if (closing || inFlight.size() >= MAX_AT_A_TIME) {
                return;
            }
            if (inFlight.add(id)) {
                threads.execute(() -> checkInBackground(id));
            }
        }
    }

    // A check that throws does not wake the runner: its domain is still due, and would come at
    // once.
    private void checkInBackground(DomainId id) {
        boolean done = false;
        try {
            check(id);
            done = true;
        } catch (RuntimeException e) {
            LOG.warn("domain {} could not be checked: {}", id, e.getMessage());
        } finally {
            inFlight.remove(id);
        }
        if (done) {
            wake();
        }
    }

    private Duration untilNextDue() {
        var now = clock.instant();
        var next = store.read(tx -> domains.nextDue(tx, now)).orElse(now.plus(POLL));
        var wait = Duration.between(now, next);
        if (wait.compareTo(SHORTEST_WAIT) < 0) {
            return SHORTEST_WAIT;
        }
        return wait.compareTo(POLL) > 0 ? POLL : wait;
    }

    private void check(DomainId id) {
        var records = store.read(tx -> domains.records(tx, id));
        var verdicts = verdicts(records);
        store.<@Nullable Void>write(tx -> {
            settle(tx, id, records, verdicts);
            return null;
        });
    }

    private List<Verdict> verdicts(List<DomainRecord> records) {
        try (var lookUps = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<CompletableFuture<Verdict>>();
            for (var record : records) {
                asked.add(CompletableFuture.supplyAsync(() -> check.check(record), lookUps));
            }
            return asked.stream().map(CompletableFuture::join).toList();
        }
    }

    private void settle(Tx tx, DomainId id, List<DomainRecord> asked, List<Verdict> verdicts) {
        var domain = domains.byId(tx, id);
        var before = domains.records(tx, id);
        // Deleted, or rearranged meanwhile: then it is due again at once.
        if (domain.isEmpty() || !areSame(asked, before)) {
            return;
        }
        Instant now = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        var progress = Progress.checked(before, verdicts, domain.get().checkingSince(), now);
        var after = domain.get().with(progress.status(), progress.since(), progress.nextCheckAt());
        domains.update(tx, after);
        domains.replaceRecords(tx, id, progress.records());
        if (isNews(before, progress.records()) || domain.get().status() != after.status()) {
            LOG.info("domain {} is {}", after.name(), after.status().apiName());
            events.updated(tx, after, progress.records());
            sending.changed(tx, after.name());
        }
    }

    private static boolean areSame(List<DomainRecord> a, List<DomainRecord> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).isSame(b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNews(List<DomainRecord> before, List<DomainRecord> after) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).status() != after.get(i).status()) {
                return true;
            }
        }
        return false;
    }
}
