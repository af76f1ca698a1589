package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What can be done to a broadcast while it is being sent, on a running service: whatever it is,
/// everybody is accounted for, and nobody gets two.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BroadcastStepsTest {
    private static final int CONTACTS = 60;

    /// Ten in a second.
    private static final int SLOWLY = 600;

    private static final Duration SOON = Duration.ofSeconds(30);

    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        var settings =
                Map.of(
                        "MAILGOAT_DELIVERY__MODE",
                        "capture",
                        "MAILGOAT_LIMITS__RATE_PER_SECOND",
                        "0");
        installation = Installation.start(data, 25, settings);
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    @Test
    void pausesGoesOnAndIsCanceled() throws Exception {
        String segment = segment("pauses");
        String id = send(segment, Map.of("messages_per_minute", SLOWLY));
        awaitCounts(id, counts -> counts.get("sent").intValue() >= 5);
        done("POST", "/broadcasts/" + id + "/pause");
        var paused = installation.get("/broadcasts/" + id);
        assertTrue(paused.get("paused").booleanValue());
        Thread.sleep(1_500);
        assertEquals(
                paused.get("counts"),
                installation.get("/broadcasts/" + id).get("counts"),
                "nothing leaves while it is paused");

        done("POST", "/broadcasts/" + id + "/resume");
        int before = paused.get("counts").get("sent").intValue();
        awaitCounts(id, counts -> counts.get("sent").intValue() > before);
        done("POST", "/broadcasts/" + id + "/cancel");
        int sent = installation.get("/broadcasts/" + id).get("counts").get("sent").intValue();
        awaitCounts(id, counts -> counts.get("waiting").intValue() == 0);
        var canceled = installation.get("/broadcasts/" + id);
        assertEquals("canceled", canceled.get("status").stringValue());
        assertCounts(canceled, sent, CONTACTS - sent);
        assertTrue(sent < CONTACTS, "it was canceled on the way");
        assertEquals(sent, mails("pauses"));
    }

    @Test
    void aFasterPaceHoldsForTheRest() throws Exception {
        String id = send(segment("pace"), Map.of("messages_per_minute", 1));
        awaitCounts(id, counts -> counts.get("audience").intValue() == CONTACTS);
        var answer =
                installation
                        .service()
                        .send(
                                installation.key(),
                                "PATCH",
                                "/broadcasts/" + id,
                                "{\"messages_per_minute\":null}");
        assertEquals(200, answer.statusCode(), answer.body());
        awaitStatus(id, "sent");
        assertCounts(installation.get("/broadcasts/" + id), CONTACTS, 0);
        assertEquals(CONTACTS, mails("pace"));
    }

    @Test
    void itsSegmentMayGoAndItsContactsToo() throws Exception {
        String segment = segment("gone");
        String id = send(segment, Map.of("messages_per_minute", SLOWLY));
        awaitCounts(id, counts -> counts.get("audience").intValue() == CONTACTS);
        done("POST", "/broadcasts/" + id + "/pause");
        done("DELETE", "/contacts/gone" + (CONTACTS - 1) + "@inbox.example");
        done("DELETE", "/segments/" + segment);
        var unsubscribed =
                installation
                        .service()
                        .send(
                                installation.key(),
                                "PATCH",
                                "/contacts/gone" + (CONTACTS - 2) + "@inbox.example",
                                "{\"unsubscribed\":true}");
        assertEquals(200, unsubscribed.statusCode(), unsubscribed.body());
        done("POST", "/broadcasts/" + id + "/resume");
        awaitStatus(id, "sent");
        assertCounts(installation.get("/broadcasts/" + id), CONTACTS - 2, 2);
        assertEquals(CONTACTS - 2, mails("gone"));
    }

    @Test
    void whatIsScheduledLeavesWhenItsTimeHasCome() throws Exception {
        String at = Instant.now().plusSeconds(3).toString();
        String id = send(segment("later"), Map.of("scheduled_at", at));
        assertEquals("scheduled", status(id));
        assertEquals(0, mails("later"));
        awaitStatus(id, "sent");
        assertCounts(installation.get("/broadcasts/" + id), CONTACTS, 0);
        assertTrue(Instant.now().isAfter(Instant.parse(at)));
    }

    @Test
    void withoutItsSegmentItFailsAndSaysWhy() throws Exception {
        String segment = segment("missing");
        String at = Instant.now().plusSeconds(3).toString();
        String id = send(segment, Map.of("scheduled_at", at));
        done("DELETE", "/segments/" + segment);
        awaitStatus(id, "failed");
        var failed = installation.get("/broadcasts/" + id);
        assertEquals(
                "The segment was deleted before the broadcast began.",
                failed.get("reason").stringValue());
        assertEquals(0, failed.get("counts").get("audience").intValue());
    }

    @Test
    void whoseMailCameBackIsTriedOnceMore() throws Exception {
        String segment = id(post("/segments", Map.of("name", "Bounces")));
        for (String address : List.of("bounced@mailgoat.test", "delivered@mailgoat.test")) {
            post("/contacts", Map.of("email", address, "segments", List.of(segment)));
        }
        String id = send(segment, Map.of());
        awaitStatus(id, "sent");
        Service.await(
                "the bounce is known",
                SOON,
                () ->
                        installation
                                        .get("/broadcasts/" + id + "/recipients?type=bounced")
                                        .get("data")
                                        .size()
                                == 1);
        // Else the address would not be tried: it came back for good.
        installation
                .service()
                .send(installation.key(), "DELETE", "/suppressions/bounced@mailgoat.test", "");
        String retry = id(post("/broadcasts/" + id + "/retry", Map.of()));
        awaitStatus(retry, "sent");
        var again = installation.get("/broadcasts/" + retry);
        assertEquals(id, again.get("retry_of").stringValue());
        assertEquals(1, again.get("counts").get("audience").intValue());
        assertEquals(1, again.get("counts").get("sent").intValue());
        var whom = installation.get("/broadcasts/" + retry + "/recipients?type=sent").get("data");
        assertEquals("bounced@mailgoat.test", whom.get(0).get("email").stringValue());
        var third =
                installation
                        .service()
                        .post(installation.key(), "/broadcasts/" + id + "/retry", Map.of());
        assertEquals(422, third.statusCode(), third.body());
    }

    private String segment(String name) throws Exception {
        String segment = id(post("/segments", Map.of("name", name)));
        var contacts = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < CONTACTS; i++) {
            contacts.add(
                    Map.of(
                            "email",
                            name + i + "@inbox.example",
                            "segments",
                            List.of(Map.of("id", segment))));
        }
        post("/contacts/batch", Map.of("contacts", contacts));
        return segment;
    }

    private String send(String segment, Map<String, Object> more) throws Exception {
        var broadcast = new HashMap<String, Object>();
        broadcast.put("segment_id", segment);
        broadcast.put("from", "Ann <ann@sender.example>");
        broadcast.put("subject", "News");
        broadcast.put("text", "News. {{{RESEND_UNSUBSCRIBE_URL}}}");
        broadcast.put("send", true);
        broadcast.putAll(more);
        return id(post("/broadcasts", broadcast));
    }

    /// How many mails there are to the contacts of a segment.
    private int mails(String name) {
        int mails = 0;
        var seen = new HashSet<String>();
        String after = "";
        JsonNode page;
        do {
            page = installation.get("/emails?limit=100" + after);
            for (var mail : page.get("data")) {
                String to = mail.get("to").get(0).stringValue();
                if (to.startsWith(name)) {
                    assertTrue(seen.add(to), to + " gets two");
                    mails++;
                }
                after = "&after=" + mail.get("id").stringValue();
            }
        } while (page.get("has_more").booleanValue());
        return mails;
    }

    private static void assertCounts(JsonNode broadcast, int sent, int skipped) {
        assertEquals(
                Json.tree(
                        """
                        {"audience":%d,"waiting":0,"sent":%d,"failed":0,"suppressed":0,"skipped":%d}\
                        """
                                .formatted(CONTACTS, sent, skipped)
                                .getBytes(StandardCharsets.UTF_8)),
                broadcast.get("counts"));
    }

    private void awaitCounts(String id, Predicate<JsonNode> condition) {
        Service.await(
                "the counts of " + id,
                SOON,
                () -> {
                    var counts = installation.get("/broadcasts/" + id).get("counts");
                    int sum =
                            List.of("waiting", "sent", "failed", "suppressed", "skipped").stream()
                                    .mapToInt(name -> counts.get(name).intValue())
                                    .sum();
                    assertEquals(counts.get("audience").intValue(), sum);
                    return condition.test(counts);
                });
    }

    private void awaitStatus(String id, String status) {
        Service.await(id + " is " + status, SOON, () -> status(id).equals(status));
    }

    private String status(String id) {
        return installation.get("/broadcasts/" + id).get("status").stringValue();
    }

    private void done(String method, String path) throws Exception {
        var answer = installation.service().send(installation.key(), method, path, "");
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
    }

    private HttpResponse<String> post(String path, Object body) throws Exception {
        var answer = installation.service().post(installation.key(), path, body);
        assertTrue(answer.statusCode() < 300, path + ": " + answer.body());
        return answer;
    }

    private static String id(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").stringValue();
    }
}
