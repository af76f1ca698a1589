package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.Courier;
import ai.mailgoat.server.delivery.CourierSettings;
import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.FaultMx;
import ai.mailgoat.server.delivery.MapDns;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.store.TestStore;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Transactional mail beside a broadcast: the real queue, the real courier, and one MX host that
/// takes a second for each mail.
@Timeout(180)
class LanesTest {
    private static final int BROADCASTS = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final DispatchLimits STANDARD = new DispatchLimits(200, 20, 0, 0);

    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Clock.systemUTC().instant().plus(ahead);
    private final Uuids ids = new Uuids(clock, new Random(1));
    private final Queue queue = new Queue(clock, Duration.ofDays(5));
    private final QueueStore rows = new QueueStore();
    private final Courier courier =
            new Courier(
                    new MapDns().addresses("mx1.test", "127.0.0.1"),
                    CourierSettings.defaults("client.test").withPrivateAddresses(),
                    RandomGenerator.getDefault());
    private FaultMx mx;
    private TestStore test;
    private QueueRunner runner;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = TestStore.open(directory);
        mx = new FaultMx();
        mx.on("DOT", FaultMx.pause(Duration.ofSeconds(1)).then(FaultMx.say("250 2.0.0 taken")));
        runner = runner(STANDARD);
        // A first mail, so that no later one pays for classes and plans.
        runner.start();
        onTheWire("first@a.test");
    }

    @AfterEach
    void close() {
        runner.close();
        courier.close();
        test.close();
        mx.close();
    }

    @Test
    void aSiteThatIsBusyWithABroadcastTakesATransactionalMailAtOnce() {
        enqueue(broadcasts("a.test", BROADCASTS / 2));
        enqueue(broadcastsToDomains(BROADCASTS / 2));
        await(() -> mx.mails().size() > 60);
        assertTrue(runner.active() > 10, "busy with " + runner.active());

        for (int i = 0; i < 10; i++) {
            atOnce(onTheWire("reset" + i + "@a.test"));
            atOnce(onTheWire("reset" + i + "@new" + i + ".test"));
            // Each keeps its slot for a second, and four slots are theirs.
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
        assertTrue(test.count("queue_entry") > BROADCASTS - 1_500, "the broadcast still runs");
    }

    @Test
    void afterARestartTheTransactionalMailIsTheFirst() {
        runner.close();
        insert(broadcasts("a.test", BROADCASTS / 2));
        insert(broadcastsToDomains(BROADCASTS / 2));
        insert(List.of(entry(Lane.TRANSACTIONAL, "reset@a.test", clock.instant())));

        runner = runner(STANDARD);
        long start = System.nanoTime();
        runner.start();
        atOnce(awaitOnTheWire("reset@a.test", start));
    }

    @Test
    void whatFallsDueWithABroadcastDoesNotWaitForIt() {
        var due = clock.instant().plus(Duration.ofHours(1));
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < BROADCASTS; i++) {
            entries.add(entry(Lane.BROADCAST, "b" + i + "@a.test", due.minusMillis(i % 1_000)));
        }
        insert(entries);
        insert(List.of(entry(Lane.TRANSACTIONAL, "scheduled@a.test", due)));

        long start = System.nanoTime();
        ahead = Duration.ofHours(1).plusSeconds(5);
        var time = awaitOnTheWire("scheduled@a.test", start);
        assertTrue(time.toMillis() < 2_000, "a poll and the delivery took " + time);
    }

    @Test
    void whereOneConnectionIsAllowedTheLanesTakeTurns() {
        runner.close();
        runner = runner(new DispatchLimits(200, 1, 0, 0));
        runner.start();
        enqueue(broadcasts("a.test", 1_000));
        await(() -> mx.mails().size() > 2);

        var time = onTheWire("reset@a.test");
        assertTrue(time.toMillis() < 2_000, "the mail in hand and this one took " + time);
        int taken = mx.mails().size();
        await(() -> mx.mails().size() > taken + 1);
    }

    @Test
    void aBroadcastKeepsItsPaceAndTransactionalMailDoesNot() {
        runner.close();
        mx.on("DOT", FaultMx.say("250 2.0.0 taken"));
        runner = runner(new DispatchLimits(200, 20, 600, 0));
        int before = mx.mails().size();
        long start = System.nanoTime();
        runner.start();
        enqueue(broadcasts("a.test", 5_000));
        await(() -> System.nanoTime() - start > Duration.ofSeconds(10).toNanos());
        int taken = mx.mails().size() - before;
        assertTrue(taken >= 85 && taken <= 110, "in 10 s at 10 a second: " + taken);
        atOnce(onTheWire("reset@a.test"));
    }

    @Test
    void aBroadcastIsToldHowFarAheadItMayBe() {
        assertEquals(5_000, room());
        runner.close();
        runner = runner(new DispatchLimits(5, 5, 0, 0));
        runner.start();
        insert(broadcasts("a.test", 100));
        enqueue(broadcasts("a.test", 1_000));
        await(() -> runner.active() == 4);
        assertTrue(room() >= 3_900 && room() < 4_500, "room for " + room());
        enqueue(broadcasts("a.test", 5_000));
        assertEquals(0, room());

        runner.close();
        runner = runner(STANDARD);
        runner.start();
        // One slow site leaves most connections idle.
        await(() -> room() == 1_000);
    }

    private int room() {
        return test.store().read(queue::broadcastRoom);
    }

    private static void atOnce(Duration time) {
        assertTrue(time.toMillis() < 1_000, "on the wire after " + time);
    }

    /// Puts one transactional mail in.
    ///
    /// @return the time until the host had all of it
    private Duration onTheWire(String address) {
        long start = System.nanoTime();
        enqueue(List.of(entry(Lane.TRANSACTIONAL, address, clock.instant())));
        return awaitOnTheWire(address, start);
    }

    private Duration awaitOnTheWire(String address, long start) {
        await(() ->
                mx.mails().stream().anyMatch(mail -> mail.rcpts().getFirst().contains(address)));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private QueueRunner runner(DispatchLimits limits) {
        var events = new Events(ids, new WebhookCalls(ids));
        return new QueueRunner(
                test.store(),
                queue,
                (_, emails) -> {
                    var mails = new HashMap<EmailId, Mail>();
                    emails.forEach(id -> mails.put(id, new ShortMail(id, test.team())));
                    return mails;
                },
                new OneSite(),
                events,
                new Suppressions(test.store(), events::record, clock, ids),
                new QueueRunner.Settings(List.of(Duration.ofMinutes(10)), limits, 2, true),
                clock,
                new Random(2));
    }

    private List<Entry> broadcasts(String domain, int count) {
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(Lane.BROADCAST, "b" + i + "@" + domain, clock.instant()));
        }
        return entries;
    }

    private List<Entry> broadcastsToDomains(int count) {
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(Lane.BROADCAST, "b@d" + i / 10 + ".test", clock.instant()));
        }
        return entries;
    }

    private Entry entry(Lane lane, String address, Instant due) {
        return new Entry(
                ids.next(),
                new EmailId(ids.next()),
                0,
                lane,
                address.substring(address.indexOf('@') + 1),
                address,
                due,
                queue.expiry(due),
                0);
    }

    private void enqueue(List<Entry> entries) {
        test.store()
                .write(tx -> {
                    queue.enqueue(tx, entries);
                    return true;
                });
    }

    /// As if they had been there before.
    private void insert(List<Entry> entries) {
        test.store()
                .write(tx -> {
                    rows.insert(tx, entries);
                    return true;
                });
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen in time");
            LockSupport.parkNanos(5_000_000);
        }
    }

    /// All domains have the same MX host.
    private final class OneSite implements Transport {
        @Override
        public Route route(String domain) {
            return new Route.Site("mx1.test", List.of(mx.host(10, "mx1.test")));
        }

        @Override
        public Map<Mailbox, DeliveryOutcome> deliver(Route.Site site, Consignment consignment) {
            return courier.deliver(site, consignment);
        }
    }
}
