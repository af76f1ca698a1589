package ai.mailgoat.server.delivery;

import static ai.mailgoat.server.delivery.FaultMx.drip;
import static ai.mailgoat.server.delivery.FaultMx.endless;
import static ai.mailgoat.server.delivery.FaultMx.hang;
import static ai.mailgoat.server.delivery.FaultMx.hangUp;
import static ai.mailgoat.server.delivery.FaultMx.pause;
import static ai.mailgoat.server.delivery.FaultMx.raw;
import static ai.mailgoat.server.delivery.FaultMx.reset;
import static ai.mailgoat.server.delivery.FaultMx.say;
import static ai.mailgoat.server.delivery.FaultMx.sayAndHangUp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import ai.mailgoat.server.delivery.FaultMx.Act;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Hosts that fail in every way known, alone and with a good host behind them.
class CourierFaultTest extends CourierFixture {

    /// What the watchdog's tick and a busy machine may add to a deadline.
    private static final Duration SLACK = Duration.ofMillis(1200);

    private static final byte[] BIG = bytes("x: y\r\n\r\n" + "0123456789\r\n".repeat(1_500_000));

    private final FaultMx bad = new FaultMx();
    private final FaultMx good = new FaultMx();

    @AfterEach
    void closeHosts() {
        bad.close();
        good.close();
    }

    /// Ways to fail at any verb, none of which says anything about the mail.
    private static Map<String, Act> misbehaviours() {
        return Map.ofEntries(
                Map.entry("hang up", hangUp()),
                Map.entry("reset", reset()),
                Map.entry("hang", hang()),
                Map.entry("421", sayAndHangUp("421 4.3.2 shutting down")),
                Map.entry("half a reply", raw(bytes("250-and then")).then(hangUp())),
                Map.entry("drip", drip("250-x\r\n", Duration.ofMillis(20))),
                Map.entry("endless lines", endless("250-and one more line\r\n")),
                Map.entry("endless line", endless("250 x".repeat(2000))),
                Map.entry("no code", say("hello there")),
                Map.entry("code change", raw(bytes("250-one\r\n550 two\r\n"))),
                Map.entry("NUL", raw(new byte[] {0, 0, 0, '\r', '\n'})),
                Map.entry("junk", raw(new byte[] {(byte) 0xff, (byte) 0xfe, '2', '5', '\n'})),
                Map.entry("empty line", raw(bytes("\r\n"))),
                Map.entry("informational", say("150 wait")),
                Map.entry("out of place", say("354 go on")));
    }

    static Stream<Arguments> misbehavioursBeforeData() {
        return Stream.of("CONNECT", "EHLO", "MAIL", "RCPT")
                .flatMap(verb ->
                        misbehaviours().keySet().stream().map(how -> Arguments.of(verb, how)));
    }

    static Stream<String> misbehavioursAtDot() {
        return misbehaviours().keySet().stream().filter(how -> !how.equals("421"));
    }

    @ParameterizedTest
    @MethodSource("misbehavioursBeforeData")
    void aBadHostIsPassedOverForTheNextOne(String verb, String how) {
        bad.on(verb, misbehaviours().get(how));
        if (verb.equals("EHLO")) {
            bad.on("HELO", misbehaviours().get(how));
        }
        var outcome =
                only(
                        courier.deliver(
                                site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                mail(MESSAGE, "a@x.org")));
        var delivered = assertInstanceOf(Delivered.class, outcome, outcome.toString());
        assertEquals("mx2.test", delivered.diagnostic().mxHost());
        assertEquals(1, good.mails().size());
    }

