package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.event.StoredEvent;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.store.TestStore;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queue on a real database, with a scripted way out.
class QueueRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WAIT = Duration.ofMinutes(10);
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-21T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final Uuids ids = new Uuids(clock, new Random(1));
    private final Events events = new Events(ids, new WebhookCalls(ids));
    private final Queue queue = new Queue(clock, LIFETIME);
    private final QueueStore rows = new QueueStore();
    private final Script script = new Script();
    private TestStore test;
    private QueueRunner runner;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = TestStore.open(directory);
        runner = runner(true);
    }

    @AfterEach
    void close() {
        runner.close();
        test.close();
    }

    @Test
    void aDeadDestinationDoesNotHoldUpOthers() {
        script.outcome = path -> isDead(path) ? refused() : delivered();
        var dead = IntStream.range(0, 5_000).mapToObj(i -> entry("d" + i + "@dead.test")).toList();
        var live = IntStream.range(0, 500).mapToObj(i -> entry("l" + i + "@live.test")).toList();
        enqueue(dead);
        runner.start();
        enqueue(live);

        await(() -> test.count("queue_entry") == 5_000);

        assertEquals(500, script.delivered("live.test"));
        assertEquals(5_000, count("queue_entry WHERE domain = 'dead.test'"));
        assertEquals(500, count("event WHERE type = 'email.delivered'"));
        int tried = count("queue_entry WHERE attempts > 0");
        assertTrue(tried > 0 && tried < 200, tried + " of a dead destination were tried");
    }

    @Test
    void whatAKilledRunnerHadBookedIsTriedAgainAtOnce() {
        var entry = entry("a@live.test");
        var crasher = with(entry("b@live.test"), 25);
        leaveBooked(List.of(entry, crasher), now.get().plus(WAIT));
        pass(Duration.ofSeconds(1));

        runner.start();
        await(() -> script.delivered("live.test") == 1);
        await(() -> test.count("queue_entry") == 1);

        assertEquals(2, attempts(entry).getFirst().number());
        assertEquals(List.of(), attempts(crasher));
    }

    @Test
    void aDeferredMailKeepsItsEntryAndItsAttempts() {
        script.outcome = _ -> deferred();
        var entry = entry("a@live.test");
        enqueue(List.of(entry));
        runner.start();
        await(() -> attempts(entry).size() == 1);
        pass(WAIT.plusMinutes(2));
        await(() -> attempts(entry).size() == 2);

        assertEquals(List.of(1, 2), attempts(entry).stream().map(AttemptRow::number).toList());
        assertEquals(2, only(entry).attempts());
        assertTrue(only(entry).due().isAfter(now.get().plus(Duration.ofMinutes(8))));
        assertEquals(List.of("email.delivery_delayed", "email.delivery_delayed"), told(entry));

        script.outcome = _ -> delivered();
        pass(WAIT.plusMinutes(2));
        await(() -> attempts(entry).size() == 3);
        assertEquals("email.delivered", told(entry).getLast());
        assertEquals(0, test.count("queue_entry"));
    }

    @Test
    void mailIsGivenUpWhenItsTimeIsOver() {
        script.outcome = _ -> deferred();
        var entry = entry("a@live.test");
        enqueue(List.of(entry));
        runner.start();
        await(() -> attempts(entry).size() == 1);
        pass(LIFETIME.minusMinutes(5));

        await(() -> test.count("queue_entry") == 0);

        assertEquals(List.of("email.delivery_delayed", "email.bounced"), told(entry));
        var bounce = new String(story(entry).getLast().data(), StandardCharsets.UTF_8);
        assertTrue(bounce.contains("\"type\":\"Transient\""), bounce);
        assertEquals(0, test.count("suppression"));
    }

    @Test
    void mailInDoubtIsTriedAgainWhereThePolicyIsRetry() {
        script.outcome = _ -> new InDoubt(said("the link broke"));
        var entry = entry("a@live.test");
        enqueue(List.of(entry));
        runner.start();
        await(() -> attempts(entry).size() == 1);

        assertEquals("in_doubt", attempts(entry).getFirst().outcome());
        assertEquals(1, only(entry).attempts());
        assertEquals(List.of("email.delivery_delayed"), told(entry));
    }

    @Test
    void mailInDoubtIsClosedWhereThePolicyIsFail() {
        runner.close();
        runner = runner(false);
        script.outcome = _ -> new InDoubt(said("the link broke"));
        var entry = entry("a@live.test");
        enqueue(List.of(entry));
        runner.start();
        await(() -> attempts(entry).size() == 1);

        assertEquals(0, test.count("queue_entry"));
        assertEquals(List.of("email.failed"), told(entry));
    }

    @Test
    void canceledMailDoesNotLeave() {
        var due = now.get().plus(WAIT);
        var canceled = due(entry("a@live.test"), due);
        var other = due(entry("b@live.test"), due);
        enqueue(List.of(canceled, other));
        runner.start();
        int withdrawn = test.store().write(tx -> queue.withdraw(tx, canceled.email()));
        assertEquals(1, withdrawn);
        pass(WAIT);

        await(() -> script.delivered("live.test") == 1);

        assertTrue(script.reached.contains("b@live.test"));
        assertFalse(script.reached.contains("a@live.test"));
        await(() -> test.count("queue_entry") == 0);
    }

    @Test
    void onlyARecipientAtFaultIsSuppressed() {
        script.outcome = path -> new Bounced(said("no"), path.localPart().equals("nobody"));
        enqueue(List.of(entry("nobody@live.test"), entry("spam@live.test")));
        runner.start();

        await(() -> test.count("queue_entry") == 0);

        assertEquals(2, count("event WHERE type = 'email.bounced'"));
        assertEquals(
                List.of("nobody@live.test"),
                test.store()
                        .read(tx ->
                                tx.query(
                                        "SELECT address FROM suppression",
                                        row -> row.string("address"))));
    }

    @Test
    void pagesOfOneInstantLeaveNothingOut() {
        var entries = IntStream.range(0, 250).mapToObj(i -> entry("a" + i + "@live.test")).toList();
        var later = due(entry("z@live.test"), now.get().plusSeconds(1));
        insert(entries);
        insert(List.of(later));
        var to = now.get().plusSeconds(1);

        var seen = new ArrayList<Entry>();
        var page = page(Instant.EPOCH, new UUID(0, 0), to);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = page(page.getLast().due(), page.getLast().id(), to);
        }

        assertEquals(251, seen.size());
        assertEquals(251, seen.stream().map(Entry::id).distinct().count());
        assertEquals(later, seen.getLast());
    }

    private List<Entry> page(Instant from, UUID after, Instant to) {
        return test.store()
                .read(tx -> rows.due(tx, Entry.Lane.TRANSACTIONAL, from, after, to, 100));
    }

    private QueueRunner runner(boolean retryInDoubt) {
        return new QueueRunner(
                test.store(),
                queue,
                (_, emails) -> mails(emails),
                script,
                events,
                new Suppressions(test.store(), events::record, clock, ids),
                new QueueRunner.Settings(
                        List.of(WAIT), new DispatchLimits(100, 20, 0, 0), 2, retryInDoubt),
                clock,
                new Random(2));
    }

    private Map<EmailId, Mail> mails(Collection<EmailId> emails) {
        var mails = new HashMap<EmailId, Mail>();
        emails.forEach(id -> mails.put(id, new ShortMail(id, test.team())));
        return mails;
    }

    private Entry entry(String address) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new Entry(
                ids.next(),
                new EmailId(ids.next()),
                0,
                Entry.Lane.TRANSACTIONAL,
                domain,
                address,
                now.get(),
                queue.expiry(now.get()),
                0);
    }

    private static Entry with(Entry e, int attempts) {
        return new Entry(
                e.id(),
                e.email(),
                e.ordinal(),
                e.lane(),
                e.domain(),
                e.address(),
                e.due(),
                e.expires(),
                attempts);
    }

    private Entry due(Entry e, Instant due) {
        return new Entry(
                e.id(),
                e.email(),
                e.ordinal(),
                e.lane(),
                e.domain(),
                e.address(),
                due,
                queue.expiry(due),
                e.attempts());
    }

    private void enqueue(List<Entry> entries) {
        test.store()
                .write(tx -> {
                    queue.enqueue(tx, entries);
                    return true;
                });
    }

    /// Without the wake-up, so that nobody takes them.
    private void insert(List<Entry> entries) {
        test.store()
                .write(tx -> {
                    rows.insert(tx, entries);
                    return true;
                });
    }

    /// As a process leaves them that is killed in the middle of a delivery.
    private void leaveBooked(List<Entry> entries, Instant next) {
        var times = entries.stream().map(_ -> next).toList();
        test.store()
                .write(tx -> {
                    rows.insert(tx, entries);
                    return rows.book(tx, entries, times, now.get());
                });
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private List<AttemptRow> attempts(Entry entry) {
        return test.store().read(tx -> rows.attempts(tx, entry.email()));
    }

    private Entry only(Entry entry) {
        return test.store().read(tx -> rows.ofEmail(tx, entry.email())).getFirst();
    }

    private List<StoredEvent> story(Entry entry) {
        return test.store().read(tx -> events.ofSubject(tx, entry.email().value()));
    }

    private List<String> told(Entry entry) {
        return story(entry).stream().map(StoredEvent::type).toList();
    }

    private int count(String from) {
        return test.count(from);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen in time");
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean isDead(Mailbox path) {
        return path.domain().ascii().equals("dead.test");
    }

    private static DeliveryOutcome delivered() {
        return new Delivered(said("250 ok"));
    }

    private static DeliveryOutcome deferred() {
        return new Deferred(said("451 later"), false);
    }

    private static DeliveryOutcome refused() {
        return new Deferred(said("connection refused"), true);
    }

    private static Diagnostic said(String reason) {
        return Diagnostic.local("dot", reason);
    }

    private static final class Script implements Transport {
        volatile Function<Mailbox, DeliveryOutcome> outcome = _ -> QueueRunnerTest.delivered();
        final Set<String> reached = ConcurrentHashMap.newKeySet();

        @Override
        public Route route(String domain) {
            return new Route.Site(domain, List.of(new Route.Host(10, "mx." + domain, 25)));
        }

        @Override
        public Map<Mailbox, DeliveryOutcome> deliver(Route.Site site, Consignment consignment) {
            var outcomes = new LinkedHashMap<Mailbox, DeliveryOutcome>();
            for (var path : consignment.forwardPaths()) {
                var result = outcome.apply(path);
                outcomes.put(path, result);
                if (result instanceof Delivered) {
                    reached.add(path.toString());
                }
            }
            return outcomes;
        }

        long delivered(String domain) {
            return reached.stream().filter(address -> address.endsWith("@" + domain)).count();
        }
    }
}
