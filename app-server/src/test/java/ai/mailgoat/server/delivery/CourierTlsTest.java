package ai.mailgoat.server.delivery;

import static ai.mailgoat.server.delivery.Consignment.TlsPolicy.ENFORCED;
import static ai.mailgoat.server.delivery.FaultMx.hang;
import static ai.mailgoat.server.delivery.FaultMx.hangUp;
import static ai.mailgoat.server.delivery.FaultMx.raw;
import static ai.mailgoat.server.delivery.FaultMx.say;
import static ai.mailgoat.server.delivery.FaultMx.sayAndHangUp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.FaultMx.Act;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// STARTTLS as hosts offer it and break it (RFC 3207; RFC 7435).
class CourierTlsTest extends CourierFixture {
    private static final TestCertificate VALID = TestCertificate.of("mx1.test");

    private final FaultMx mx = new FaultMx();

    @BeforeEach
    void trustTheCertificate() {
        courier.close();
        courier =
                courier(
                        true,
                        new SslContexts(
                                SslContexts.system().opportunistic(), VALID.trustingContext()));
        mx.tls(VALID.serverContext());
    }

    @AfterEach
    void closeMx() {
        mx.close();
    }

    @Test
    void offeredTlsIsUsedAndTold() {
        var delivered =
                assertInstanceOf(Delivered.class, only(deliver(mx, mail(MESSAGE, "a@x.org"))));
        assertTrue(String.valueOf(delivered.diagnostic().tls()).matches("TLSv1\\.[23] TLS_.*"));
        var taken = mx.mails().getFirst();
        assertTrue(taken.tls());
        assertArrayEquals(MESSAGE, taken.octets());
        assertEquals("mx1.test", mx.serverName());
        // RFC 3207, 4.2: EHLO once more under TLS.
        assertEquals(2, mx.count("EHLO"));
    }

    @Test
    void aSessionUnderTlsIsReusedWithItsPolicyOnly() {
        deliver(mx, mail(MESSAGE, "a@x.org"));
        deliver(mx, mail(MESSAGE, "b@x.org"));
        assertEquals(1, mx.connections());
        deliver(mx, mail(MESSAGE, ENFORCED, "c@x.org"));
        assertEquals(2, mx.connections());
        deliver(mx, mail(MESSAGE, ENFORCED, "d@x.org"));
        assertEquals(2, mx.connections());
    }

    @Test
    void aBigMessageGoesThroughTls() {
        var big = bytes("Subject: big\r\n\r\n" + ".line\r\n".repeat(50_000));
        assertInstanceOf(Delivered.class, only(deliver(mx, mail(big, "a@x.org"))));
        assertArrayEquals(big, mx.mails().getFirst().octets());
    }

    private static Map<String, Act> brokenStartTls() {
        return Map.of(
                "refused", say("454 4.7.0 TLS not available"),
                "unknown", say("502 5.5.1 what?"),
                "garbage", say("220 go on").then(raw(bytes("this is no TLS at all\r\n"))),
                "hang", say("220 go on").then(hang()),
                "hang up", say("220 go on").then(hangUp()),
                "no reply", hang());
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "unknown", "hang", "hang up", "no reply"})
    void brokenTlsIsFollowedByOneSessionInTheClear(String how) {
        mx.on("STARTTLS", brokenStartTls().get(how));
        var outcome = only(deliver(mx, mail(MESSAGE, "a@x.org")));
        var delivered = assertInstanceOf(Delivered.class, outcome, outcome.toString());
        assertNull(delivered.diagnostic().tls());
        assertEquals(2, mx.connections());
        assertEquals(1, mx.count("STARTTLS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "unknown", "garbage", "hang", "hang up", "no reply"})
    void enforcedTlsNeverFallsBack(String how) {
        mx.on("STARTTLS", brokenStartTls().get(how));
        long start = System.nanoTime();
        var outcome = only(deliver(mx, mail(MESSAGE, ENFORCED, "a@x.org")));
        var took = Duration.ofNanos(System.nanoTime() - start);
        var deferred = assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals("starttls", deferred.diagnostic().phase());
        assertTrue(took.compareTo(TOTAL.plusSeconds(1)) < 0, "took " + took);
        assertEquals(0, mx.count("MAIL"));
        assertEquals(1, mx.connections());
    }

    @Test
    void enforcedTlsNeedsTheOffer() {
        try (var plain = new FaultMx()) {
            var outcome = only(deliver(plain, mail(MESSAGE, ENFORCED, "a@x.org")));
            var deferred = assertInstanceOf(Deferred.class, outcome);
            assertTrue(deferred.diagnostic().reason().contains("does not offer"));
            assertEquals(0, plain.count("MAIL"));
        }
    }

    @Test
    void enforcedTlsTakesTheRightCertificate() {
        var outcome = only(deliver(mx, mail(MESSAGE, ENFORCED, "a@x.org")));
        var delivered = assertInstanceOf(Delivered.class, outcome, outcome.toString());
        assertTrue(String.valueOf(delivered.diagnostic().tls()).startsWith("TLSv1."));
    }

    @Test
    void enforcedTlsChecksTheHostsName() {
        var outcome =
                only(
                        courier.deliver(
                                site(mx.host(10, "mx2.test")), mail(MESSAGE, ENFORCED, "a@x.org")));
        var deferred = assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals("4.7.5", deferred.diagnostic().enhanced().orElseThrow().toString());
        assertEquals(0, mx.count("MAIL"));
    }

    @Test
    void aWrongCertificateIsGoodEnoughForOpportunisticTlsOnly() {
        var expired = TestCertificate.of("elsewhere.test", "-startdate", "-10d", "-validity", "5");
        mx.tls(expired.serverContext());
        var opportunistic = only(deliver(mx, mail(MESSAGE, "a@x.org")));
        assertTrue(String.valueOf(opportunistic.diagnostic().tls()).startsWith("TLSv1."));
        assertEquals(1, mx.connections());
        var enforced = only(deliver(mx, mail(MESSAGE, ENFORCED, "a@x.org")));
        assertInstanceOf(Deferred.class, enforced);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void repliesInjectedBeforeTheHandshakeEndTheHost(boolean onePacket) {
        Act injection =
                onePacket
                        ? raw(bytes("220 go on\r\n250-mx.test\r\n250 SIZE 1\r\n"))
                        : say("220 go on").then(say("250 injected"));
        mx.on("STARTTLS", injection.then(FaultMx.Dialogue::handshake));
        var outcome = only(deliver(mx, mail(MESSAGE, ENFORCED, "a@x.org")));
        assertInstanceOf(Deferred.class, outcome, outcome.toString());
        assertEquals(0, mx.count("MAIL"));
        if (onePacket) {
            var clear = only(deliver(mx, mail(MESSAGE, "a@x.org")));
            assertInstanceOf(Deferred.class, clear, clear.toString());
            assertEquals(0, mx.mails().size());
        }
    }

    @Test
    void aHostThatClosesAtStartTlsIsPassedOver() {
        mx.on("STARTTLS", sayAndHangUp("421 4.3.2 shutting down"));
        try (var good = new FaultMx()) {
            var outcome =
                    only(
                            courier.deliver(
                                    site(mx.host(10, "mx1.test"), good.host(20, "mx2.test")),
                                    mail(MESSAGE, "a@x.org")));
            assertEquals("mx2.test", outcome.diagnostic().mxHost());
            assertFalse(mx.commands().stream().anyMatch(line -> line.startsWith("MAIL")));
        }
    }
}
