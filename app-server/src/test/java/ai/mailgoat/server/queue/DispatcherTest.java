package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Carried.Verdict;
import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final Duration QUICK = Duration.ofMillis(20);

    private Instant now = Instant.parse("2026-11-21T00:00:00Z");
    private final Wanted wanted = new Wanted();
    private Dispatcher dispatcher = dispatcher(1_000, 20, 0, 0);
    private int made;

    @Test
    void memoryDoesNotGrowWithTheBacklogOfOneDomain() {
        dispatcher.entered(entries("dead.test", 200_000));
        var dead = wanted.routes.getFirst();
        assertEquals(1_000, dead.size(Lane.TRANSACTIONAL));
        assertTrue(dead.waiting(Lane.TRANSACTIONAL).more);
        assertFalse(dead.waiting(Lane.BROADCAST).more);
    }

    @Test
    void aFullDomainLeavesRoomForOthers() {
        dispatcher.entered(entries("dead.test", 200_000));
        dispatcher.entered(entries("live.test", 10));
        assertEquals(10, wanted.routes.getLast().size(Lane.TRANSACTIONAL));
    }

    @Test
    void aDomainFullOfBroadcastsHasRoomForTransactionalMail() {
        dispatcher.entered(broadcasts("a.test", 200_000));
        dispatcher.entered(entries("a.test", 7));
        var destination = wanted.routes.getFirst();
        assertEquals(1_000, destination.size(Lane.BROADCAST));
        assertEquals(7, destination.size(Lane.TRANSACTIONAL));
        assertFalse(destination.waiting(Lane.TRANSACTIONAL).more);
    }

    @Test
    void broadcastsToManyDomainsLeaveRoomForTransactionalMail() {
        for (int i = 0; i < 60; i++) {
            dispatcher.entered(broadcasts("d" + i + ".test", 1_000));
        }
        dispatcher.entered(entries("new.test", 1));
        assertEquals("new.test", wanted.routes.getLast().domain);
        assertEquals(1, wanted.routes.getLast().size(Lane.TRANSACTIONAL));
    }

    @Test
    void aSiteOfManyDomainsDoesNotTakeAllTheRoom() {
        for (int i = 0; i < 10; i++) {
            dispatcher.entered(broadcasts("d" + i + ".test", 1_000));
            route("d" + i + ".test", "mx.shared.test");
        }
        var site = wanted.work.getFirst().site;
        assertTrue(site.ready(Lane.BROADCAST) <= 5_000, "ready: " + site.ready(Lane.BROADCAST));
        assertTrue(site.ready(Lane.BROADCAST) > 3_000, "ready: " + site.ready(Lane.BROADCAST));
    }

    @Test
    void anEntryOfferedTwiceIsHeldOnce() {
        var entries = entries("a.test", 5);
        dispatcher.entered(entries);
        dispatcher.entered(entries);
        assertEquals(5, wanted.routes.getFirst().size(Lane.TRANSACTIONAL));
    }

    @Test
    void aSiteStartsWithFewDeliveriesAndGrowsWithSuccess() {
        dispatcher.entered(entries("a.test", 500));
        route("a.test");
        assertEquals(5, dispatcher.active());
        settle(wanted.work.removeFirst(), Verdict.REACHED);
        assertEquals(6, dispatcher.active());
    }

    @Test
    void domainsOfOneSiteTakeTurns() {
        dispatcher.entered(entries("a.test", 100));
        dispatcher.entered(entries("b.test", 100));
        route("a.test", "mx.shared.test");
        var first = wanted.work.getFirst();
        route("b.test", "mx.shared.test");
        wanted.work.clear();
        settle(first, Verdict.REACHED);
        assertNotEquals(domain(wanted.work.getFirst()), domain(wanted.work.getLast()));
    }

    @Test
    void transactionalMailOvertakesBroadcasts() {
        dispatcher.entered(broadcasts("a.test", 50));
        dispatcher.entered(entries("a.test", 1));
        route("a.test");
        assertEquals(Lane.TRANSACTIONAL, lane(wanted.work.getFirst()));
        assertEquals(Lane.BROADCAST, lane(wanted.work.getLast()));
    }

    @Test
    void broadcastsNeverTakeAllSlotsOfASite() {
        dispatcher.entered(broadcasts("a.test", 1_000));
        route("a.test");
        warm();
        assertEquals(4, dispatcher.active());

        dispatcher.entered(entries("a.test", 1));

        assertEquals(Lane.TRANSACTIONAL, lane(wanted.work.getLast()));
        for (int i = 0; i < 40; i++) {
            settle(wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(16, dispatcher.active(), "of 20");
    }

    @Test
    void broadcastsBeginGentlyAndTransactionalMailAtOnce() {
        for (int i = 0; i < 5; i++) {
            dispatcher.entered(broadcasts("d" + i + ".test", 100));
            route("d" + i + ".test");
        }
        assertEquals(1, dispatcher.active());

        dispatcher.entered(entries("new.test", 30));
        route("new.test");
        assertEquals(1 + 5, dispatcher.active());

        for (int running : List.of(2, 4, 8)) {
            now = now.plusSeconds(1);
            dispatcher.tick();
            assertEquals(running + 5, dispatcher.active());
        }
    }

    @Test
    void broadcastsNeverTakeAllSlotsThereAre() {
        dispatcher = dispatcher(10, 20, 0, 0);
        for (int i = 0; i < 5; i++) {
            dispatcher.entered(broadcasts("d" + i + ".test", 100));
            route("d" + i + ".test");
        }
        warm();
        assertEquals(8, dispatcher.active());
        assertFalse(dispatcher.isIdle(Lane.BROADCAST));

        dispatcher.entered(entries("new.test", 1));
        route("new.test");

        assertEquals(9, dispatcher.active());
        assertEquals("new.test", domain(wanted.work.getLast()));
    }

    @Test
    void sitesTakeTurnsWhereSlotsAreFew() {
        dispatcher = dispatcher(5, 20, 0, 0);
        for (var domain : List.of("a.test", "b.test", "c.test")) {
            dispatcher.entered(broadcasts(domain, 1_000));
            route(domain);
        }
        var served = new HashMap<String, Integer>();
        for (int i = 0; i < 60; i++) {
            var work = wanted.work.removeFirst();
            served.merge(domain(work), 1, Integer::sum);
            settle(work, Verdict.REACHED);
        }
        served.forEach((domain, times) -> assertTrue(times >= 18, domain + ": " + times));
    }

    @Test
    void theLanesTakeTurnsAtASingleSlot() {
        dispatcher = dispatcher(1_000, 1, 0, 0);
        dispatcher.entered(broadcasts("a.test", 100));
        dispatcher.entered(entries("a.test", 100));
        route("a.test");
        var lanes = new ArrayList<Lane>();
        for (int i = 0; i < 4; i++) {
            var work = wanted.work.removeFirst();
            assertEquals(1, dispatcher.active());
            assertTrue(lane(work) == Lane.TRANSACTIONAL || work.entries.size() == 1);
            lanes.add(lane(work));
            settle(work, Verdict.REACHED);
        }
        assertEquals(
                List.of(Lane.TRANSACTIONAL, Lane.BROADCAST, Lane.TRANSACTIONAL, Lane.BROADCAST),
                lanes);
    }

    @Test
    void aDeliveryAtASlowSiteTakesLittleAlong() {
        dispatcher.entered(broadcasts("slow.test", 1_000));
        route("slow.test");
        for (int i = 0; i < 10; i++) {
            var work = wanted.work.removeFirst();
            settle(work, Verdict.REACHED, Duration.ofMillis(1_200L * work.entries.size()));
        }
        assertEquals(1, wanted.work.getLast().entries.size());
        for (int i = 0; i < 40; i++) {
            settle(wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(10, wanted.work.getLast().entries.size());
    }

    @Test
    void theRecipientsOfOneMailGoTogether() {
        var email = new EmailId(new UUID(1, 1));
        dispatcher.entered(
                IntStream.range(0, 14).mapToObj(i -> entry("a.test", email, i)).toList());
        route("a.test");
        assertEquals(List.of(10, 4), wanted.work.stream().map(w -> w.entries.size()).toList());
    }

    @Test
    void aDeadSiteIsLeftAloneForAWhileAndThenProbedOnce() {
        dispatcher.entered(entries("dead.test", 100));
        route("dead.test");
        while (!wanted.work.isEmpty()) {
            settle(wanted.work.removeFirst(), Verdict.UNREACHABLE);
        }
        assertEquals(0, dispatcher.active());
        wanted.refills.clear();
        dispatcher.tick();
        assertTrue(wanted.refills.isEmpty(), "no reading while paused");

        now = now.plus(Duration.ofSeconds(31));
        dispatcher.tick();
        var dead = wanted.refills.getFirst();
        dispatcher.refilled(dead.destination, Lane.TRANSACTIONAL, entries("dead.test", 100), true);
        assertEquals(1, wanted.work.size());
    }

    @Test
    void aDrainedDomainIsRefilledFromTheDatabase() {
        dispatcher.entered(entries("big.test", 1_500));
        dispatcher.entered(broadcasts("big.test", 1_500));
        route("big.test");
        while (wanted.refills.isEmpty()) {
            settle(wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(Lane.TRANSACTIONAL, wanted.refills.getFirst().lane);
        assertTrue(wanted.refills.getFirst().destination.size(Lane.TRANSACTIONAL) < 200);
    }

    @Test
    void whatFindsNoRoomDuringARefillIsNotLost() {
        dispatcher.entered(entries("big.test", 1_500));
        var big = route("big.test");
        while (wanted.refills.isEmpty()) {
            settle(wanted.work.removeFirst(), Verdict.REACHED);
        }
        dispatcher.entered(entries("big.test", 1_500));
        dispatcher.refilled(big, Lane.TRANSACTIONAL, List.of(), true);
        assertTrue(big.waiting(Lane.TRANSACTIONAL).more);
    }

    @Test
    void refillsAndRoutesForBroadcastsAreFewAtATime() {
        for (int i = 0; i < 200; i++) {
            dispatcher.entered(broadcasts("d" + i + ".test", 1));
        }
        assertEquals(64, wanted.routes.size());
        dispatcher.entered(entries("d199.test", 1));
        assertEquals("d199.test", wanted.routes.getLast().domain);
        assertEquals(65, wanted.routes.size());
        var seen = wanted.routes.size();
        while (!wanted.routes.isEmpty()) {
            route(wanted.routes.getFirst().domain);
            seen++;
        }
        assertEquals(65 + 200, seen);
    }

    @Test
    void broadcastsKeepTheirPaceInAll() {
        dispatcher = dispatcher(1_000, 20, 600, 0);
        for (var domain : List.of("a.test", "b.test", "c.test")) {
            dispatcher.entered(broadcasts(domain, 1_000));
            route(domain);
        }
        var sent = run(Duration.ofMinutes(3));
        int all = sent.values().stream().mapToInt(i -> i).sum();
        assertTrue(all >= 1_764 && all <= 1_836, "in three minutes: " + all);
        sent.forEach((domain, n) -> assertTrue(n > 450, domain + ": " + n));
    }

    @Test
    void broadcastsKeepTheirPaceAtEachSite() {
        dispatcher = dispatcher(1_000, 20, 0, 7);
        for (var domain : List.of("a.test", "b.test")) {
            dispatcher.entered(broadcasts(domain, 500));
            route(domain);
        }
        dispatcher.entered(entries("a.test", 500));
        var sent = run(Duration.ofMinutes(10));
        assertTrue(sent.get("a.test") >= 500 + 69 && sent.get("a.test") <= 500 + 72, "" + sent);
        assertTrue(sent.get("b.test") >= 69 && sent.get("b.test") <= 72, "" + sent);
    }

    @Test
    void whatWasNotTriedDoesNotCountForThePace() {
        dispatcher = dispatcher(1_000, 20, 0, 300);
        dispatcher.entered(broadcasts("a.test", 1_000));
        route("a.test");
        now = now.plusSeconds(2);
        dispatcher.tick();
        int taken = wanted.work.stream().mapToInt(w -> w.entries.size()).sum();
        assertEquals(11, taken);
        while (!wanted.work.isEmpty()) {
            var work = wanted.work.removeFirst();
            dispatcher.settled(work.site, work.entries, Carried.NOTHING, QUICK);
            taken -= work.entries.size();
            if (taken <= 0) {
                break;
            }
        }
        assertFalse(wanted.work.isEmpty(), "the pace allows it again");
    }

    @Test
    void domainsWithoutARouteEndAtOnce() {
        dispatcher.entered(entries("none.test", 3));
        dispatcher.routed(
                wanted.routes.remove(),
                new Route.Refused(Diagnostic.local("dns", "no such domain")));
        assertEquals(3, wanted.work.stream().mapToInt(w -> w.entries.size()).sum());
    }

    @Test
    void nothingStartsOnceClosed() {
        dispatcher.entered(entries("a.test", 100));
        route("a.test");
        dispatcher.close();
        var work = wanted.work.removeFirst();
        wanted.work.clear();
        settle(work, Verdict.REACHED);
        dispatcher.entered(entries("b.test", 10));
        assertTrue(wanted.work.isEmpty());
        assertTrue(wanted.routes.isEmpty());
    }

    /// Lets all deliveries end at once and the clock go on, with a tick each second.
    private Map<String, Integer> run(Duration time) {
        var sent = new HashMap<String, Integer>();
        for (int second = 0; second < time.toSeconds(); second++) {
            while (!wanted.work.isEmpty()) {
                var work = wanted.work.removeFirst();
                sent.merge(domain(work), work.entries.size(), Integer::sum);
                settle(work, Verdict.REACHED);
            }
            wanted.refills.clear();
            now = now.plusSeconds(1);
            dispatcher.tick();
        }
        return sent;
    }

    /// Lets the time pass in which broadcasts begin gently.
    private void warm() {
        now = now.plusSeconds(30);
        dispatcher.tick();
    }

    private void settle(Work work, Verdict verdict) {
        settle(work, verdict, QUICK);
    }

    private void settle(Work work, Verdict verdict, Duration time) {
        dispatcher.settled(
                work.site, work.entries, new Carried(verdict, work.entries.size()), time);
    }

    private static Lane lane(Work work) {
        return work.entries.getFirst().lane();
    }

    private static String domain(Work work) {
        return work.entries.getFirst().domain();
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

    private Dispatcher dispatcher(int connections, int perSite, int pace, int pacePerSite) {
        return new Dispatcher(
                () -> now, wanted, new DispatchLimits(connections, perSite, pace, pacePerSite));
    }

    private List<Entry> entries(String domain, int count) {
        return entries(domain, count, Lane.TRANSACTIONAL);
    }

    private List<Entry> broadcasts(String domain, int count) {
        return entries(domain, count, Lane.BROADCAST);
    }

    private List<Entry> entries(String domain, int count, Lane lane) {
        var entries = new ArrayList<Entry>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(domain, new EmailId(new UUID(8, ++made)), 0, lane));
        }
        return entries;
    }

    private Entry entry(String domain, EmailId email, int ordinal) {
        return entry(domain, email, ordinal, Lane.TRANSACTIONAL);
    }

    private Entry entry(String domain, EmailId email, int ordinal, Lane lane) {
        var expires = now.plus(Duration.ofDays(5));
        var id = new UUID(7, ++made);
        return new Entry(id, email, ordinal, lane, domain, "a@" + domain, now, expires, 0);
    }

    private record Work(SiteQueue site, List<Entry> entries) {}

    private record Wish(Destination destination, Lane lane) {}

    private static final class Wanted implements Dispatcher.Actions {
        final Deque<Work> work = new ArrayDeque<>();
        final Deque<Destination> routes = new ArrayDeque<>();
        final Deque<Wish> refills = new ArrayDeque<>();

        @Override
        public void work(SiteQueue site, List<Entry> entries) {
            work.add(new Work(site, entries));
        }

        @Override
        public void route(Destination destination) {
            routes.add(destination);
        }

        @Override
        public void refill(Destination destination, Lane lane) {
            refills.add(new Wish(destination, lane));
        }
    }
}
