package ai.mailgoat.server.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.config.ConfigException;
import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(2), 1024, Overflow.CUT);

    private final StubDns dns = new StubDns();
    private final GuardedHttp http = GuardedHttp.open(dns, List.of());

    @AfterEach
    void close() {
        http.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f.1/",
                "http://0x7f000001/",
                "http://0177.0.0.1/",
                "http://127.0.0.01/",
                "http://0.0.0.0/",
                "http://0/",
                "http://localhost/",
                "http://LOCALHOST/",
                "http://localhost./",
                "http://a.localhost/",
                "http://127.0.0.1./",
                "http://[::1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::ffff:8.8.8.8]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b:1::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:0:1::1]/",
                "http://[2001:db8::1]/",
                "http://[3fff::1]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fec0::1]/",
                "http://[fc00::1]/",
                "http://[fd00:ec2::254]/",
                "http://[ff02::1]/",
                "http://[100::1]/",
                "http://[5f00::1]/",
                "http://169.254.169.254/",
                "http://168.63.129.16/",
                "http://100.64.0.1/",
                "http://100.127.255.255/",
                "http://10.1.2.3/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://192.0.0.192/",
                "http://192.0.2.1/",
                "http://192.88.99.1/",
                "http://198.18.0.1/",
                "http://198.19.255.255/",
                "http://198.51.100.1/",
                "http://203.0.113.1/",
                "http://224.0.0.1/",
                "http://240.0.0.1/",
                "http://255.255.255.255/",
                "http://ok@127.0.0.1/",
                "http://ok:secret@example.com/",
                "http://@example.com/",
                "http://127.0.0.1#@ok/",
                "http://127。0。0。1/",
                "http://１２７.0.0.1/",
                "http://bücher.example/",
                "http://127%2e0.0.1/",
                "http://exa_mple.com/",
                "http://example..com/",
                "http://-example.com/",
                "http://example.0x7f/",
                "http:///path",
                "http:example.com",
                "gopher://example.com/",
                "file:///etc/passwd",
                "jar:http://example.com!/",
                "ftp://example.com/",
                "//example.com/",
                "example.com",
                "http://example.com:22/",
                "http://example.com:25/",
                "http://example.com:465/",
                "http://example.com:587/",
                "http://example.com:993/",
                "http://example.com:3306/",
                "http://example.com:5432/",
                "http://example.com:6379/",
                "http://example.com:11211/",
                "http://8.8.8.8:22/",
                "http://example.com:0/",
                "http://example.com:65536/",
            })
    void refusesWhatMustNotBeReachedWhenItIsEnteredAndWhenItIsUsed(String url) {
        var uri = URI.create(url);
        assertTrue(http.refusal(uri).isPresent(), url);

        var e =
                assertThrows(
                        OutboundException.class,
                        () -> http.post(uri, Map.of(), new byte[0], LIMITS),
                        url);

        assertTrue(e.isRefused(), url);
        assertTrue(e.reason().endsWith("."), e.reason());
    }

    @Test
    void aBackslashIsNoUrlAtAll() {
        assertThrows(URISyntaxException.class, () -> new URI("http://ok\\@127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook?a=b#c",
                "HTTPS://Example.COM./",
                "http://example.com:8080/",
                "https://example.com:8443/",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]/",
                "http://172.32.0.1/",
                "http://100.128.0.1/",
                "http://xn--bcher-kva.example/",
            })
    void letsThePublicInternetBe(String url) {
        assertEquals(Optional.empty(), http.refusal(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "::1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "fd00::1"
            })
    void refusesNamesThatLeadInside(String address) {
        dns.answer("inside.example", address);
        dns.answer("both.example", "8.8.8.8", address);

        for (String host : List.of("inside.example", "both.example")) {
            var uri = URI.create("http://" + host + "/");
            assertEquals(Optional.empty(), http.refusal(uri), "the DNS is asked later");
            var e = assertThrows(OutboundException.class, () -> http.get(uri, LIMITS));
            assertTrue(e.isRefused());
            assertTrue(!e.reason().contains(address), e.reason());
        }
    }

    @Test
    void aMappedAddressFromTheDnsCountsAsWhatItMaps() throws Exception {
        // ::ffff:127.0.0.1 as an AAAA record carries it.
        byte[] octets = new byte[16];
        octets[10] = octets[11] = -1;
        octets[12] = 127;
        octets[15] = 1;
        var reachable = new ReachableAddresses(List.of());

        assertThrows(
                OutboundException.class,
                () -> reachable.check(InetAddress.getByAddress(octets), 80));
    }

    @Test
    void tellsAnUnknownNameFromARefusedOne() {
        var e =
                assertThrows(
                        OutboundException.class,
                        () -> http.get(URI.create("http://nobody.example/"), LIMITS));

        assertTrue(!e.isRefused());
        assertEquals("The host name does not exist in the DNS.", e.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "ten", "fd00::/129", "10.0.0.0/", "/8", ""})
    void refusesAnAllowListThatIsNone(String range) {
        var e =
                assertThrows(
                        ConfigException.class, () -> GuardedHttp.open(dns, List.of(range)).close());

        assertTrue(String.valueOf(e.getMessage()).startsWith("outbound.allow-private"));
    }

    @Test
    void anAllowedRangeOpensItsAddressesAndAllTheirPortsOnly() throws Exception {
        var reachable =
                new ReachableAddresses(List.of("10.1.0.0/16", "fd00:1::/32", "192.168.1.7"));

        reachable.check(InetAddress.ofLiteral("10.1.2.3"), 25);
        reachable.check(InetAddress.ofLiteral("fd00:1:2::3"), 80);
        reachable.check(InetAddress.ofLiteral("192.168.1.7"), 9200);
        for (String address : List.of("10.2.0.1", "fd00:2::1", "192.168.1.8", "::ffff:0:0")) {
            assertThrows(
                    OutboundException.class,
                    () -> reachable.check(InetAddress.ofLiteral(address), 80),
                    address);
        }
    }
}
