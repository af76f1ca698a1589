package ai.mailgoat.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebhookRepairsTest {
    @TempDir Path directory;
    private WebhookFixture test;
    private Receiver receiver;

    @BeforeEach
    void open() throws IOException {
        test = new WebhookFixture(directory);
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
        test.close();
    }

    @Test
    void aTrialIsSignedSentAndTold() throws Exception {
        String id = test.webhook(receiver.url(), "email.bounced", "email.sent");
        receiver.answer("got it");

        var reply = test.call("POST", "/webhooks/" + id + "/test", "");

        assertEquals(200, reply.status(), reply.toString());
        assertEquals("webhook_test", reply.text("object"));
        assertEquals("email.bounced", reply.text("type"));
        assertEquals("success", reply.text("status"));
        assertEquals(200, reply.body().get("http_status_code").intValue());
        assertEquals("got it", reply.text("response"));
        assertEquals("2026-03-01 10:00:00.123456+00", reply.text("sent_at"));

        var request = receiver.take();
        var headers = request.headers();
        assertEquals(reply.text("id"), headers.get("svix-id"));
        String signature =
                SigningSecret.signatures(
                        List.of(new SigningSecret(key(test.secret(id)))),
                        headers.get("svix-id"),
                        Long.parseLong(headers.get("svix-timestamp")),
                        request.body().getBytes(StandardCharsets.UTF_8));
        assertEquals(signature, headers.get("svix-signature"));
        var body = Json.tree(request.body().getBytes(StandardCharsets.UTF_8));
        assertEquals("email.bounced", body.get("type").stringValue());
        assertEquals("NoEmail", body.get("data").get("bounce").get("subType").stringValue());
    }

    private static byte[] key(String secret) {
        return java.util.Base64.getDecoder().decode(secret.substring("whsec_".length()));
    }

    @Test
    void aTrialIsKeptAmongTheCallsAndMarked() {
        String id = test.webhook(receiver.url(), "email.sent");
        var reply = test.call("POST", "/webhooks/" + id + "/test", "{\"type\":\"topic.deleted\"}");
        String call = reply.text("id");
        assertEquals(
                "[{\"id\":\""
                        + call
                        + "\",\"type\":\"topic.deleted\","
                        + "\"created_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"status\":\"success\",\"test\":true}]",
                test.get("/webhooks/" + id + "/events").body().get("data").toString());
        var one = test.get("/webhooks/" + id + "/events/" + call).body();
        assertTrue(one.get("test").booleanValue());
        assertTrue(one.get("next_attempt_at").isNull());
        assertEquals("topic.deleted", one.get("payload").get("type").stringValue());
        assertTrue(one.get("payload").get("data").get("deleted").booleanValue());
        var attempts = test.get("/webhooks/" + id + "/events/" + call + "/attempts").body();
        assertEquals(1, attempts.get("data").size());
        assertEquals("thanks", attempts.get("data").get(0).get("response").stringValue());
        // Nobody who counts or follows events takes it for a real one.
        assertEquals(0, test.count("event WHERE type LIKE 'topic.%'"));
    }

    @Test
    void aTrialThatFailsSaysWhyAndIsNotRepeated() {
        receiver.behave(request -> 500);
        String id = test.webhook(receiver.url(), "email.sent");
        var refused = test.call("POST", "/webhooks/" + id + "/test", "{}");
        assertEquals("failed", refused.text("status"));
        assertEquals(500, refused.body().get("http_status_code").intValue());
        receiver.close();
        var unreachable = test.call("POST", "/webhooks/" + id + "/test", "{}");
        assertEquals(200, unreachable.status());
        assertEquals("failed", unreachable.text("status"));
        assertEquals(0, unreachable.body().get("http_status_code").intValue());
        assertTrue(!unreachable.text("response").isEmpty());
        test.run();
        test.teams.pass(Duration.ofDays(2));
        assertEquals(List.of("failed", "failed"), test.statuses(id));
        assertEquals(0, test.count("webhook_call WHERE due_at IS NOT NULL"));
    }

    @Test
    void everyTypeHasASample() {
        for (String type : EventTypes.all()) {
            var data = SampleEvents.data(type, UUID.randomUUID(), test.teams.clock().instant());
            assertNotNull(Json.tree(Json.bytes(data)), type);
            assertTrue(!data.isEmpty(), type);
        }
    }

    @Test
    void aDisabledWebhookMayBeTried() {
        String id = test.webhook(receiver.url(), "email.sent");
        test.call("PATCH", "/webhooks/" + id, "{\"status\":\"disabled\"}");
        assertEquals("success", test.call("POST", "/webhooks/" + id + "/test", "").text("status"));
    }

    @Test
    void wrongTrialsAreRefusedAndSendNothing() {
        String id = test.webhook(receiver.url(), "email.sent");
        var unknown = test.call("POST", "/webhooks/" + id + "/test", "{\"type\":\"email.eaten\"}");
        assertEquals(422, unknown.status());
        assertTrue(unknown.text("message").startsWith("Invalid `type` field. It must be one of: "));
        assertEquals(
                "The `type` field must be a string.",
                test.call("POST", "/webhooks/" + id + "/test", "{\"type\":7}").text("message"));
        for (String verb : List.of("test", "replay")) {
            var foreign =
                    test.teams.call(
                            test.teams.other,
                            "POST",
                            "/webhooks/" + id + "/" + verb,
                            "{\"from\":\"2026-01-01\"}");
            assertEquals(404, foreign.status());
            assertEquals("Webhook not found", foreign.text("message"));
        }
        assertEquals(0, test.count("webhook_call"));
        assertEquals(List.of(), receiver.all);
    }

    @Test
    void aRangeOfCallsIsMadeAgain() throws Exception {
        String id = test.webhook(receiver.url(), "email.sent", "email.bounced");
        test.happen("email.sent");
        test.teams.pass(Duration.ofHours(1));
        test.happen(test.teams.acme, "email.sent", 700);
        test.happen(test.teams.acme, "email.bounced", 2);
        test.teams.pass(Duration.ofHours(1));
        test.happen("email.sent");
        test.run();
        for (int i = 0; i < 704; i++) {
            receiver.take();
        }
        WebhookFixture.await(
                "all settled", () -> test.count("webhook_call WHERE status = 'SUCCESS'") == 704);

        assertEquals(0, replayed(id, "{\"from\":\"2026-03-01\"}"));
        assertEquals(
                702,
                replayed(
                        id,
                        "{\"from\":\"2026-03-01T10:30:00Z\",\"to\":\"2026-03-01T11:30:00Z\","
                                + "\"status\":\"success\"}"));
        for (int i = 0; i < 702; i++) {
            receiver.take();
        }
        WebhookFixture.await(
                "all settled", () -> test.count("webhook_call WHERE status = 'SUCCESS'") == 704);
        assertEquals(
                2,
                replayed(
                        id,
                        "{\"from\":\"2026-03-01\",\"types\":[\"email.bounced\"],\"status\":\"all\"}"));
        receiver.take();
        receiver.take();
    }

    @Test
    void onlyWhatFailedUnlessAskedOtherwise() {
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen(test.teams.acme, "email.sent", 3);
        test.teams.store.write(tx ->
                tx.update(
                        "UPDATE webhook_call SET status = 'FAILED', due_at = NULL WHERE id = ?",
                        UUID.fromString(test.newest(id).substring(4))));
        test.call("POST", "/webhooks/" + id + "/test", "{}");
        assertEquals(1, replayed(id, "{\"from\":\"2026-03-01T10:00:00.123456Z\"}"));
        assertEquals(Collections.nCopies(3, "pending"), test.statuses(id).subList(1, 4));
        assertEquals(3, replayed(id, "{\"from\":\"2026-03-01\",\"status\":\"all\"}"));
    }

    @Test
    void wrongReplaysAreRefused() {
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        var bad =
                Map.of(
                        "{}", "Missing `from` field.",
                        "{\"from\":\"\"}", "Missing `from` field.",
                        "{\"from\":5}", "The `from` field must be a string.",
                        "{\"from\":\"soon\"}",
                                "The `from` field must be a date or a time of ISO 8601.",
                        "{\"from\":\"2026-01-02\",\"to\":\"2026-01-02\"}",
                                "The `to` field must be later than `from`.",
                        "{\"from\":\"2026-01-02\",\"status\":\"some\"}",
                                "Invalid `status` field. It must be one of: failed, success, all.");
        bad.forEach((body, message) -> {
            var reply = test.call("POST", "/webhooks/" + id + "/replay", body);
            assertEquals(422, reply.status(), body);
            assertEquals(message, reply.text("message"), body);
        });
        var type =
                test.call(
                        "POST",
                        "/webhooks/" + id + "/replay",
                        "{\"from\":\"2026-01-02\",\"types\":[\"x\"]}");
        assertTrue(type.text("message").startsWith("Invalid `types` field. It must be one of: "));
        test.call("PATCH", "/webhooks/" + id, "{\"status\":\"disabled\"}");
        var disabled =
                test.call("POST", "/webhooks/" + id + "/replay", "{\"from\":\"2026-01-02\"}");
        assertEquals(422, disabled.status());
        assertTrue(disabled.text("message").startsWith("The webhook is disabled."));
    }

    private int replayed(String id, String body) {
        var reply = test.call("POST", "/webhooks/" + id + "/replay", body);
        assertEquals(200, reply.status(), reply.toString());
        assertEquals("webhook_replay", reply.text("object"));
        return reply.body().get("count").intValue();
    }
}
