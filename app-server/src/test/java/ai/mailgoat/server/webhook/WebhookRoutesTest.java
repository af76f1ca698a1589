package ai.mailgoat.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WebhookRoutesTest {
    private static final String URL = "https://example.com/hook";
    private static final String NOBODY = "018f0000-0000-7000-8000-00000000dead";

    private WebhookFixture test;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = new WebhookFixture(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void tellsOfAWebhookFromItsCreationToItsDeletion() {
        var created =
                test.call(
                        "POST",
                        "/webhooks",
                        """
                        {"endpoint":"https://example.com/hook","events":["email.sent","email.bounced","email.sent"]}
                        """);
        String id = created.text("id");
        String secret = created.text("signing_secret");
        assertEquals(201, created.status());
        assertEquals(
                "{'object':'webhook','id':'" + id + "','signing_secret':'" + secret + "'}",
                text(created.body()));
        assertTrue(secret.matches("whsec_[A-Za-z0-9+/]{43}="), secret);

        String fields =
                "'endpoint':'https://example.com/hook','events':['email.sent','email.bounced'],"
                        + "'status':'enabled','created_at':'2026-03-01 10:00:00.123456+00'";
        assertEquals(
                "{'object':'webhook','id':'"
                        + id
                        + "',"
                        + fields
                        + ",'signing_secret':'"
                        + secret
                        + "'}",
                text(test.get("/webhooks/" + id).body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[{'id':'" + id + "'," + fields + "}]}",
                text(test.get("/webhooks").body()));

        var updated =
                test.call(
                        "PATCH",
                        "/webhooks/" + id,
                        """
                        {"endpoint":"https://example.com/new","events":["domain.created"],"status":"disabled"}
                        """);
        assertEquals("{'object':'webhook','id':'" + id + "'}", text(updated.body()));
        var changed = test.get("/webhooks/" + id);
        assertEquals("https://example.com/new", changed.text("endpoint"));
        assertEquals("['domain.created']", text(changed.body().get("events")));
        assertEquals("disabled", changed.text("status"));
        assertEquals(secret, changed.text("signing_secret"));

        test.call("PATCH", "/webhooks/" + id, "{}");
        assertEquals(changed.body(), test.get("/webhooks/" + id).body());

        assertEquals(
                "{'object':'webhook','id':'" + id + "','deleted':true}",
                text(test.call("DELETE", "/webhooks/" + id, "").body()));
        assertEquals(404, test.get("/webhooks/" + id).status());
        assertEquals(404, test.call("DELETE", "/webhooks/" + id, "").status());
        assertEquals("[]", text(test.get("/webhooks").body().get("data")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing_required_field | Missing `endpoint` field.",
                "{'endpoint':''} | missing_required_field | Missing `endpoint` field.",
                "{'endpoint':'https://a.example'} | missing_required_field | Missing `events` field.",
                "{'endpoint':'https://a.example','events':null} | missing_required_field | Missing `events` field.",
                "{'endpoint':'https://a.example','events':[]} | validation_error | Invalid `events` field. It must have at least one event type.",
                "{'endpoint':'https://a.example','events':[1]} | validation_error | The `events` field must be a string.",
                "{'endpoint':1,'events':['email.sent']} | validation_error | The `endpoint` field must be a string.",
                "{'endpoint':'http://a b/','events':['email.sent']} | validation_error | Invalid `endpoint` field. It must be a URL such as https://example.com/webhooks.",
                "{'endpoint':'http://ok\\\\@127.0.0.1','events':['email.sent']} | validation_error | Invalid `endpoint` field. It must be a URL such as https://example.com/webhooks.",
                "{'endpoint':'ftp://a.example','events':['email.sent']} | validation_error | Invalid `endpoint` field. The URL must begin with https:// or http://.",
                "{'endpoint':'https://10.0.0.1/','events':['email.sent']} | validation_error | Invalid `endpoint` field. The host must be on the public Internet; private and reserved addresses are not reached.",
            })
    void refusesWhatCannotBeAWebhook(String body, String name, String message) {
        var reply = test.call("POST", "/webhooks", body.replace('\'', '"'));

        assertEquals(422, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(message, reply.text("message"));
        assertEquals(0, test.count("webhook"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"email.queued", "email.canceled", "email.*", "EMAIL.SENT", ""})
    void refusesTypesThatAreNotOfTheVocabulary(String type) {
        var reply =
                test.call(
                        "POST",
                        "/webhooks",
                        "{\"endpoint\":\""
                                + URL
                                + "\",\"events\":[\"email.sent\",\""
                                + type
                                + "\"]}");

        assertEquals(422, reply.status());
        assertTrue(
                reply.text("message")
                        .startsWith("Invalid `events` field. It must be one of: email.sent, "));
    }

    @Test
    void takesEveryTypeOfTheVocabulary() {
        assertEquals(43, EventTypes.all().size());
        String id = test.webhook(URL, EventTypes.all().toArray(String[]::new));

        var stored = new ArrayList<String>();
        test.get("/webhooks/" + id)
                .body()
                .get("events")
                .forEach(type -> stored.add(type.asString()));
        assertEquals(EventTypes.all(), stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"deleted\"}",
                "{\"status\":\"on\"}",
                "{\"events\":[]}",
                "{\"events\":[\"email.queued\"]}",
                "{\"endpoint\":\"http://169.254.169.254/\"}",
            })
    void refusesAChangeToNonsenseAndLeavesAllAsItWas(String body) {
        String id = test.webhook(URL, "email.sent");
        var before = test.get("/webhooks/" + id).body();

        assertEquals(422, test.call("PATCH", "/webhooks/" + id, body).status());

        assertEquals(before, test.get("/webhooks/" + id).body());
    }

    @Test
    void aWebhookOfAnotherTeamDoesNotExist() {
        String id = test.webhook(URL, "email.sent");
        test.happen("email.sent");
        String event = test.newest(id);
        var other = test.teams.other;

        for (String path :
                List.of(
                        "GET /webhooks/" + id,
                        "PATCH /webhooks/" + id,
                        "DELETE /webhooks/" + id,
                        "POST /webhooks/" + id + "/signing-secret/rotate",
                        "GET /webhooks/" + id + "/events",
                        "GET /webhooks/" + id + "/events/" + event,
                        "POST /webhooks/" + id + "/events/" + event + "/replay",
                        "GET /webhooks/" + id + "/events/" + event + "/attempts")) {
            String[] words = path.split(" ");
            var reply = test.teams.call(other, words[0], words[1], "{\"status\":\"disabled\"}");
            assertEquals(404, reply.status(), path);
            assertEquals("not_found", reply.text("name"), path);
        }
        assertEquals("[]", text(test.teams.call(other, "GET", "/webhooks", "").body().get("data")));
        assertEquals("enabled", test.get("/webhooks/" + id).text("status"));
    }

    @Test
    void anEventIsFoundUnderItsOwnWebhookOnly() {
        String one = test.webhook(URL, "email.sent");
        String two = test.webhook(URL, "email.delivered");
        test.happen("email.sent");
        String event = test.newest(one);

        assertEquals(200, test.get("/webhooks/" + one + "/events/" + event).status());
        for (String path :
                List.of(
                        "/webhooks/" + two + "/events/" + event,
                        "/webhooks/" + two + "/events/" + event + "/attempts",
                        "/webhooks/" + one + "/events/msg_" + NOBODY,
                        "/webhooks/" + one + "/events/nonsense")) {
            var reply = test.get(path);
            assertEquals(404, reply.status(), path);
            assertEquals("Webhook event not found", reply.text("message"), path);
        }
        assertEquals(404, test.get("/webhooks/" + NOBODY).status());
        assertEquals("invalid_parameter", test.get("/webhooks/nonsense").text("name"));
    }

    @Test
    void tellsOfAnEventWithWhatIsPosted() {
        String id = test.webhook(URL, "email.sent");
        test.happen("email.sent");
        String event = test.newest(id);

        assertTrue(event.matches("msg_[0-9a-f-]{36}"), event);
        assertEquals(
                "{'object':'webhook_event','id':'"
                        + event
                        + "','type':'email.sent','created_at':'2026-03-01 10:00:00.123456+00',"
                        + "'status':'pending','next_attempt_at':'2026-03-01 10:00:00.123456+00',"
                        + "'test':false,'payload':{'type':'email.sent','created_at':'2026-03-01T10:00:00.123Z',"
                        + "'data':{'n':0}}}",
                text(test.get("/webhooks/" + id + "/events/" + event).body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[]}",
                text(test.get("/webhooks/" + id + "/events/" + event + "/attempts").body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[{'id':'"
                        + event
                        + "','type':'email.sent','created_at':'2026-03-01 10:00:00.123456+00',"
                        + "'status':'pending','test':false}]}",
                text(test.get("/webhooks/" + id + "/events").body()));
    }

    @Test
    void pagesThroughEventsByTheirNames() {
        String id = test.webhook(URL, "email.sent");
        test.happen(test.teams.acme, "email.sent", 5);
        var all = ids("/webhooks/" + id + "/events", 5, false);

        assertEquals(all.subList(0, 2), ids("/webhooks/" + id + "/events?limit=2", 2, true));
        assertEquals(
                all.subList(2, 4),
                ids("/webhooks/" + id + "/events?limit=2&after=" + all.get(1), 2, true));
        assertEquals(
                all.subList(4, 5),
                ids("/webhooks/" + id + "/events?limit=2&after=" + all.get(3), 1, false));
        assertEquals(
                all.subList(1, 3),
                ids("/webhooks/" + id + "/events?limit=2&before=" + all.get(3), 2, true));
        assertEquals(422, test.get("/webhooks/" + id + "/events?after=msg_1").status());
    }

    @Test
    void aRotationChangesTheSecretAndKeepsTheOldOneForADay() {
        String id = test.webhook(URL, "email.sent");
        String old = test.secret(id);

        var reply = test.call("POST", "/webhooks/" + id + "/signing-secret/rotate", "");

        String fresh = reply.text("signing_secret");
        assertEquals(200, reply.status());
        assertNotEquals(old, fresh);
        assertEquals(
                "{'object':'webhook','id':'" + id + "','signing_secret':'" + fresh + "'}",
                text(reply.body()));
        assertEquals(fresh, test.secret(id));
        assertEquals(List.of(fresh, old), secrets(id));

        test.teams.pass(Duration.ofHours(24));
        assertEquals(List.of(fresh), secrets(id));
    }

    @Test
    void secretsAreSealedInTheDatabase() {
        String id = test.webhook(URL, "email.sent");
        String secret = test.secret(id).substring("whsec_".length());

        byte[] stored =
                test.teams.store.read(tx ->
                        tx.first(
                                        "SELECT sealed_secret FROM webhook",
                                        row -> row.bytes("sealed_secret"))
                                .orElseThrow());

        byte[] key = java.util.Base64.getDecoder().decode(secret);
        assertFalse(
                new String(stored, StandardCharsets.ISO_8859_1)
                        .contains(new String(key, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aTeamHasItsFillOfWebhooks() {
        for (int i = 0; i < 100; i++) {
            test.webhook(URL, "email.sent");
        }

        var reply =
                test.call(
                        "POST",
                        "/webhooks",
                        "{\"endpoint\":\"" + URL + "\",\"events\":[\"email.sent\"]}");

        assertEquals(422, reply.status());
        assertEquals("You can have at most 100 webhooks.", reply.text("message"));
    }

    private List<String> secrets(String id) {
        var webhook =
                test.webhooks.find(test.teams.acme, java.util.UUID.fromString(id)).orElseThrow();
        return webhook.secrets().open(test.key, test.teams.clock().instant()).stream()
                .map(SigningSecret::text)
                .toList();
    }

    private List<String> ids(String path, int expected, boolean more) {
        var body = test.get(path).body();
        var ids = new ArrayList<String>();
        body.get("data").forEach(item -> ids.add(item.get("id").asString()));
        assertEquals(expected, ids.size());
        assertEquals(more, body.get("has_more").asBoolean());
        return ids;
    }

    private static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
