package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.mailgoat.server.dns.Dns.MxRecord;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.MailDomain;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final MailDomain DOMAIN = new MailDomain("example.org");

    private final MapDns dns = new MapDns();

    private Route route() {
        return new Router(dns, 25, false, List.of()).route(DOMAIN);
    }

    private static void assertRefused(String status, Route route) {
        var refused = assertInstanceOf(Route.Refused.class, route);
        assertEquals(status, refused.diagnostic().enhanced().orElseThrow().toString());
        assertEquals("dns", refused.diagnostic().phase());
    }

    @Test
    void hostsComeByPreferenceAndTheKeyByName() {
        dns.mx(
                "example.org",
                new MxRecord(20, "a.example.net"),
                new MxRecord(10, "c.example.net"),
                new MxRecord(10, "b.example.net"));
        var site = assertInstanceOf(Route.Site.class, route());
        assertEquals(
                List.of(
                        new Route.Host(10, "b.example.net", 25),
                        new Route.Host(10, "c.example.net", 25),
                        new Route.Host(20, "a.example.net", 25)),
                site.hosts());
        assertEquals("a.example.net,b.example.net,c.example.net", site.key());
    }

    @Test
    void domainsWithTheSameHostsShareASite() {
        var one = new MxRecord(10, "mx1.example.net");
        var two = new MxRecord(20, "mx2.example.net");
        dns.mx("example.org", one, two).mx("example.com", two, one);
        var router = new Router(dns, 25, false, List.of());
        assertEquals(router.route(DOMAIN), router.route(new MailDomain("example.com")));
    }

    @Test
    void aListWithoutEndIsCutAfterTen() {
        dns.mx(
                "example.org",
                IntStream.range(0, 50)
                        .mapToObj(i -> new MxRecord(i, "mx" + i + ".example.net"))
                        .toArray(MxRecord[]::new));
        var site = assertInstanceOf(Route.Site.class, route());
        assertEquals(10, site.hosts().size());
        assertEquals("mx0.example.net", site.hosts().getFirst().name());
    }

    @Test
    void aHostNamedTwiceIsTriedOnce() {
        dns.mx("example.org", new MxRecord(20, "mx.test"), new MxRecord(10, "mx.test"));
        var site = assertInstanceOf(Route.Site.class, route());
        assertEquals(List.of(new Route.Host(10, "mx.test", 25)), site.hosts());
    }

    @Test
    void nullMxRefusesAtOnce() {
        dns.mx("example.org", new MxRecord(0, "")).addresses("example.org", "1.1.1.1");
        assertRefused("5.1.10", route());
    }

    @Test
    void aNullMxBesideOthersIsPassedOver() {
        dns.mx("example.org", new MxRecord(0, ""), new MxRecord(10, "mx.example.net"));
        var site = assertInstanceOf(Route.Site.class, route());
        assertEquals("mx.example.net", site.key());
    }

    @Test
    void withoutMxTheDomainIsItsOwnHost() {
        dns.mx("example.org", new DnsAnswer.NoData<>()).addresses("example.org", "1.1.1.1");
        var site = assertInstanceOf(Route.Site.class, route());
        assertEquals(List.of(new Route.Host(0, "example.org", 25)), site.hosts());
    }

    @Test
    void withoutMxAndAddressesTheDomainTakesNoMail() {
        dns.mx("example.org", new DnsAnswer.NoData<>());
        dns.addresses("example.org", new DnsAnswer.NoData<>());
        assertRefused("5.1.2", route());
    }

    @Test
    void anImplicitHostAtAPrivateAddressIsRefusedUnlessAllowed() {
        dns.mx("example.org", new DnsAnswer.NoData<>()).addresses("example.org", "10.0.0.1");
        assertRefused("5.4.6", route());
        assertInstanceOf(Route.Site.class, new Router(dns, 25, true, List.of()).route(DOMAIN));
    }

    @Test
    void aDomainThatDoesNotExistIsRefused() {
        assertRefused("5.1.2", route());
    }

    @Test
    void namesThatAreNoHostNamesAreRefused() {
        dns.mx(
                "example.org",
                new MxRecord(10, "evil\r\nname"),
                new MxRecord(20, "with blank"),
                new MxRecord(30, "-.\u00e9"));
        assertRefused("5.4.4", route());
    }

    @Test
    void whatNobodyCouldSayIsUnresolved() {
        dns.mx("example.org", new DnsAnswer.Failed<>("SERVFAIL"));
        var mx = assertInstanceOf(Route.Unresolved.class, route());
        assertEquals("4.4.3", mx.diagnostic().enhanced().orElseThrow().toString());
        dns.mx("example.org", new DnsAnswer.NoData<>());
        dns.addresses("example.org", new DnsAnswer.Failed<>("timeout"));
        assertInstanceOf(Route.Unresolved.class, route());
    }

    @Test
    void aRelayTakesEverything() {
        var relay = new Route.Host(0, "relay.example.com", 587);
        var router = new Router(dns, 25, false, List.of(relay));
        var site = assertInstanceOf(Route.Site.class, router.route(DOMAIN));
        assertEquals(List.of(relay), site.hosts());
    }
}
