package ai.mailgoat.server.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.domain.DomainBody.RecordBody;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackingRecordTest {
    private static final String LINKS = "links.acme.example";

    @TempDir Path dataDir;
    private DomainFixture f;

    @BeforeEach
    void open() {
        f = new DomainFixture(dataDir);
        f.dns.address(DomainFixture.WEB_HOST, "198.51.100.1");
        f.dns.address(DomainFixture.WEB_HOST, "2001:db8::1");
        f.dns.address(DomainFixture.HOSTNAME, "198.51.100.1");
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aNameForLinksIsARecordToPublish() {
        var domain = f.create("acme.example");
        assertEquals(Optional.empty(), record(domain));
        var other = f.domains.body(f.domains.create(f.teams.acme, named("other.example", "go")));
        assertEquals("go.other.example", record(other).orElseThrow().name());

        set(domain, "\"links\"");
        var record = record(f.read(domain)).orElseThrow();
        assertEquals("Tracking", record.record());
        assertEquals("CNAME", record.type());
        assertEquals(LINKS, record.name());
        assertEquals(LINKS, record.fqdn());
        assertEquals(DomainFixture.WEB_HOST, record.value());
        assertEquals("not_started", record.status());
        assertNull(record.priority());

        set(domain, "\"go\"");
        assertEquals("go.acme.example", record(f.read(domain)).orElseThrow().name());
        set(domain, "null");
        assertEquals(Optional.empty(), record(f.read(domain)));
    }

    @Test
    void aVerifiedDomainStaysSoWhileTheNameIsAwaited() {
        var domain = verified();
        set(domain, "\"links\"");
        var after = f.read(domain);
        assertEquals("verified", after.status());
        assertEquals("pending", record(after).orElseThrow().status());
        assertTrue(f.sending("acme.example").maySend());
        assertNull(f.sending("acme.example").trackingHost());
        assertTrue(f.sending.isTrackingHost(LINKS));

        f.verifier.checkDue();
        assertEquals("pending", record(f.read(domain)).orElseThrow().status());
        f.dns.address(LINKS, "2001:db8::1");
        f.teams.pass(Duration.ofMinutes(1));
        f.verifier.checkDue();
        assertEquals("verified", record(f.read(domain)).orElseThrow().status());
        assertEquals(LINKS, f.sending("acme.example").trackingHost());
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void aNameThatLeadsElsewhereIsToldAndNeverUsed() {
        var domain = verified();
        f.dns.address(LINKS, "203.0.113.9");
        set(domain, "\"links\"");
        f.verifier.checkDue();
        var record = record(f.read(domain)).orElseThrow();
        assertEquals("pending", record.status());
        assertEquals("203.0.113.9", record.found());
        f.teams.pass(Duration.ofDays(4));
        f.verifier.checkDue();
        assertEquals("failed", record(f.read(domain)).orElseThrow().status());
        assertEquals("verified", f.read(domain).status());
        assertTrue(f.sending("acme.example").maySend());
        assertNull(f.sending("acme.example").trackingHost());
    }

    @Test
    void aNameThatIsLostIsUsedNoMore() {
        var domain = verified();
        set(domain, "\"links\"");
        f.dns.address(LINKS, "198.51.100.1");
        f.verifier.checkDue();
        assertEquals(LINKS, f.sending("acme.example").trackingHost());
        f.dns.remove(LINKS);
        f.teams.pass(Duration.ofDays(2));
        f.verifier.checkDue();
        assertEquals("temporary_failure", record(f.read(domain)).orElseThrow().status());
        assertNull(f.sending("acme.example").trackingHost());
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void otherNamesAreNobodysForLinks() {
        var domain = verified();
        set(domain, "\"links\"");
        for (String host :
                new String[] {
                    "", ".", "links", "acme.example", "go.acme.example", "10.0.0.1", "links.x y"
                }) {
            assertFalse(f.sending.isTrackingHost(host), host);
        }
    }

    private DomainBody verified() {
        var domain = f.create("acme.example");
        f.publishAll(domain);
        f.teams.call(f.teams.acme, "POST", "/domains/" + domain.id() + "/verify", "");
        f.verifier.checkDue();
        var after = f.read(domain);
        assertEquals("verified", after.status());
        return after;
    }

    private void set(DomainBody domain, String label) {
        var reply =
                f.teams.call(
                        f.teams.acme,
                        "PATCH",
                        "/domains/" + domain.id(),
                        "{\"open_tracking\":true,\"tracking_subdomain\":" + label + "}");
        assertEquals(200, reply.status());
    }

    private static NewDomain named(String name, String label) {
        var plain = NewDomain.of(name);
        return new NewDomain(
                plain.name(),
                plain.region(),
                plain.returnPathLabel(),
                new Domain.Settings(TlsPolicy.OPPORTUNISTIC, true, true, label, true, false));
    }

    private static Optional<RecordBody> record(DomainBody domain) {
        return Objects.requireNonNull(domain.records()).stream()
                .filter(record -> record.record().equals("Tracking"))
                .findFirst();
    }
}
