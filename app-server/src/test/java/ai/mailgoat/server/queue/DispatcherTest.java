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
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Room in memory, routes, refills and sites.
class DispatcherTest {
    private final DispatcherFixture f = new DispatcherFixture();

    @Test
    void memoryDoesNotGrowWithTheBacklogOfOneDomain() {
        f.dispatcher.entered(f.entries("dead.test", 200_000));
        var dead = f.wanted.routes.getFirst();
        assertEquals(1_000, dead.size(Lane.TRANSACTIONAL));
        assertTrue(dead.waiting(Lane.TRANSACTIONAL).more);
        assertFalse(dead.waiting(Lane.BROADCAST).more);
    }

    @Test
    void aFullDomainLeavesRoomForOthers() {
        f.dispatcher.entered(f.entries("dead.test", 200_000));
        f.dispatcher.entered(f.entries("live.test", 10));
        assertEquals(10, f.wanted.routes.getLast().size(Lane.TRANSACTIONAL));
    }

    @Test
    void aSiteOfManyDomainsDoesNotTakeAllTheRoom() {
        for (int i = 0; i < 10; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 1_000));
            f.route("d" + i + ".test", "mx.shared.test");
        }
        var site = f.wanted.work.getFirst().site();
        assertTrue(site.ready(Lane.BROADCAST) <= 5_000, "ready: " + site.ready(Lane.BROADCAST));
        assertTrue(site.ready(Lane.BROADCAST) > 3_000, "ready: " + site.ready(Lane.BROADCAST));
    }

    @Test
    void anEntryOfferedTwiceIsHeldOnce() {
        var entries = f.entries("a.test", 5);
        f.dispatcher.entered(entries);
        f.dispatcher.entered(entries);
        assertEquals(5, f.wanted.routes.getFirst().size(Lane.TRANSACTIONAL));
    }

    @Test
    void aSiteStartsWithFewDeliveriesAndGrowsWithSuccess() {
        f.dispatcher.entered(f.entries("a.test", 500));
        f.route("a.test");
        assertEquals(5, f.dispatcher.active());
        f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        assertEquals(6, f.dispatcher.active());
    }

    @Test
    void domainsOfOneSiteTakeTurns() {
        f.dispatcher.entered(f.entries("a.test", 100));
        f.dispatcher.entered(f.entries("b.test", 100));
        f.route("a.test", "mx.shared.test");
        var first = f.wanted.work.getFirst();
        f.route("b.test", "mx.shared.test");
        f.wanted.work.clear();
        f.settle(first, Verdict.REACHED);
        assertNotEquals(f.wanted.work.getFirst().domain(), f.wanted.work.getLast().domain());
    }

    @Test
    void sitesTakeTurnsWhereSlotsAreFew() {
        f.limits(5, 20, 0, 0);
        for (var domain : List.of("a.test", "b.test", "c.test")) {
            f.dispatcher.entered(f.broadcasts(domain, 1_000));
            f.route(domain);
        }
        var served = new HashMap<String, Integer>();
        for (int i = 0; i < 60; i++) {
            var work = f.wanted.work.removeFirst();
            served.merge(work.domain(), 1, Integer::sum);
            f.settle(work, Verdict.REACHED);
        }
        served.forEach((domain, times) -> assertTrue(times >= 18, domain + ": " + times));
    }

    @Test
    void aDeliveryAtASlowSiteTakesLittleAlong() {
        f.dispatcher.entered(f.broadcasts("slow.test", 1_000));
        f.route("slow.test");
        for (int i = 0; i < 10; i++) {
            var work = f.wanted.work.removeFirst();
            f.settle(work, Verdict.REACHED, Duration.ofMillis(1_200L * work.entries().size()));
        }
        assertEquals(1, f.wanted.work.getLast().entries().size());
        for (int i = 0; i < 40; i++) {
            f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(10, f.wanted.work.getLast().entries().size());
    }

    @Test
    void theRecipientsOfOneMailGoTogether() {
        var email = new EmailId(new UUID(1, 1));
        f.dispatcher.entered(
                IntStream.range(0, 14).mapToObj(i -> f.entry("a.test", email, i)).toList());
        f.route("a.test");
        assertEquals(List.of(10, 4), f.wanted.work.stream().map(w -> w.entries().size()).toList());
    }

    @Test
    void aDeadSiteIsLeftAloneForAWhileAndThenProbedOnce() {
        f.dispatcher.entered(f.entries("dead.test", 100));
        f.route("dead.test");
        while (!f.wanted.work.isEmpty()) {
            f.settle(f.wanted.work.removeFirst(), Verdict.UNREACHABLE);
        }
        assertEquals(0, f.dispatcher.active());
        f.wanted.refills.clear();
        f.dispatcher.tick();
        assertTrue(f.wanted.refills.isEmpty(), "no reading while paused");

        f.now = f.now.plus(Duration.ofSeconds(31));
        f.dispatcher.tick();
        var dead = f.wanted.refills.getFirst();
        f.dispatcher.refilled(
                dead.destination(), Lane.TRANSACTIONAL, f.entries("dead.test", 100), true);
        assertEquals(1, f.wanted.work.size());
    }

    @Test
    void aDrainedDomainIsRefilledFromTheDatabase() {
        f.dispatcher.entered(f.entries("big.test", 1_500));
        f.dispatcher.entered(f.broadcasts("big.test", 1_500));
        f.route("big.test");
        while (f.wanted.refills.isEmpty()) {
            f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(Lane.TRANSACTIONAL, f.wanted.refills.getFirst().lane());
        assertTrue(f.wanted.refills.getFirst().destination().size(Lane.TRANSACTIONAL) < 200);
    }

    @Test
    void whatFindsNoRoomDuringARefillIsNotLost() {
        f.dispatcher.entered(f.entries("big.test", 1_500));
        var big = f.route("big.test");
        while (f.wanted.refills.isEmpty()) {
            f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        }
        f.dispatcher.entered(f.entries("big.test", 1_500));
        f.dispatcher.refilled(big, Lane.TRANSACTIONAL, List.of(), true);
        assertTrue(big.waiting(Lane.TRANSACTIONAL).more);
    }

    @Test
    void domainsWithoutARouteEndAtOnce() {
        f.dispatcher.entered(f.entries("none.test", 3));
        f.dispatcher.routed(
                f.wanted.routes.remove(),
                new Route.Refused(Diagnostic.local("dns", "no such domain")));
        assertEquals(3, f.wanted.work.stream().mapToInt(w -> w.entries().size()).sum());
    }

    @Test
    void nothingStartsOnceClosed() {
        f.dispatcher.entered(f.entries("a.test", 100));
        f.route("a.test");
        f.dispatcher.close();
        var work = f.wanted.work.removeFirst();
        f.wanted.work.clear();
        f.settle(work, Verdict.REACHED);
        f.dispatcher.entered(f.entries("b.test", 10));
        assertTrue(f.wanted.work.isEmpty());
        assertTrue(f.wanted.routes.isEmpty());
    }
}
