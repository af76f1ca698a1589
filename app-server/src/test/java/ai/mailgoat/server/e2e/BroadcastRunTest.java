package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What happens to a broadcast on its way: whatever is done meanwhile, everybody of the audience is
/// counted once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BroadcastRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private Installation installation;
    private int names;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        var capture =
                Map.of(
                        "MAILGOAT_DELIVERY__MODE", "capture",
                        "MAILGOAT_LIMITS__RATE_PER_SECOND", "0",
                        "MAILGOAT_LIMITS__DAILY_QUOTA", "500");
        installation = Installation.start(data, 25, capture);
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    @Test
    void everybodyIsSentSuppressedOrSkipped() throws Exception {
        String segment = segment();
        contact(segment, "ada", Map.of("first_name", "Ada"));
        contact(segment, "bob", Map.of());
        contact(segment, "eve", Map.of("unsubscribed", true));
        contact(segment, "sue", Map.of());
        post("/suppressions", Map.of("email", "sue@inbox.example"));
        String id = broadcast(segment, Map.of());
        var sent = await(id, "sent");
        assertEquals(counts(4, 2, 0, 1, 1), sent.get("counts"));
        assertFalse(sent.get("sent_at").isNull());
        var mails = mailsOf("News for Ada");
        assertEquals(1, mails.size());
        var mail = installation.get("/emails/" + mails.getFirst());
        String html = mail.get("html").stringValue();
        assertTrue(html.contains("<p>Hello Ada</p>"), html);
        assertTrue(html.contains("/unsubscribe/"), html);
        assertEquals(1, mailsOf("News for you").size());
        installation.awaitEvent(mails.getFirst(), "delivered");
        var timeline = installation.timeline(mails.getFirst()).toString();
        assertTrue(timeline.contains(id), timeline);
    }

    @Test
    void whatIsDoneMeanwhileCounts() throws Exception {
        String segment = segment();
        var people = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            people.add(contact(segment, "p" + i + "-" + segment.substring(30), Map.of()));
        }
        String id = broadcast(segment, Map.of("messages_per_minute", 300));
        awaitSent(id, 3);
        post("/broadcasts/" + id + "/pause", Map.of());
        var paused = installation.get("/broadcasts/" + id);
        long at = paused.get("counts").get("sent").longValue();
        assertTrue(at < 28, "it went too far: " + at);
        installation
                .service()
                .send(installation.key(), "DELETE", "/contacts/" + people.get(29), "");
        installation
                .service()
                .send(
                        installation.key(),
                        "PATCH",
                        "/contacts/" + people.get(28),
                        Map.of("unsubscribed", true));
        installation.service().send(installation.key(), "DELETE", "/segments/" + segment, "");
        Thread.sleep(1_500);
        assertEquals(
                at, installation.get("/broadcasts/" + id).get("counts").get("sent").longValue());
        var again =
                installation.service().post(installation.key(), "/broadcasts/" + id + "/send", "");
        assertEquals(422, again.statusCode(), again.body());
        post("/broadcasts/" + id + "/resume", Map.of());
        assertEquals(counts(30, 28, 0, 0, 2), await(id, "sent").get("counts"));
    }

    @Test
    void theRestOfACanceledOneIsSkipped() throws Exception {
        String segment = segment();
        for (int i = 0; i < 30; i++) {
            contact(segment, "c" + i, Map.of());
        }
        String id = broadcast(segment, Map.of("messages_per_minute", 300));
        awaitSent(id, 2);
        post("/broadcasts/" + id + "/cancel", Map.of());
        Service.await(
                "nobody waits",
                PATIENCE,
                () -> {
                    var counts = installation.get("/broadcasts/" + id).get("counts");
                    return counts.get("waiting").longValue() == 0;
                });
        var counts = installation.get("/broadcasts/" + id).get("counts");
        assertEquals(30, counts.get("audience").longValue());
        assertEquals(30, counts.get("sent").longValue() + counts.get("skipped").longValue());
        assertTrue(counts.get("skipped").longValue() > 0);
    }

    @Test
    void aSegmentThatGoesBeforeTheTimeIsToldOf() throws Exception {
        String segment = segment();
        contact(segment, "early", Map.of());
        String id =
                broadcast(
                        segment,
                        Map.of("scheduled_at", java.time.Instant.now().plusSeconds(3).toString()));
        installation.service().send(installation.key(), "DELETE", "/segments/" + segment, "");
        var failed = await(id, "failed");
        assertEquals(
                "The segment was deleted before the broadcast began.",
                failed.get("reason").stringValue());
        assertEquals(counts(0, 0, 0, 0, 0), failed.get("counts"));
    }

    // The last: what it uses up nobody else has.
    @Test
    @Order(Integer.MAX_VALUE)
    void aQuotaHoldsItBack() throws Exception {
        String segment = segment();
        String csv = "email\n" + "many%d@inbox.example\n".repeat(600).formatted(numbers(600));
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"segments\"\r\n\r\n[{\"id\":\""
                        + segment
                        + "\"}]\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
                        + csv
                        + "\r\n--b--\r\n";
        var begun =
                installation
                        .service()
                        .post(
                                installation.key(),
                                "/contacts/imports",
                                form,
                                "content-type",
                                "multipart/form-data; boundary=b");
        String job = json(begun.body()).get("id").stringValue();
        Service.await(
                "imported",
                PATIENCE,
                () ->
                        installation
                                .get("/contacts/imports/" + job)
                                .get("status")
                                .stringValue()
                                .equals("completed"));
        String id = broadcast(segment, Map.of());
        Service.await(
                "it is held back",
                PATIENCE,
                () -> !installation.get("/broadcasts/" + id).get("reason").isNull());
        var held = installation.get("/broadcasts/" + id);
        assertTrue(
                held.get("reason").stringValue().contains("daily quota of 500"), held.toString());
        assertEquals("queued", held.get("status").stringValue());
        assertEquals(
                600,
                held.get("counts").get("sent").longValue()
                        + held.get("counts").get("waiting").longValue());
        post("/broadcasts/" + id + "/cancel", Map.of());
    }

    private static Object[] numbers(int count) {
        return java.util.stream.IntStream.range(0, count).boxed().toArray();
    }

    private String segment() throws Exception {
        return post("/segments", Map.of("name", "Segment " + names++)).get("id").stringValue();
    }

    private String contact(String segment, String name, Map<String, Object> more) throws Exception {
        var contact = new HashMap<String, Object>(more);
        contact.put("email", name + "@inbox.example");
        contact.put("segments", List.of(Map.of("id", segment)));
        return post("/contacts", contact).get("id").stringValue();
    }

    private String broadcast(String segment, Map<String, Object> more) throws Exception {
        var broadcast = new HashMap<String, Object>(more);
        broadcast.put("segment_id", segment);
        broadcast.put("from", "Goat <goat@sender.example>");
        broadcast.put("subject", "News for {{{FIRST_NAME|you}}}");
        broadcast.put(
                "html",
                "<p>Hello {{{contact.first_name|there}}}</p><a href=\"{{{RESEND_UNSUBSCRIBE_URL}}}\">No more</a>");
        broadcast.put("send", true);
        return post("/broadcasts", broadcast).get("id").stringValue();
    }

    private JsonNode await(String id, String status) {
        Service.await(
                id + " is " + status,
                PATIENCE,
                () ->
                        installation
                                .get("/broadcasts/" + id)
                                .get("status")
                                .stringValue()
                                .equals(status));
        return installation.get("/broadcasts/" + id);
    }

    private void awaitSent(String id, int count) {
        Service.await(
                count + " are sent",
                PATIENCE,
                () ->
                        installation.get("/broadcasts/" + id).get("counts").get("sent").longValue()
                                >= count);
    }

    private List<String> mailsOf(String subject) {
        return installation
                .get("/emails?limit=100")
                .get("data")
                .valueStream()
                .filter(mail -> mail.get("subject").stringValue().equals(subject))
                .filter(mail ->
                        mail.get("to").toString().contains("ada@")
                                || mail.get("to").toString().contains("bob@"))
                .map(mail -> mail.get("id").stringValue())
                .toList();
    }

    private JsonNode post(String path, Map<String, ?> body) throws Exception {
        var answer = installation.service().post(installation.key(), path, body);
        assertTrue(answer.statusCode() < 300, path + ": " + answer.body());
        return json(answer.body());
    }

    private static JsonNode counts(
            int audience, int sent, int failed, int suppressed, int skipped) {
        return Json.tree(
                """
                {"audience":%d,"sent":%d,"failed":%d,"suppressed":%d,"skipped":%d,"waiting":0}\
                """
                        .formatted(audience, sent, failed, suppressed, skipped)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(String body) {
        return Json.tree(body.getBytes(StandardCharsets.UTF_8));
    }
}
