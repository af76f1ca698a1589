package ai.mailgoat.server.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.queue.Carried.Verdict;
import ai.mailgoat.server.queue.Entry.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What broadcasts leave to transactional mail, and their pace.
class DispatcherLanesTest {
    private final DispatcherFixture f = new DispatcherFixture();

    @Test
    void aDomainFullOfBroadcastsHasRoomForTransactionalMail() {
        f.dispatcher.entered(f.broadcasts("a.test", 200_000));
        f.dispatcher.entered(f.entries("a.test", 7));
        var destination = f.wanted.routes.getFirst();
        assertEquals(1_000, destination.size(Lane.BROADCAST));
        assertEquals(7, destination.size(Lane.TRANSACTIONAL));
        assertFalse(destination.waiting(Lane.TRANSACTIONAL).more);
    }

    @Test
    void broadcastsToManyDomainsLeaveRoomForTransactionalMail() {
        for (int i = 0; i < 60; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 1_000));
        }
        f.dispatcher.entered(f.entries("new.test", 1));
        assertEquals("new.test", f.wanted.routes.getLast().domain);
        assertEquals(1, f.wanted.routes.getLast().size(Lane.TRANSACTIONAL));
    }

    @Test
    void transactionalMailOvertakesBroadcasts() {
        f.dispatcher.entered(f.broadcasts("a.test", 50));
        f.dispatcher.entered(f.entries("a.test", 1));
        f.route("a.test");
        assertEquals(Lane.TRANSACTIONAL, f.wanted.work.getFirst().lane());
        assertEquals(Lane.BROADCAST, f.wanted.work.getLast().lane());
    }

    @Test
    void broadcastsNeverTakeAllSlotsOfASite() {
        f.dispatcher.entered(f.broadcasts("a.test", 1_000));
        f.route("a.test");
        f.warm();
        assertEquals(4, f.dispatcher.active());

        f.dispatcher.entered(f.entries("a.test", 1));

        assertEquals(Lane.TRANSACTIONAL, f.wanted.work.getLast().lane());
        for (int i = 0; i < 40; i++) {
            f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        }
        assertEquals(16, f.dispatcher.active(), "of 20");
    }

    @Test
    void broadcastsBeginGentlyAndTransactionalMailAtOnce() {
        for (int i = 0; i < 5; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 100));
            f.route("d" + i + ".test");
        }
        assertEquals(1, f.dispatcher.active());

        f.dispatcher.entered(f.entries("new.test", 30));
        f.route("new.test");
        assertEquals(1 + 5, f.dispatcher.active());

        for (int running : List.of(2, 4, 8)) {
            f.now = f.now.plusSeconds(1);
            f.dispatcher.tick();
            assertEquals(running + 5, f.dispatcher.active());
        }
    }

    @Test
    void aClockThatWasSetBackDoesNotHoldBroadcasts() {
        for (int i = 0; i < 5; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 100));
            f.route("d" + i + ".test");
        }
        f.warm();
        int running = f.dispatcher.active();
        assertTrue(running > 4, "running: " + running);

        f.now = f.now.minus(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            f.settle(f.wanted.work.removeFirst(), Verdict.REACHED);
        }

        assertTrue(f.dispatcher.active() >= running, "running: " + f.dispatcher.active());
    }

    @Test
    void broadcastsNeverTakeAllSlotsThereAre() {
        f.limits(10, 20, 0, 0);
        for (int i = 0; i < 5; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 100));
            f.route("d" + i + ".test");
        }
        f.warm();
        assertEquals(8, f.dispatcher.active());
        assertFalse(f.dispatcher.isIdle(Lane.BROADCAST));

        f.dispatcher.entered(f.entries("new.test", 1));
        f.route("new.test");

        assertEquals(9, f.dispatcher.active());
        assertEquals("new.test", f.wanted.work.getLast().domain());
    }

    @Test
    void theLanesTakeTurnsAtASingleSlot() {
        f.limits(1_000, 1, 0, 0);
        f.dispatcher.entered(f.broadcasts("a.test", 100));
        f.dispatcher.entered(f.entries("a.test", 100));
        f.route("a.test");
        var lanes = new ArrayList<Lane>();
        for (int i = 0; i < 4; i++) {
            var work = f.wanted.work.removeFirst();
            assertEquals(1, f.dispatcher.active());
            assertTrue(work.lane() == Lane.TRANSACTIONAL || work.entries().size() == 1);
            lanes.add(work.lane());
            f.settle(work, Verdict.REACHED);
        }
        assertEquals(
                List.of(Lane.TRANSACTIONAL, Lane.BROADCAST, Lane.TRANSACTIONAL, Lane.BROADCAST),
                lanes);
    }

    @Test
    void refillsAndRoutesForBroadcastsAreFewAtATime() {
        for (int i = 0; i < 200; i++) {
            f.dispatcher.entered(f.broadcasts("d" + i + ".test", 1));
        }
        assertEquals(64, f.wanted.routes.size());
        f.dispatcher.entered(f.entries("d199.test", 1));
        assertEquals("d199.test", f.wanted.routes.getLast().domain);
        assertEquals(65, f.wanted.routes.size());
        var seen = f.wanted.routes.size();
        while (!f.wanted.routes.isEmpty()) {
            f.route(f.wanted.routes.getFirst().domain);
            seen++;
        }
        assertEquals(65 + 200, seen);
    }

    @Test
    void broadcastsKeepTheirPaceInAll() {
        f.limits(1_000, 20, 600, 0);
        for (var domain : List.of("a.test", "b.test", "c.test")) {
            f.dispatcher.entered(f.broadcasts(domain, 1_000));
            f.route(domain);
        }
        var sent = f.run(Duration.ofMinutes(3));
        int all = sent.values().stream().mapToInt(i -> i).sum();
        assertTrue(all >= 1_764 && all <= 1_836, "in three minutes: " + all);
        sent.forEach((domain, n) -> assertTrue(n > 450, domain + ": " + n));
    }

    @Test
    void broadcastsKeepTheirPaceAtEachSite() {
        f.limits(1_000, 20, 0, 7);
        for (var domain : List.of("a.test", "b.test")) {
            f.dispatcher.entered(f.broadcasts(domain, 500));
            f.route(domain);
        }
        f.dispatcher.entered(f.entries("a.test", 500));
        var sent = f.run(Duration.ofMinutes(10));
        assertTrue(sent.get("a.test") >= 500 + 69 && sent.get("a.test") <= 500 + 72, "" + sent);
        assertTrue(sent.get("b.test") >= 69 && sent.get("b.test") <= 72, "" + sent);
    }

    @Test
    void whatWasNotTriedDoesNotCountForThePace() {
        f.limits(1_000, 20, 0, 300);
        f.dispatcher.entered(f.broadcasts("a.test", 1_000));
        f.route("a.test");
        f.now = f.now.plusSeconds(2);
        f.dispatcher.tick();
        int taken = f.wanted.work.stream().mapToInt(w -> w.entries().size()).sum();
        assertEquals(11, taken);
        while (!f.wanted.work.isEmpty()) {
            var work = f.wanted.work.removeFirst();
            f.dispatcher.settled(
                    work.site(), work.entries(), Carried.NOTHING, DispatcherFixture.QUICK);
            taken -= work.entries().size();
            if (taken <= 0) {
                break;
            }
        }
        assertFalse(f.wanted.work.isEmpty(), "the pace allows it again");
    }
}
