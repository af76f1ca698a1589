package ai.mailgoat.server.domain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class DomainRoutesTest {
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
    void aNewDomainComesWithTheRecordsToPublish() {
        var reply = post("{\"name\":\"Acme.example\"}");
        assertEquals(201, reply.status());
        var body = reply.body();
        assertEquals("acme.example", reply.text("name"));
        assertEquals("not_started", reply.text("status"));
        assertEquals("us-east-1", reply.text("region"));
        assertEquals("2026-03-01 10:00:00.123456+00", reply.text("created_at"));
        assertEquals(
                "{\"sending\":\"enabled\",\"receiving\":\"disabled\"}",
                body.get("capabilities").toString());
        assertFalse(body.get("open_tracking").booleanValue());
        assertFalse(body.has("tracking_subdomain"));

        var records = body.get("records");
        assertEquals(4, records.size());
        assertEquals(
                "{\"record\":\"SPF\",\"name\":\"send\",\"type\":\"MX\",\"ttl\":\"Auto\","
                        + "\"status\":\"not_started\",\"value\":\"mx.goat.example\",\"priority\":10,"
                        + "\"fqdn\":\"send.acme.example\",\"found\":null}",
                records.get(0).toString());
        assertEquals(
                "{\"record\":\"SPF\",\"name\":\"send\",\"type\":\"TXT\",\"ttl\":\"Auto\","
                        + "\"status\":\"not_started\",\"value\":\"v=spf1 a:mx.goat.example ~all\","
                        + "\"fqdn\":\"send.acme.example\",\"found\":null}",
                records.get(1).toString());
        assertEquals("mailgoat._domainkey", text(records.get(2), "name"));
        assertTrue(text(records.get(2), "value").startsWith("v=DKIM1; k=rsa; p=MIIB"));
        assertEquals("mailgoat-ed._domainkey", text(records.get(3), "name"));
        assertTrue(
                text(records.get(3), "value").matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}="));

        var suggestions = body.get("suggestions");
        assertEquals("v=DMARC1; p=none;", text(suggestions.get(0), "value"));
        assertEquals("_dmarc", text(suggestions.get(0), "name"));
        assertEquals("acme.example", text(suggestions.get(1), "fqdn"));

        var read = call("GET", "/domains/" + reply.text("id"), "");
        assertEquals(200, read.status());
        assertEquals(body, read.body(), "what was answered is what is stored");
    }

    @Test
    void namesAreRelativeToTheRegistrableDomain() {
        var sub =
                post(
                        "{\"name\":\"mail.acme.example\",\"custom_return_path\":\"Bounce\","
                                + "\"capabilities\":{\"receiving\":\"enabled\"}}");
        assertEquals(
                List.of(
                        "bounce.mail",
                        "bounce.mail",
                        "mailgoat._domainkey.mail",
                        "mailgoat-ed._domainkey.mail",
                        "mail"),
                names(sub));
        var receiving = sub.body().get("records").get(4);
        assertEquals("Receiving", text(receiving, "record"));
        assertEquals("MX", text(receiving, "type"));
        assertEquals("mail.acme.example", text(receiving, "fqdn"));
        assertEquals(1, sub.body().get("suggestions").size());
        assertEquals("_dmarc.mail", text(sub.body().get("suggestions").get(0), "name"));

        assertEquals("send", names(post("{\"name\":\"acme.co.uk\"}")).getFirst());
        assertEquals("send.mail", names(post("{\"name\":\"mail.acme.co.uk\"}")).getFirst());
    }

    @Test
    void badRequestsAreRefusedByName() {
        assertRefused("{}", 422, "missing_required_field", "Missing `name` field.");
        assertRefused(
                "{\"name\":\"not a domain\"}",
                422,
                "validation_error",
                "The `name` field must be a valid domain name.");
        assertRefused(
                "{\"name\":\"localhost\"}",
                422,
                "validation_error",
                "The `name` field must be a valid domain name.");
        assertRefused(
                "{\"name\":\"x.example\",\"region\":\"mars-1\"}",
                422,
                "validation_error",
                "Invalid `region` field. It must be one of: us-east-1, eu-west-1, sa-east-1,"
                        + " ap-northeast-1.");
        assertRefused(
                "{\"name\":\"x.example\",\"tls\":\"none\"}",
                422,
                "validation_error",
                "Invalid `tls` field. It must be one of: opportunistic, enforced.");
        assertRefused(
                "{\"name\":\"x.example\",\"capabilities\":{\"sending\":\"disabled\"}}",
                422,
                "validation_error",
                "At least one of the `capabilities` must be enabled.");
        assertRefused(
                "{\"name\":\"co.uk\"}",
                422,
                "validation_error",
                "The co.uk domain is a public suffix. Please add a domain that you own.");
        for (String label : List.of("1x", "-x", "x-", "a.b", "x_y", "é", "x".repeat(64))) {
            var reply = post("{\"name\":\"x.example\",\"custom_return_path\":\"" + label + "\"}");
            assertEquals(422, reply.status(), label);
        }
        for (String name :
                List.of("mailgoat.test", "x.mailgoat.test", "resend.dev", "x.resend.dev")) {
            assertRefused(
                    "{\"name\":\"" + name + "\"}",
                    403,
                    "validation_error",
                    "The " + name + " domain is reserved.");
        }
    }

    @Test
    void aNameIsRegisteredOnceOverAllTeams() {
        post("{\"name\":\"acme.example\"}");
        for (var team : List.of(f.teams.acme, f.teams.other)) {
            var reply = f.teams.call(team, "POST", "/domains", "{\"name\":\"ACME.example\"}");
            assertEquals(403, reply.status());
            assertEquals("validation_error", reply.text("name"));
            assertEquals(
                    "The acme.example domain has been registered already.", reply.text("message"));
        }
    }

    @Test
    void ofManyWhoAskForANameAtATimeOneGetsIt() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                replies.add(threads.submit(() -> post("{\"name\":\"acme.example\"}").status()));
            }
            var statuses = new ArrayList<Integer>();
            for (var reply : replies) {
                statuses.add(reply.get());
            }
            statuses.sort(null);
            assertEquals(List.of(201, 403, 403, 403), statuses);
        }
    }

    @Test
    void teamsDoNotSeeEachOthersDomains() {
        String path = "/domains/" + post("{\"name\":\"acme.example\"}").text("id");
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            assertNotFound(f.teams.call(f.teams.other, method, path, "{}"));
        }
        assertNotFound(f.teams.call(f.teams.other, "POST", path + "/verify", ""));
        var list = f.teams.call(f.teams.other, "GET", "/domains", "");
        assertEquals(0, list.body().get("data").size());
        assertEquals(
                Optional.empty(),
                f.sending.sending(f.teams.other, MailDomain.parse("acme.example")));
        assertNotFound(call("GET", "/domains/" + UUID.randomUUID(), ""));
        assertEquals(422, call("GET", "/domains/7", "").status());
        assertEquals("not_started", call("GET", path, "").text("status"));
    }

    @Test
    void theListLeavesRecordsOut() {
        String id = post("{\"name\":\"acme.example\"}").text("id");
        var list = call("GET", "/domains", "");
        assertEquals("list", list.text("object"));
        var item = list.body().get("data").get(0);
        assertEquals(id, text(item, "id"));
        assertFalse(item.has("records"));
        assertFalse(item.has("suggestions"));
        assertTrue(item.has("capabilities"));
    }

    @Test
    void settingsChangeOneByOne() {
        String path = "/domains/" + post("{\"name\":\"acme.example\"}").text("id");
        var done =
                call(
                        "PATCH",
                        path,
                        "{\"open_tracking\":true,\"tls\":\"enforced\",\"tracking_subdomain\":\"Links\"}");
        assertEquals(2, done.body().size());
        assertEquals("domain", done.text("object"));
        call("PATCH", path, "{\"click_tracking\":true}");
        var read = call("GET", path, "");
        assertTrue(read.body().get("open_tracking").booleanValue());
        assertTrue(read.body().get("click_tracking").booleanValue());
        assertEquals("links", read.text("tracking_subdomain"));
        assertEquals("enforced", read.text("tls"));
        assertEquals(TlsPolicy.ENFORCED, f.sending("acme.example").tls());
        call("PATCH", path, "{\"tls\":\"opportunistic\",\"tracking_subdomain\":null}");
        assertEquals(TlsPolicy.OPPORTUNISTIC, f.sending("acme.example").tls(), "not from a cache");
        assertFalse(call("GET", path, "").body().has("tracking_subdomain"));
        assertEquals(422, call("PATCH", path, "{\"open_tracking\":\"yes\"}").status());
        assertEquals(
                422, call("PATCH", path, "{\"capabilities\":{\"sending\":\"disabled\"}}").status());
    }

    @Test
    void capabilitiesBringAndTakeTheirRecords() {
        var created = post("{\"name\":\"acme.example\"}");
        String path = "/domains/" + created.text("id");
        call("PATCH", path, "{\"capabilities\":{\"receiving\":\"enabled\"}}");
        assertEquals(5, call("GET", path, "").body().get("records").size());
        call("PATCH", path, "{\"capabilities\":{\"sending\":\"disabled\"}}");
        assertEquals(1, call("GET", path, "").body().get("records").size());
        call(
                "PATCH",
                path,
                "{\"capabilities\":{\"sending\":\"enabled\",\"receiving\":\"disabled\"}}");
        assertEquals(
                created.body().get("records"),
                call("GET", path, "").body().get("records"),
                "the same keys as before");
    }

    @Test
    void verifyAnswersAtOnceAndSetsPending() {
        String id = post("{\"name\":\"acme.example\"}").text("id");
        var reply = call("POST", "/domains/" + id + "/verify", "");
        assertEquals("{\"object\":\"domain\",\"id\":\"" + id + "\"}", reply.body().toString());
        var read = call("GET", "/domains/" + id, "");
        assertEquals("pending", read.text("status"));
        assertEquals("pending", text(read.body().get("records").get(0), "status"));
        assertEquals(0, f.dns.questions.get());
    }

    @Test
    void aDeletedDomainIsGoneEverywhere() {
        String id = post("{\"name\":\"acme.example\"}").text("id");
        f.sending("acme.example");
        var deleted = call("DELETE", "/domains/" + id, "{}");
        assertEquals(
                "{\"object\":\"domain\",\"id\":\"" + id + "\",\"deleted\":true}",
                deleted.body().toString());
        assertNotFound(call("GET", "/domains/" + id, ""));
        assertEquals(
                Optional.empty(),
                f.sending.sending(f.teams.acme, MailDomain.parse("acme.example")));
        assertEquals(List.of(new DomainId(UUID.fromString(id))), f.deleted);
        assertEquals(
                List.of("domain.created", "domain.deleted"),
                f.events.stream().map(e -> e.type()).toList());
        assertEquals(201, post("{\"name\":\"acme.example\"}").status(), "the name is free again");
    }

    @Test
    void theKeysSignWhatThePublishedRecordsVerify() throws Exception {
        var records = post("{\"name\":\"acme.example\"}").body().get("records");
        var keys = f.sending("acme.example").keys();
        assertEquals(
                List.of("mailgoat", "mailgoat-ed"),
                keys.stream().map(SealedKey::selector).toList());
        var data = new byte[] {1, 2, 3};
        for (int i = 0; i < keys.size(); i++) {
            boolean rsa = keys.get(i).algorithm() == DkimAlgorithm.RSA_SHA256;
            String value = text(records.get(2 + i), "value");
            byte[] published = Base64.getDecoder().decode(value.substring(value.indexOf("p=") + 2));
            var factory = KeyFactory.getInstance(rsa ? "RSA" : "Ed25519");
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
            signature.initSign(
                    factory.generatePrivate(new PKCS8EncodedKeySpec(keys.get(i).open())));
            signature.update(data);
            byte[] signed = signature.sign();
            signature.initVerify(
                    factory.generatePublic(
                            new X509EncodedKeySpec(rsa ? published : ed25519Info(published))));
            signature.update(data);
            assertTrue(signature.verify(signed), value);
        }
    }

    @Test
    void everyTeamMaySendFromTheReservedDomainAndItsAlias() {
        f.domains.ensureReserved();
        f.domains.ensureReserved();
        for (var team : List.of(f.teams.acme, f.teams.other)) {
            for (String name : List.of("mailgoat.test", "resend.dev")) {
                var reserved = f.sending.sending(team, MailDomain.parse(name)).orElseThrow();
                assertTrue(reserved.maySend());
                assertTrue(reserved.reserved());
                assertEquals("mailgoat.test", reserved.name().ascii());
                assertEquals(2, reserved.keys().size());
            }
            assertEquals(0, f.teams.call(team, "GET", "/domains", "").body().get("data").size());
        }
        assertEquals(List.of(), f.events, "nobody is told of it");
    }

    @Test
    void privateKeysAreSealedEachInItsOwnWay() {
        post("{\"name\":\"acme.example\"}");
        post("{\"name\":\"beta.example\"}");
        var acme = f.sending("acme.example").keys().getFirst();
        var beta = f.sending("beta.example").keys().getFirst();
        assertNotEquals(acme.id(), beta.id());
        assertArrayEquals(acme.open(), acme.open());
        assertThrows(AssertionError.class, () -> assertArrayEquals(acme.open(), beta.open()));
        assertEquals("SealedKey[mailgoat]", acme.toString());
    }

    private TwoTeams.Reply post(String body) {
        return call("POST", "/domains", body);
    }

    private TwoTeams.Reply call(String method, String path, String body) {
        return f.teams.call(f.teams.acme, method, path, body);
    }

    private void assertRefused(String body, int status, String name, String message) {
        var reply = post(body);
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
        assertEquals(name, reply.text("name"));
    }

    private static void assertNotFound(TwoTeams.Reply reply) {
        assertEquals(404, reply.status());
        assertEquals("not_found", reply.text("name"));
        assertEquals("Domain not found", reply.text("message"));
    }

    private static List<String> names(TwoTeams.Reply reply) {
        return reply.body().get("records").valueStream().map(r -> text(r, "name")).toList();
    }

    private static String text(JsonNode node, String field) {
        return node.get(field).stringValue();
    }

    /// RFC 8410, 4: a fixed prefix and the key.
    private static byte[] ed25519Info(byte[] key) {
        byte[] info =
                java.util.HexFormat.of().parseHex("302a300506032b6570032100" + "00".repeat(32));
        System.arraycopy(key, 0, info, 12, 32);
        return info;
    }
}
