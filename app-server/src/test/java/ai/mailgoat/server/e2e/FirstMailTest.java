package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dkim.DkimResult;
import ai.mailgoat.server.dkim.DkimVerifier;
import ai.mailgoat.server.dns.Resolvers;
import ai.mailgoat.server.dns.TestDnsServer;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// One mail the whole way through the house: HTTP, queue, DNS, SMTP, events, webhook; and what a
/// mail meets that cannot be delivered, must wait, or must not be sent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstMailTest {
    private TestDnsServer dns;
    private SmtpSink sink;
    private HttpServer receiver;
    private Service service;
    private String key;
    private final List<JsonNode> hooks = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        dns = new TestDnsServer();
        sink = new SmtpSink(true);
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    hooks.add(Json.tree(exchange.getRequestBody().readAllBytes()));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        receiver.start();
        TestZone.receives(dns, "inbox.example");
        var environment = new HashMap<>(Service.local(dns.address(), sink.port()));
        environment.put("MAILGOAT_OUTBOUND__ALLOW_PRIVATE", "127.0.0.0/8");
        service = Service.on(data, environment);
        var setup = service.setup("sender.example");
        TestZone.publish(dns, setup.get("domain"));
        key = setup.get("api_key").stringValue();
        service.start();
        String domain = setup.get("domain").get("id").stringValue();
        service.post(key, "/domains/" + domain + "/verify", "");
        Service.await(
                "verified",
                Duration.ofSeconds(20),
                () -> get("/domains/" + domain).get("status").stringValue().equals("verified"));
        service.post(
                key,
                "/webhooks",
                Map.of(
                        "endpoint",
                        "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook",
                        "events",
                        List.of(
                                "email.sent",
                                "email.delivered",
                                "email.bounced",
                                "email.suppressed",
                                "email.scheduled")));
    }

    @AfterAll
    void stop() throws Exception {
        assertEquals(0, service.terminate());
        service.close();
        receiver.stop(0);
        sink.close();
        dns.close();
    }

    @Test
    void aMailArrivesSignedTwiceAndIsReportedInOrder() throws Exception {
        String id =
                send(
                        Map.of(
                                "from", "Grüße <hello@sender.example>",
                                "to",
                                        List.of(
                                                "Ödön <someone@inbox.example>",
                                                "other@inbox.example"),
                                "bcc", "hidden@inbox.example",
                                "subject", "Täglich 🐐",
                                "html", "<p>Hello <b>world</b></p>",
                                "tags", List.of(Map.of("name", "kind", "value", "welcome"))));
        awaitEvent(id, "delivered");
        var mail =
                sink.received().stream()
                        .filter(m -> m.messageId().startsWith(id))
                        .findFirst()
                        .orElseThrow();
        assertEquals(3, mail.forwardPaths().size(), "one transaction for all recipients of a site");
        assertTrue(mail.reversePath().endsWith("@send.sender.example"), mail.reversePath());
        assertFalse(mail.message().contains("hidden@"), "blind copies are of the envelope alone");
        var results =
                new DkimVerifier()
                        .verify(
                                mail.message().getBytes(StandardCharsets.UTF_8),
                                resolvers(),
                                Instant.now());
        assertEquals(2, results.size());
        results.forEach(r -> assertEquals(DkimResult.Status.PASS, r.status(), r.reason()));

        var events =
                timeline(id)
                        .get("events")
                        .valueStream()
                        .map(e -> e.get("type").stringValue())
                        .toList();
        assertEquals(
                List.of("email.queued", "email.sent", "email.delivered"),
                events.stream().distinct().toList());
        Service.await(
                "webhooks",
                Duration.ofSeconds(10),
                () -> hooks(id, "email.delivered") == 3 && hooks(id, "email.sent") == 1);
        var attempt = timeline(id).get("attempts").get(0);
        assertEquals("mx.inbox.example", attempt.get("mx_host").stringValue());
        assertEquals(250, attempt.get("code").intValue());
    }

    @Test
    void anUnknownMailboxBouncesOnceAndIsSuppressedAfterwards() throws Exception {
        TestZone.receives(dns, "strict.example");
        sink.answerRecipients("550 5.1.1 no such user");
        try {
            String first = send("nobody@strict.example");
            awaitEvent(first, "bounced");
            var bounce = timeline(first).get("attempts").get(0);
            assertEquals("5.1.1", bounce.get("enhanced").stringValue());
            String second = send("Nobody@strict.example");
            assertEquals("suppressed", get("/emails/" + second).get("last_event").stringValue());
            Service.await(
                    "webhooks",
                    Duration.ofSeconds(10),
                    () ->
                            hooks(first, "email.bounced") == 1
                                    && hooks(second, "email.suppressed") == 1);
        } finally {
            sink.answerRecipients("250 2.1.5 ok");
        }
    }

    @Test
    void aTransientRefusalIsTriedAgain() throws Exception {
        TestZone.receives(dns, "slow.example");
        sink.answerRecipients("451 4.7.1 greylisted");
        String id = send("someone@slow.example");
        awaitEvent(id, "delivery_delayed");
        sink.answerRecipients("250 2.1.5 ok");
        awaitEvent(id, "delivered");
        assertEquals(2, timeline(id).get("attempts").size());
    }

    @Test
    void aDomainWithNullMxBouncesAtOnce() throws Exception {
        dns.add("silent.example", 15, 60, "0 .");
        String id = send("someone@silent.example");
        awaitEvent(id, "bounced");
        assertTrue(
                timeline(id).get("attempts").get(0).get("reason").stringValue().contains("5.1.10"));
    }

    @Test
    void scheduledMailWaitsAndCanBeMovedAndCanceled() throws Exception {
        var at = Instant.now().plusSeconds(3_600).toString();
        String moved =
                send(
                        Map.of(
                                "from",
                                "a@sender.example",
                                "to",
                                "someone@inbox.example",
                                "subject",
                                "later",
                                "text",
                                "x",
                                "scheduled_at",
                                at));
        assertEquals("scheduled", get("/emails/" + moved).get("last_event").stringValue());
        assertEquals(200, patch(moved, Map.of("scheduled_at", "in 1 second")));
        awaitEvent(moved, "delivered");
        var types =
                timeline(moved)
                        .get("events")
                        .valueStream()
                        .map(e -> e.get("type").stringValue())
                        .toList();
        assertEquals(List.of("email.scheduled", "email.sent", "email.delivered"), types);

        String canceled =
                send(
                        Map.of(
                                "from",
                                "a@sender.example",
                                "to",
                                "someone@inbox.example",
                                "subject",
                                "never",
                                "text",
                                "x",
                                "scheduled_at",
                                "in 2 seconds"));
        assertEquals(200, service.post(key, "/emails/" + canceled + "/cancel", "").statusCode());
        assertEquals("canceled", get("/emails/" + canceled).get("last_event").stringValue());
        assertEquals(422, service.post(key, "/emails/" + canceled + "/cancel", "").statusCode());
        assertEquals(422, patch(canceled, Map.of("scheduled_at", "in 1 hour")));
    }

    @Test
    void reservedMailboxesActOutTheirNames() throws Exception {
        awaitEvent(send("delivered@resend.dev"), "delivered");
        awaitEvent(send("bounced+label@mailgoat.test"), "bounced");
        awaitEvent(send("complained@mailgoat.test"), "complained");
        assertEquals(
                "suppressed",
                get("/emails/" + send("suppressed@mailgoat.test")).get("last_event").stringValue());
    }

    @Test
    void theReservedSenderIsCapturedWhoeverItWritesTo() throws Exception {
        int before = sink.count();
        String id =
                send(
                        Map.of(
                                "from",
                                "onboarding@mailgoat.test",
                                "to",
                                "someone@inbox.example",
                                "subject",
                                "hi",
                                "text",
                                "x"));
        awaitEvent(id, "delivered");
        assertEquals(
                before,
                sink.received().stream().filter(m -> !m.messageId().startsWith(id)).count());
        assertTrue(
                service.admin("/v1/emails/" + id + "/raw")
                        .get("raw")
                        .stringValue()
                        .contains("DKIM-Signature:"));
    }

    @Test
    void theSameIdempotencyKeySendsOnce() throws Exception {
        var body =
                Json.mapper()
                        .writeValueAsString(
                                Map.of(
                                        "from",
                                        "a@sender.example",
                                        "to",
                                        "someone@inbox.example",
                                        "subject",
                                        "once",
                                        "text",
                                        "x"));
        var first = service.post(key, "/emails", body, "Idempotency-Key", "k-1");
        var second = service.post(key, "/emails", body, "Idempotency-Key", "k-1");
        assertEquals(first.body(), second.body());
        var other =
                service.post(
                        key, "/emails", body.replace("once", "twice"), "Idempotency-Key", "k-1");
        assertEquals(409, other.statusCode());
        assertTrue(other.body().contains("invalid_idempotent_request"), other.body());
        assertEquals(
                400,
                service.post(key, "/emails", body, "Idempotency-Key", "k".repeat(257))
                        .statusCode());
    }

    private String send(String to) throws Exception {
        return send(
                Map.of("from", "a@sender.example", "to", to, "subject", "hello", "text", "Hello."));
    }

    private String send(Map<String, Object> body) throws Exception {
        var answer = service.post(key, "/emails", body);
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").stringValue();
    }

    private int patch(String id, Map<String, Object> body) throws Exception {
        return service.send(key, "PATCH", "/emails/" + id, body).statusCode();
    }

    private void awaitEvent(String id, String event) {
        Service.await(
                id + " is " + event,
                Duration.ofSeconds(30),
                () -> get("/emails/" + id).get("last_event").stringValue().equals(event));
    }

    private long hooks(String email, String type) {
        return hooks.stream()
                .filter(h ->
                        h.get("type").stringValue().equals(type)
                                && h.get("data").get("email_id").stringValue().equals(email))
                .count();
    }

    private JsonNode timeline(String id) throws Exception {
        return service.admin("/v1/emails/" + id + "/timeline");
    }

    private JsonNode get(String path) {
        try {
            return Json.tree(service.get(key, path).body().getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Resolvers resolvers() {
        return new Resolvers(List.of(dns.address()), Duration.ofSeconds(2), Clock.systemUTC());
    }
}