    @ParameterizedTest
    @MethodSource("misbehavioursBeforeData")
    void aBadHostAloneDefersInTime(String verb, String how) {
        bad.on(verb, misbehaviours().get(how));
        if (verb.equals("EHLO")) {
            bad.on("HELO", misbehaviours().get(how));
        }
        long start = System.nanoTime();
        var outcome = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        var deferred = assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals("mx1.test", deferred.diagnostic().mxHost());
        // A reset may arrive before the client has looked at its new connection.
        var phases =
                verb.equals("CONNECT")
                        ? List.of("banner", "connect")
                        : List.of(verb.toLowerCase(Locale.ROOT));
        assertTrue(phases.contains(deferred.diagnostic().phase()), deferred.toString());
        assertTrue(took.compareTo(TOTAL.plus(SLACK)) < 0, "took " + took);
        assertEquals(0, bad.mails().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang up", "reset", "hang", "421", "no code", "endless lines"})
    void troubleAtDataTriesTheNextHostAndSlowsNobodyElse(String how) {
        // In steps: of a pipelined group a reset would take the earlier replies with it.
        bad.extensions("8BITMIME").on("DATA", misbehaviours().get(how));
        var alone = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        var deferred = assertInstanceOf(Deferred.class, alone, alone.toString());
        assertEquals(how.equals("421"), deferred.siteWide());
        assertEquals("data", deferred.diagnostic().phase());
        var both =
                only(
                        courier.deliver(
                                site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Delivered.class, both, both.toString());
    }

    @ParameterizedTest
    @MethodSource("misbehavioursAtDot")
    void afterTheFinalDotEverythingButAReplyIsDoubtAndNoOtherHostIsAsked(String how) {
        bad.on("DOT", misbehaviours().get(how));
        var outcome =
                only(
                        courier.deliver(
                                site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                mail(MESSAGE, "a@x.org")));
        assertInstanceOf(InDoubt.class, outcome, outcome.toString());
        assertEquals(0, good.connections());
    }

    @Test
    void a421ToTheFinalDotIsNoDoubt() {
        bad.on("DOT", sayAndHangUp("421 4.7.28 unusual rate of mail from your address"));
        var alone = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        assertTrue(assertInstanceOf(Deferred.class, alone).siteWide());
    }

    @ParameterizedTest
    @CsvSource({"451 4.3.0 later", "452 4.2.1 no room", "454 4.7.1 busy"})
    void aTransientReplyToMailTriesTheNextHost(String reply) {
        bad.on("MAIL", say(reply));
        var outcome =
                only(
                        courier.deliver(
                                site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Delivered.class, outcome);
    }

    @Test
    void aTransientBannerKeepsTheHostsWords() {
        bad.on("CONNECT", sayAndHangUp("421 4.7.0 [TSS04] deferred due to \u0007 load"));
        var outcome = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        var deferred = assertInstanceOf(Deferred.class, outcome);
        assertTrue(deferred.siteWide());
        assertEquals("banner", deferred.diagnostic().phase());
        assertEquals(
                "421 4.7.0 [TSS04] deferred due to ? load",
                String.valueOf(deferred.diagnostic().reply()));
    }

    @ParameterizedTest
    @CsvSource({"554 5.7.1 go away, Deferred", "521 5.3.2 no mail here, Bounced"})
    void aPermanentBannerDefersUnlessItSaysThatMailIsNeverTaken(String banner, String expected) {
        bad.on("CONNECT", sayAndHangUp(banner));
        var outcome = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        assertEquals(expected, outcome.getClass().getSimpleName());
        var both =
                only(
                        courier.deliver(
                                site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Delivered.class, both);
    }

    @Test
    void heloRefusedForGoodByAllHostsBounces() {
        bad.on("EHLO", say("550 5.7.1 blocked")).on("HELO", say("550 5.7.1 blocked"));
        var outcome = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        var bounced = assertInstanceOf(Bounced.class, outcome);
        assertTrue(!bounced.recipientAtFault());
        assertEquals("ehlo", bounced.diagnostic().phase());
    }

    @Test
    void aClosedPortIsPassedOver() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var dead = new Route.Host(10, "mx1.test", port);
        var outcome = only(courier.deliver(site(dead), mail(MESSAGE, "a@x.org")));
        var deferred = assertInstanceOf(Deferred.class, outcome);
        assertEquals("4.4.1", deferred.diagnostic().enhanced().orElseThrow().toString());
        assertEquals("connect", deferred.diagnostic().phase());
        assertTrue(deferred.siteWide());
        var both = courier.deliver(site(dead, good.host(20, "mx2.test")), mail(MESSAGE, "a@x.org"));
        assertInstanceOf(Delivered.class, only(both));
    }

    @Test
    void aBlackHoleCostsOneConnectTimeout() throws IOException {
        var fillers = new ArrayList<Socket>();
        try (var hole = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // A full backlog drops SYNs, as a dead machine does.
            for (int i = 0; i < 4; i++) {
                var filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(new InetSocketAddress("127.0.0.1", hole.getLocalPort()), 100);
                } catch (IOException e) {
                    break;
                }
            }
            var dead = new Route.Host(10, "mx1.test", hole.getLocalPort());
            long start = System.nanoTime();
            var outcome =
                    only(
                            courier.deliver(
                                    site(dead, good.host(20, "mx2.test")),
                                    mail(MESSAGE, "a@x.org")));
            var took = Duration.ofNanos(System.nanoTime() - start);
            assertInstanceOf(Delivered.class, outcome);
            assertTrue(took.compareTo(PHASE) >= 0, "no time-out at all: " + took);
            assertTrue(took.compareTo(PHASE.plus(SLACK)) < 0, "took " + took);
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void aHostThatNeverReadsEndsAtTheDeadline() {
        bad.on("DATA", say("354 go on").then(hang()));
        long start = System.nanoTime();
        var outcome = only(deliver(bad, mail(BIG, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        var deferred = assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals("data", deferred.diagnostic().phase());
        assertTrue(took.compareTo(TOTAL.plus(SLACK)) < 0, "took " + took);
    }

    @Test
    void aHostThatReadsEachBlockInTimeStillEndsAtTheTotal() {
        bad.on(
                "DATA",
                say("354 go on")
                        .then(FaultMx.readSlowly(4096, Duration.ofMillis(20), Integer.MAX_VALUE)));
        long start = System.nanoTime();
        var outcome = only(deliver(bad, mail(BIG, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        var deferred = assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals("data", deferred.diagnostic().phase());
        assertTrue(took.compareTo(TOTAL.plus(SLACK)) < 0, "took " + took);
    }

    @Test
    void anInterruptedDeliveryEndsAtOnce() throws InterruptedException {
        var banner = new CountDownLatch(1);
        bad.on("CONNECT", ((Act) _ -> banner.countDown()).then(hang()));
        var outcome = new AtomicReference<DeliveryOutcome>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> outcome.set(only(deliver(bad, mail(MESSAGE, "a@x.org")))));
        assertTrue(banner.await(5, TimeUnit.SECONDS));
        thread.interrupt();
        thread.join();
        assertInstanceOf(Deferred.class, outcome.get());
    }

    @Test
    void theTimeForOneAttemptCutsEachPhase() {
        bad.on("RCPT", hang());
        useTimeouts(CourierSettings.Timeouts.all(Duration.ofSeconds(20)), Duration.ofMillis(300));
        long start = System.nanoTime();
        var outcome = only(deliver(bad, mail(MESSAGE, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertInstanceOf(Deferred.class, outcome);
        assertTrue(took.compareTo(SLACK) < 0, "took " + took);
    }

    @Test
    void aLongMessageHasTheTimeOfABlockForEachBlock() {
        // 6 MB at 2 MB/s or less: many times the limit for one block of 32 KB.
        bad.on(
                "DATA",
                say("354 go on").then(FaultMx.readSlowly(40_960, Duration.ofMillis(20), 100)));
        var block = Duration.ofSeconds(1);
        var other = Duration.ofSeconds(20);
        useTimeouts(
                new CourierSettings.Timeouts(
                        other, other, other, other, other, other, block, block, other),
                other);
        var message = bytes("x: y\r\n\r\n" + "0123456789\r\n".repeat(500_000));
        long start = System.nanoTime();
        var outcome = only(deliver(bad, mail(message, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertInstanceOf(Delivered.class, outcome, outcome.toString());
        assertTrue(
                took.compareTo(block.multipliedBy(3).dividedBy(2)) > 0,
                "too fast to tell: " + took);
    }

    private void useTimeouts(CourierSettings.Timeouts timeouts, Duration total) {
        courier.close();
        courier = courier(timeouts, total, true, SslContexts.system());
    }

    @Test
    void theTimeForOneAttemptCoversAllHosts() {
        bad.on("CONNECT", hang());
        var hosts = new ArrayList<Route.Host>();
        for (int i = 1; i <= 5; i++) {
            hosts.add(bad.host(i, "mx" + i + ".test"));
        }
        long start = System.nanoTime();
        var outcome =
                only(
                        courier.deliver(
                                site(hosts.toArray(Route.Host[]::new)), mail(MESSAGE, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertInstanceOf(Deferred.class, outcome);
        assertTrue(took.compareTo(TOTAL) > 0, "five time-outs are more than the total: " + took);
        assertTrue(took.compareTo(TOTAL.plus(SLACK)) < 0, "took " + took);
    }

    @Test
    void aSilentHostIsTriedLastForAWhile() {
        bad.on("CONNECT", hang());
        var hosts = List.of(bad.host(10, "mx1.test"), good.host(20, "mx2.test"));
        for (int i = 0; i < 3; i++) {
            var outcome =
                    only(courier.deliver(new Route.Site("s" + i, hosts), mail(MESSAGE, "a@x.org")));
            assertInstanceOf(Delivered.class, outcome);
        }
        assertEquals(1, bad.connections());
        good.close();
        var outcome = only(courier.deliver(new Route.Site("s", hosts), mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Deferred.class, outcome);
        assertEquals(2, bad.connections());
    }

    @Test
    void aSlowHostWithinItsTimeIsNoBadHost() {
        var slow = pause(PHASE.dividedBy(4));
        bad.on("CONNECT", slow.then(say("220 hi"))).on("DOT", slow.then(say("250 ok")));
        assertInstanceOf(Delivered.class, only(deliver(bad, mail(MESSAGE, "a@x.org"))));
    }

    @Test
    void aVerdictInTheMiddleOfTheMessageIsHeard() {
        bad.on("DATA", say("354 go on", "552 5.3.4 too big").then(hang()));
        var outcome = only(deliver(bad, mail(BIG, "a@x.org")));
        var bounced = assertInstanceOf(Bounced.class, outcome, outcome.toString());
        assertEquals("552 5.3.4 too big", String.valueOf(bounced.diagnostic().reply()));
    }

    @Test
    void recipientsDecidedBeforeALostLinkStayDecided() {
        bad.on("RCPT", say("550 5.1.1 no such user"), say("250 ok")).on("DATA", hangUp());
        var outcomes =
                courier.deliver(
                        site(bad.host(10, "mx1.test"), good.host(20, "mx2.test")),
                        mail(MESSAGE, "a@x.org", "b@x.org"));
        assertInstanceOf(Bounced.class, outcomes.get(mailbox("a@x.org")));
        var delivered = assertInstanceOf(Delivered.class, outcomes.get(mailbox("b@x.org")));
        assertEquals("mx2.test", delivered.diagnostic().mxHost());
        assertEquals(List.of("RCPT TO:<b@x.org>"), good.mails().getFirst().rcpts());
    }

    @Test
    void hostsAreTriedByPreferenceAndEqualOnesInAnyOrder() {
        bad.on("CONNECT", say("220 hi"));
        var firsts = new HashSet<String>();
        for (int i = 0; i < 60; i++) {
            // A new site each time, so that no connection is kept from the last.
            var route =
                    new Route.Site(
                            "site" + i,
                            List.of(
                                    bad.host(30, "mx3.test"),
                                    good.host(10, "mx1.test"),
                                    good.host(10, "mx2.test")));
            var outcome = only(courier.deliver(route, mail(MESSAGE, "a@x.org")));
            firsts.add(outcome.diagnostic().mxHost());
        }
        assertEquals(java.util.Set.of("mx1.test", "mx2.test"), firsts);
        assertEquals(0, bad.connections());
    }

    @Test
    void noMoreThanFiveHostsAreTried() {
        bad.on("CONNECT", hangUp());
        dns.addresses("mx6.test", "127.0.0.1");
        var hosts = new ArrayList<Route.Host>();
        for (int i = 1; i <= 5; i++) {
            hosts.add(bad.host(i, "mx" + i + ".test"));
        }
        hosts.add(good.host(6, "mx6.test"));
        var outcome =
                only(
                        courier.deliver(
                                site(hosts.toArray(Route.Host[]::new)), mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Deferred.class, outcome);
        assertEquals(5, bad.connections());
        assertEquals(0, good.connections());
    }

    @Test
    void theSecondAddressOfAHostIsTriedToo() {
        dns.addresses("mx1.test", "127.0.0.2", "127.0.0.1", "::1");
        // Only 127.0.0.1 listens.
        var outcome = only(deliver(good, mail(MESSAGE, "a@x.org")));
        assertInstanceOf(Delivered.class, outcome);
    }

    @Test
    void faultsOfOneSiteDoNotHoldUpAnother() {
        bad.on("CONNECT", hang());
        var started = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                threads.execute(() -> {
                    started.countDown();
                    deliver(bad, mail(MESSAGE, "a@x.org"));
                });
            }
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                var route = new Route.Site("good", List.of(good.host(10, "mx2.test")));
                var outcome = only(courier.deliver(route, mail(MESSAGE, "a@y.org")));
                assertInstanceOf(Delivered.class, outcome);
            }
            var took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(PHASE.plus(SLACK)) < 0, "took " + took);
        }
    }
}
