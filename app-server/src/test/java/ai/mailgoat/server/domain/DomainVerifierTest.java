package ai.mailgoat.server.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.domain.DomainBody.RecordBody;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DomainVerifierTest {
    @TempDir Path dataDir;
    private DomainFixture f;

    @BeforeEach
    void open() {
        f = new DomainFixture(dataDir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void whatIsPublishedAsAskedForIsVerified() {
        var domain = f.create("acme.example");
        assertEquals("not_started", domain.status());
        assertFalse(f.sending("acme.example").maySend());
        f.publishAll(domain);
        verify(domain);
        assertEquals("pending", f.read(domain).status());
        assertEquals(1, f.verifier.checkDue());
        assertStatuses(domain, "verified", "verified", "verified", "verified", "verified");
        assertTrue(f.sending("acme.example").maySend(), "the sending path sees it at once");
    }

    @Test
    void nothingIsLookedForBeforeSomebodyAsks() {
        f.create("acme.example");
        f.teams.pass(Duration.ofDays(30));
        assertEquals(0, f.verifier.checkDue());
        assertEquals(0, f.dns.questions.get());
    }

    @Test
    void aWrongRecordShowsWhatWasFoundAndWhatIsWanted() {
        var domain = f.create("acme.example");
        f.dns.mx("send.acme.example", 5, "mail.elsewhere.example");
        f.dns.mx("send.acme.example", 1, "mail2.elsewhere.example");
        f.dns.txt("send.acme.example", "v=spf1 include:elsewhere.example -all");
        f.dns.txt("send.acme.example", "some-site-verification=1");
        f.dns.txt("mailgoat._domainkey.acme.example", "v=DKIM1; k=rsa; p=AAAA");
        verify(domain);
        f.verifier.checkDue();
        assertStatuses(domain, "pending", "pending", "pending", "pending", "pending");
        var records = records(domain);
        assertEquals("1 mail2.elsewhere.example, 5 mail.elsewhere.example", records.get(0).found());
        assertEquals(DomainFixture.HOSTNAME, records.get(0).value());
        assertEquals("v=spf1 include:elsewhere.example -all", records.get(1).found());
        assertEquals("v=DKIM1; k=rsa; p=AAAA", records.get(2).found());
        assertNull(records.get(3).found(), "nothing is there");

        f.dns.remove("mailgoat._domainkey.acme.example");
        f.dns.publish(records.get(2));
        f.teams.pass(Duration.ofSeconds(3));
        f.verifier.checkDue();
        assertEquals("verified", records(domain).get(2).status());
        assertNull(records(domain).get(2).found());
    }

    @Test
    void checksComeQuicklyAtFirstAndThenHourly() {
        var domain = f.create("acme.example");
        verify(domain);
        var waits = new java.util.ArrayList<Long>();
        for (int i = 0; i < 12; i++) {
            assertEquals(1, f.verifier.checkDue());
            var next = nextCheck(domain);
            waits.add(Duration.between(f.teams.clock().instant(), next).toSeconds());
            f.teams.setClock(next);
        }
        assertEquals(
                List.of(2L, 5L, 10L, 30L, 60L, 300L, 900L, 1800L, 3600L, 3600L, 3600L, 3600L),
                waits);
        verify(domain);
        f.verifier.checkDue();
        assertEquals(
                Duration.ofSeconds(2),
                Duration.between(f.teams.clock().instant(), nextCheck(domain)),
                "each verify begins anew");
    }

    @Test
    void after72HoursWithoutRecordsADomainHasFailedUntilAskedAgain() {
        var domain = f.create("acme.example");
        verify(domain);
        f.verifier.checkDue();
        f.teams.pass(Duration.ofHours(72).minusSeconds(1));
        f.verifier.checkDue();
        assertEquals("pending", f.read(domain).status());
        f.teams.pass(Duration.ofHours(1));
        f.verifier.checkDue();
        assertStatuses(domain, "failed", "failed", "failed", "failed", "failed");
        f.publishAll(domain);
        f.teams.pass(Duration.ofDays(9));
        assertEquals(0, f.verifier.checkDue(), "a failed domain is not looked at");
        verify(domain);
        f.verifier.checkDue();
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void servfailNeverFailsADomainEarly() {
        var domain = f.create("acme.example");
        verify(domain);
        f.dns.failing = true;
        for (int i = 0; i < 30; i++) {
            f.verifier.checkDue();
            f.teams.pass(Duration.ofHours(2));
        }
        assertStatuses(domain, "pending", "pending", "pending", "pending", "pending");
        f.dns.failing = false;
        f.publishAll(domain);
        f.verifier.checkDue();
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void servfailLeavesAVerifiedDomainVerifiedHoweverLong() {
        var domain = verified("acme.example");
        f.dns.failing = true;
        for (int i = 0; i < 10; i++) {
            f.teams.pass(Duration.ofDays(1));
            f.verifier.checkDue();
        }
        assertStatuses(domain, "verified", "verified", "verified", "verified", "verified");
        assertTrue(f.sending("acme.example").maySend());
    }

    @Test
    void aVerifiedDomainIsRecheckedDailyAndSendsFor72HoursAfterARecordWentWrong() {
        var domain = verified("acme.example");
        f.teams.pass(Duration.ofHours(23));
        assertEquals(0, f.verifier.checkDue());
        f.dns.remove("mailgoat._domainkey.acme.example");
        f.dns.txt("mailgoat._domainkey.acme.example", "v=DKIM1; p=");
        f.teams.pass(Duration.ofHours(1));
        assertEquals(1, f.verifier.checkDue());
        assertStatuses(domain, "verified", "verified", "verified", "temporary_failure", "verified");
        assertEquals("v=DKIM1; p=", records(domain).get(2).found());
        assertTrue(f.sending("acme.example").maySend());

        f.teams.pass(Duration.ofHours(71));
        f.verifier.checkDue();
        assertEquals("verified", f.read(domain).status());
        f.teams.pass(Duration.ofHours(1));
        f.verifier.checkDue();
        assertStatuses(domain, "failed", "verified", "verified", "failed", "verified");
        assertFalse(f.sending("acme.example").maySend());
    }

    @Test
    void aRecordThatComesBackInTimeIsVerifiedAgain() {
        var domain = verified("acme.example");
        f.dns.remove("send.acme.example");
        f.teams.pass(Duration.ofHours(24));
        f.verifier.checkDue();
        assertEquals("temporary_failure", records(domain).getFirst().status());
        f.publishAll(domain);
        f.dns.remove("mailgoat._domainkey.acme.example");
        f.dns.remove("mailgoat-ed._domainkey.acme.example");
        records(domain).subList(2, 4).forEach(f.dns::publish);
        f.teams.pass(Duration.ofSeconds(2));
        f.verifier.checkDue();
        assertStatuses(domain, "verified", "verified", "verified", "verified", "verified");
        assertEquals(
                Duration.ofHours(24),
                Duration.between(f.teams.clock().instant(), nextCheck(domain)));
    }

    @Test
    void askingToVerifyAVerifiedDomainDoesNotInterruptSending() {
        var domain = verified("acme.example");
        verify(domain);
        assertEquals("verified", f.read(domain).status());
        assertTrue(f.sending("acme.example").maySend());
    }

    @Test
    void receivingThatIsStillAwaitedMakesADomainPartlyVerifiedAndItSends() {
        var domain = verified("acme.example");
        f.domains.update(
                f.teams.acme,
                new DomainId(domain.id()),
                s -> new Domain.Settings(s.tls(), false, false, null, true, true));
        assertEquals("partially_verified", f.read(domain).status());
        assertTrue(f.sending("acme.example").maySend());
        f.verifier.checkDue();
        assertEquals("partially_verified", f.read(domain).status());
        f.teams.pass(Duration.ofHours(73));
        f.verifier.checkDue();
        assertEquals("partially_failed", f.read(domain).status());
        assertTrue(f.sending("acme.example").maySend());
        f.dns.mx("acme.example", 0, "MX.Goat.example.");
        f.teams.pass(Duration.ofHours(25));
        f.verifier.checkDue();
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void recordsFollowOurHostNameWithTimeToPublishThem() {
        var domain = verified("acme.example");
        var renamed = f.withHostname("mx2.goat.example");
        assertTrue(renamed.verify(f.teams.acme, new DomainId(domain.id())));
        assertEquals("mx2.goat.example", records(domain).getFirst().value());
        f.verifier.checkDue();
        assertStatuses(
                domain,
                "verified",
                "temporary_failure",
                "temporary_failure",
                "verified",
                "verified");
        assertTrue(f.sending("acme.example").maySend());
        f.dns.remove("send.acme.example");
        records(domain).subList(0, 2).forEach(f.dns::publish);
        f.teams.pass(Duration.ofSeconds(2));
        f.verifier.checkDue();
        assertStatuses(domain, "verified", "verified", "verified", "verified", "verified");
    }

    @Test
    void eventsTellOfEachChangeAndOfNothingElse() {
        var domain = f.create("acme.example");
        f.publishAll(domain);
        verify(domain);
        f.verifier.checkDue();
        f.teams.pass(Duration.ofHours(24));
        f.verifier.checkDue();
        assertEquals(
                List.of("domain.created", "domain.updated", "domain.updated"),
                f.events.stream().map(e -> e.type()).toList());
        var last = (DomainEvents.Data) f.events.getLast().data();
        assertEquals("verified", last.status());
        assertEquals(domain.id(), last.id());
        assertEquals(4, last.records().size());
        assertEquals(f.teams.acme, f.events.getLast().team());
    }

    @Test
    void theRunnerVerifiesSoonAfterTheRequest() throws Exception {
        var domain = f.create("acme.example");
        f.publishAll(domain);
        f.verifier.start();
        verify(domain);
        var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!f.read(domain).status().equals("verified") && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals("verified", f.read(domain).status());
    }

    @Test
    void aDomainDeletedDuringItsCheckStaysDeleted() {
        var domain = f.create("acme.example");
        verify(domain);
        f.domains.delete(f.teams.acme, new DomainId(domain.id()));
        f.verifier.checkDue();
        assertTrue(f.domains.find(f.teams.acme, new DomainId(domain.id())).isEmpty());
        assertEquals("domain.deleted", f.events.getLast().type());
    }

    private DomainBody verified(String name) {
        var domain = f.create(name);
        f.publishAll(domain);
        verify(domain);
        f.verifier.checkDue();
        assertEquals("verified", f.read(domain).status());
        return domain;
    }

    private void verify(DomainBody domain) {
        assertTrue(f.domains.verify(f.teams.acme, new DomainId(domain.id())));
    }

    private List<RecordBody> records(DomainBody domain) {
        return Objects.requireNonNull(f.read(domain).records());
    }

    private Instant nextCheck(DomainBody domain) {
        var next =
                f.domains
                        .find(f.teams.acme, new DomainId(domain.id()))
                        .orElseThrow()
                        .domain()
                        .nextCheckAt();
        assertNotNull(next);
        return next;
    }

    /// The domain's status and then each record's.
    private void assertStatuses(DomainBody domain, String status, String... recordStatuses) {
        var now = f.read(domain);
        assertEquals(status, now.status());
        assertEquals(
                List.of(recordStatuses),
                Objects.requireNonNull(now.records()).stream().map(RecordBody::status).toList());
    }
}
