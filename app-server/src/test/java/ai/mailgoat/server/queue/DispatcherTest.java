package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Dispatcher.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private Instant now = Instant.parse("2026-11-21T00:00:00Z");
    private final Wanted wanted = new Wanted();
    private final Dispatcher dispatcher = new Dispatcher(clock(), wanted, 20, 1_000);
    private int made;

    @Test
    void memoryDoesNotGrowWithTheBacklogOfOneDomain() {
        dispatcher.offer(entries("dead.test", 200_000));
        var dead = route("dead.test");
        assertEquals(1_000, dead.size());
        assertTrue(dead.more);
    }

    @Test
    void aFullDomainLeavesRoomForOthers() {
        dispatcher.offer(entries("dead.test", 200_000));
        dispatcher.offer(entries("live.test", 10));
        assertEquals(10, route("live.test").size());
    }

    @Test
    void anEntryOfferedTwiceIsHeldOnce() {
        var entries = entries("a.test", 5);
        dispatcher.offer(entries);
        dispatcher.offer(entries);
        assertEquals(5, route("a.test").size());
    }

    @Test
    void aSiteStartsWithFewDeliveriesAndGrowsWithSuccess() {
        dispatcher.offer(entries("a.test", 500));
        route("a.test");
        assertEquals(5, wanted.work.size());
        var site = wanted.work.getFirst();
        dispatcher.settled(site, dispatcher.take(site), Verdict.REACHED);
        assertEquals(6, wanted.work.size());
    }

    @Test
    void domainsOfOneSiteTakeTurns() {
        dispatcher.offer(entries("a.test", 100));
        dispatcher.offer(entries("b.test", 100));
        route("a.test", "mx.shared.test");
        route("b.test", "mx.shared.test");
        var site = wanted.work.getFirst();
        var first = dispatcher.take(site).getFirst().domain();
        var second = dispatcher.take(site).getFirst().domain();
        assertFalse(first.equals(second), first + " twice");
    }

    @Test
    void transactionalMailOvertakesBroadcasts() {
        dispatcher.offer(entries("a.test", 50, Entry.Lane.BROADCAST));
        dispatcher.offer(entries("a.test", 1, Entry.Lane.TRANSACTIONAL));
        route("a.test");
        assertEquals(
                Entry.Lane.TRANSACTIONAL,
                dispatcher.take(wanted.work.getFirst()).getFirst().lane());
    }

    @Test
    void aDeadSiteIsLeftAloneForAWhileAndThenProbedOnce() {
        dispatcher.offer(entries("dead.test", 100));
        route("dead.test");
        var site = wanted.work.getFirst();
        for (int i = 0; i < 3; i++) {
            dispatcher.settled(site, dispatcher.take(site), Verdict.UNREACHABLE);
        }
        assertTrue(dispatcher.take(site).isEmpty());
        IntStream.range(0, 4).forEach(_ -> assertTrue(dispatcher.take(site).isEmpty()));
        assertEquals(0, dispatcher.active());
        wanted.work.clear();
        wanted.refills.clear();
        dispatcher.tick();
        assertTrue(wanted.refills.isEmpty(), "no reading while paused");

        now = now.plus(Duration.ofSeconds(31));
        dispatcher.tick();
        var dead = wanted.refills.getFirst();
        dispatcher.refilled(dead, entries("dead.test", 100), true);
        assertEquals(1, wanted.work.size());
    }

    @Test
    void aDrainedDomainIsRefilledFromTheDatabase() {
        dispatcher.offer(entries("big.test", 1_500));
        route("big.test");
        var site = wanted.work.getFirst();
        for (int taken = 0; taken < 850; taken += 10) {
            var entries = dispatcher.take(site);
            dispatcher.settled(site, entries, Verdict.REACHED);
        }
        assertEquals("big.test", wanted.refills.getFirst().domain);
    }

    @Test
    void domainsWithoutARouteEndAtOnce() {
        dispatcher.offer(entries("none.test", 3));
        var destination = wanted.routes.remove();
        dispatcher.routed(
                destination, new Route.Refused(Diagnostic.local("dns", "no such domain")));
        assertEquals(3, dispatcher.take(wanted.work.getFirst()).size());
    }

    @Test
    void nothingStartsOnceClosed() {
        dispatcher.offer(entries("a.test", 10));
        route("a.test");
        var site = wanted.work.getFirst();
        dispatcher.close();
        assertTrue(dispatcher.take(site).isEmpty());
        dispatcher.offer(entries("b.test", 10));
        assertTrue(wanted.routes.isEmpty());
    }

    private Destination route(String domain) {
        return route(domain, "mx." + domain);
    }

    private Destination route(String domain, String host) {
        var destination =
                wanted.routes.stream()
                        .filter(d -> d.domain.equals(domain))
                        .findFirst()
                        .orElseThrow();
        wanted.routes.remove(destination);
        dispatcher.routed(destination, new Route.Site(host, List.of(new Route.Host(10, host, 25))));
        return destination;
    }

    private List<Entry> entries(String domain, int count) {
        return entries(domain, count, Entry.Lane.TRANSACTIONAL);
    }

    private List<Entry> entries(String domain, int count, Entry.Lane lane) {
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            var id = new UUID(7, ++made);
            entries.add(
                    new Entry(
                            id,
                            new EmailId(id),
                            0,
                            lane,
                            domain,
                            "a@" + domain,
                            now,
                            now.plus(Duration.ofDays(5)),
                            0));
        }
        return entries;
    }

    private InstantSource clock() {
        return () -> now;
    }

    private static final class Wanted implements Dispatcher.Actions {
        final Deque<SiteQueue> work = new ArrayDeque<>();
        final Deque<Destination> routes = new ArrayDeque<>();
        final Deque<Destination> refills = new ArrayDeque<>();

        @Override
        public void work(SiteQueue site) {
            work.add(site);
        }

        @Override
        public void route(Destination destination) {
            routes.add(destination);
        }

        @Override
        public void refill(Destination destination) {
            refills.add(destination);
        }
    }
}
