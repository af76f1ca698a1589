package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.dns.DnsAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which addresses are dialled, and what it means when none may be.
class CourierAddressTest extends CourierFixture {

    @Test
    void aHostAtAPrivateAddressBounces() {
        try (var mx = new FaultMx();
                var guarded = courier(false, SslContexts.system())) {
            var outcome =
                    only(guarded.deliver(site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org")));
            var bounced = assertInstanceOf(Bounced.class, outcome);
            assertEquals("5.4.6", bounced.diagnostic().enhanced().orElseThrow().toString());
            assertTrue(bounced.diagnostic().reason().contains("private address"));
            assertFalse(bounced.recipientAtFault());
            assertEquals(0, mx.connections());
        }
    }

    @Test
    void ourOwnAddressEndsTheWalk() {
        var own = "203.0.114.7";
        dns.addresses("mx1.test", own);
        var settings =
                new CourierSettings(
                        "client.test",
                        CourierSettings.Timeouts.all(PHASE),
                        TOTAL,
                        5,
                        0,
                        Duration.ofSeconds(1),
                        1,
                        false,
                        Set.of(MapDns.address(own)),
                        SslContexts.system());
        try (var guarded = new Courier(dns, settings, RandomGenerator.getDefault())) {
            var outcome =
                    only(
                            guarded.deliver(
                                    new Route.Site(
                                            "loop",
                                            List.of(
                                                    new Route.Host(10, "mx1.test", 25),
                                                    new Route.Host(20, "mx9.test", 25))),
                                    mail(MESSAGE, "a@x.org")));
            var bounced = assertInstanceOf(Bounced.class, outcome);
            assertEquals("5.4.6", bounced.diagnostic().enhanced().orElseThrow().toString());
            assertTrue(bounced.diagnostic().reason().contains("loops back"));
        }
    }

    @Test
    void hostsWithoutAddressBounceOnlyTogether() {
        dns.addresses("gone.test", new DnsAnswer.NoData<>());
        var none = site(new Route.Host(10, "gone.test", 25), new Route.Host(20, "lost.test", 25));
        var bounced =
                assertInstanceOf(
                        Bounced.class, only(courier.deliver(none, mail(MESSAGE, "a@x.org"))));
        assertEquals("5.4.4", bounced.diagnostic().enhanced().orElseThrow().toString());

        dns.addresses("unknown.test", new DnsAnswer.Failed<>("SERVFAIL"));
        var some =
                site(new Route.Host(10, "unknown.test", 25), new Route.Host(20, "lost.test", 25));
        var deferred =
                assertInstanceOf(
                        Deferred.class, only(courier.deliver(some, mail(MESSAGE, "a@x.org"))));
        assertEquals("4.4.3", deferred.diagnostic().enhanced().orElseThrow().toString());
        assertEquals("dns", deferred.diagnostic().phase());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[127.0.0.1]", "::ffff:127.0.0.1"})
    void aRelayMayBeGivenAsAnAddress(String literal) {
        try (var mx = new FaultMx()) {
            var outcome =
                    only(courier.deliver(site(mx.host(0, literal)), mail(MESSAGE, "a@x.org")));
            assertInstanceOf(Delivered.class, outcome, outcome.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.9",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:0a00:1::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void isNotPublic(String address) {
        assertFalse(Addresses.isPublic(MapDns.address(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.63.255.255",
                "100.128.0.1",
                "169.253.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "192.167.0.1",
                "198.17.0.1",
                "198.20.0.1",
                "203.0.114.1",
                "223.255.255.255",
                "2001:4860:4860::8888",
                "2a00:1450:4001:80b::200e",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1"
            })
    void isPublic(String address) {
        assertTrue(Addresses.isPublic(MapDns.address(address)));
    }

    @Test
    void protocolsTakeTurns() {
        var mixed =
                Addresses.interleaved(
                        List.of(
                                MapDns.address("2a00::1"),
                                MapDns.address("2a00::2"),
                                MapDns.address("2a00::3"),
                                MapDns.address("1.1.1.1"),
                                MapDns.address("1.1.1.2")));
        assertEquals(
                List.of(
                        MapDns.address("1.1.1.1"),
                        MapDns.address("2a00::1"),
                        MapDns.address("1.1.1.2"),
                        MapDns.address("2a00::2"),
                        MapDns.address("2a00::3")),
                mixed);
    }
}
