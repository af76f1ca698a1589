package ai.mailgoat.server.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DomainClaimsTest {
    private static final String BODY = "{\"name\":\"Acme.example\",\"region\":\"eu-west-1\"}";

    @TempDir Path dataDir;
    private DomainFixture test;
    private DomainBody domain;

    @BeforeEach
    void open() {
        test = new DomainFixture(dataDir);
        domain = test.create("acme.example");
        test.events.clear();
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Reply other(String method, String path, String body) {
        return test.teams.call(test.teams.other, method, path, body);
    }

    private Reply claim() {
        return other("POST", "/domains/claim", BODY);
    }

    private static String path(Reply claim) {
        return "/domains/" + claim.text("domain_id") + "/claim";
    }

    private static String record(Reply claim) {
        return claim.body().get("record").get("value").stringValue();
    }

    private TeamId owner() {
        return test.teams.store.read(
                tx -> test.domains.owner(tx, MailDomain.parse("acme.example")).orElseThrow());
    }

    @Test
    void aClaimTellsWhatToPublish() {
        var claim = claim();
        assertEquals(201, claim.status(), claim.toString());
        assertTrue(record(claim).matches("mailgoat-domain-verification=[0-9a-f]{40}"));
        assertEquals(
                "{\"object\":\"domain_claim\",\"id\":\""
                        + claim.text("id")
                        + "\",\"name\":\"acme.example\",\"status\":\"pending\",\"domain_id\":\""
                        + claim.text("domain_id")
                        + "\",\"region\":\"eu-west-1\",\"record\":{\"type\":\"TXT\","
                        + "\"name\":\"acme.example\",\"value\":\""
                        + record(claim)
                        + "\",\"ttl\":\"Auto\"},\"blocked_reason\":null,\"failure_reason\":null,"
                        + "\"created_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"expires_at\":\"2026-03-08 10:00:00.123456+00\"}",
                claim.body().toString());
        assertEquals(claim.body(), other("GET", path(claim), "").body());
        var again = claim();
        assertEquals(200, again.status());
        assertEquals(claim.body(), again.body());
    }

    @Test
    void withoutTheRecordNothingPasses() {
        var claim = claim();
        var verified = other("POST", path(claim) + "/verify", "");
        assertEquals(200, verified.status());
        assertEquals("pending", verified.text("status"));
        assertEquals("The TXT record was not found.", verified.text("failure_reason"));
        test.dns.txt("acme.example", record(claim) + "0");
        assertEquals("pending", other("POST", path(claim) + "/verify", "").text("status"));
        test.dns.failing = true;
        var failed = other("POST", path(claim) + "/verify", "");
        assertEquals(
                "The name servers of the domain gave no answer.", failed.text("failure_reason"));
        assertEquals(failed.body(), other("GET", path(claim), "").body());
        assertEquals(test.teams.acme, owner());
        assertEquals(List.of(), test.events);
    }

    @Test
    void withTheRecordTheNamePasses() {
        test.publishAll(domain);
        test.domains.verify(test.teams.acme, new DomainId(domain.id()));
        test.verifier.checkDue();
        assertTrue(test.sending("acme.example").maySend());
        test.events.clear();
        var claim = claim();
        test.dns.txt("acme.example", "v=spf1 -all");
        test.dns.txt("acme.example", record(claim));

        var completed = other("POST", path(claim) + "/verify", "");

        assertEquals("completed", completed.text("status"));
        assertEquals("null", completed.text("failure_reason"));
        assertEquals(test.teams.other, owner());
        assertEquals(List.of(new DomainId(domain.id())), test.deleted);
        assertEquals(
                List.of("domain.deleted", "domain.created"),
                test.events.stream().map(Event::type).toList());
        assertEquals(
                List.of(test.teams.acme, test.teams.other),
                test.events.stream().map(Event::team).toList());
        assertEquals(
                404,
                test.teams.call(test.teams.acme, "GET", "/domains/" + domain.id(), "").status());
        var made = other("GET", "/domains/" + claim.text("domain_id"), "");
        assertEquals(200, made.status());
        assertEquals("not_started", made.text("status"));
        assertEquals("eu-west-1", made.text("region"));
        assertTrue(
                test.sending.sending(test.teams.acme, MailDomain.parse("acme.example")).isEmpty());
        var sending =
                test.sending
                        .sending(test.teams.other, MailDomain.parse("acme.example"))
                        .orElseThrow();
        assertTrue(!sending.maySend());
        String oldKey =
                domain.records().stream()
                        .filter(r -> r.record().equals("DKIM"))
                        .findFirst()
                        .orElseThrow()
                        .value();
        made.body()
                .get("records")
                .forEach(r -> assertNotEquals(oldKey, r.get("value").stringValue()));
        // Once more changes nothing.
        assertEquals(completed.body(), other("POST", path(claim) + "/verify", "").body());
        assertEquals(2, test.events.size());
    }

    @Test
    void otherOptionsSupersedeTheClaimAndKeepItsDomain() {
        var first = claim();
        var second = other("POST", "/domains/claim", "{\"name\":\"acme.example\"}");
        assertEquals(201, second.status());
        assertEquals(first.text("domain_id"), second.text("domain_id"));
        assertNotEquals(record(first), record(second));
        assertEquals(second.body(), other("GET", path(first), "").body());
        test.dns.txt("acme.example", record(first));
        assertEquals("pending", other("POST", path(first) + "/verify", "").text("status"));
    }

    @Test
    void aClaimExpires() {
        var claim = claim();
        test.dns.txt("acme.example", record(claim));
        test.teams.pass(Duration.ofDays(7));
        assertEquals("expired", other("GET", path(claim), "").text("status"));
        assertEquals("expired", other("POST", path(claim) + "/verify", "").text("status"));
        assertEquals(404, other("DELETE", path(claim), "").status());
        assertEquals(test.teams.acme, owner());
        assertEquals(201, claim().status());
    }

    @Test
    void aClaimCanBeGivenUp() {
        var claim = claim();
        test.dns.txt("acme.example", record(claim));
        assertEquals("canceled", other("DELETE", path(claim), "").text("status"));
        assertEquals("canceled", other("POST", path(claim) + "/verify", "").text("status"));
        assertEquals(404, other("DELETE", path(claim), "").status());
        assertEquals(test.teams.acme, owner());
    }

    @Test
    void whatIsFreeOrOnesOwnCannotBeClaimed() {
        var free = other("POST", "/domains/claim", "{\"name\":\"free.example\"}");
        assertEquals(422, free.status());
        assertEquals(
                "The free.example domain is not registered. Add it instead of claiming it.",
                free.text("message"));
        var own = test.teams.call(test.teams.acme, "POST", "/domains/claim", BODY);
        assertEquals(403, own.status());
        assertEquals("The acme.example domain has been registered already.", own.text("message"));
        assertEquals(422, other("POST", "/domains/claim", "{}").status());
        assertEquals(422, other("POST", "/domains/claim", "{\"name\":[]}").status());
        assertEquals(
                422,
                other("POST", "/domains/claim", "{\"name\":\"acme.example\",\"region\":\"mars\"}")
                        .status());
    }

    @Test
    void aNameThatBecameFreeIsStillTaken() {
        var claim = claim();
        test.dns.txt("acme.example", record(claim));
        test.domains.delete(test.teams.acme, new DomainId(domain.id()));
        assertEquals("completed", other("POST", path(claim) + "/verify", "").text("status"));
        assertEquals(test.teams.other, owner());
    }

    @Test
    void aNameTheTeamAddedItselfEndsTheClaim() {
        var claim = claim();
        test.dns.txt("acme.example", record(claim));
        test.domains.delete(test.teams.acme, new DomainId(domain.id()));
        assertEquals(201, other("POST", "/domains", "{\"name\":\"acme.example\"}").status());
        assertEquals("superseded", other("POST", path(claim) + "/verify", "").text("status"));
        assertEquals(404, other("GET", "/domains/" + claim.text("domain_id"), "").status());
    }

    @Test
    void anotherTeamsClaimIsNotFound() {
        var claim = claim();
        for (var call : List.of("GET " + path(claim), "DELETE " + path(claim))) {
            var reply =
                    test.teams.call(test.teams.acme, call.split(" ")[0], call.split(" ")[1], "");
            assertEquals(404, reply.status());
            assertEquals("Domain claim not found", reply.text("message"));
        }
        assertEquals(
                404,
                test.teams.call(test.teams.acme, "POST", path(claim) + "/verify", "").status());
        assertEquals(404, other("GET", "/domains/" + UUID.randomUUID() + "/claim", "").status());
        assertEquals(422, other("GET", "/domains/x/claim", "").status());
        assertEquals("pending", other("GET", path(claim), "").text("status"));
    }
}
