package ai.mailgoat.server.email;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateSendTest {
    private static final String WELCOME =
            """
            {"name":"Welcome","alias":"welcome","from":"Goat <goat@mailgoat.test>","subject":"Hi {{{NAME}}}",
             "reply_to":["help@mailgoat.test"],"html":"<p>{{{NAME}}}</p>","text":"for {{{NAME}}}",
             "variables":[{"key":"NAME","type":"string"}]}
            """;

    @TempDir Path directory;
    private EmailFixture sending;

    @BeforeEach
    void open() {
        sending = new EmailFixture(directory);
    }

    @AfterEach
    void close() {
        sending.close();
    }

    private String welcome() {
        String id = sending.call("POST", "/templates", WELCOME).text("id");
        sending.call("POST", "/templates/welcome/publish", "");
        return id;
    }

    private String accepted(String body) {
        var reply = sending.call("POST", "/emails", body);
        assertEquals(200, reply.status(), () -> reply.body().toString());
        return reply.text("id");
    }

    private void refused(int status, String name, String message, String body) {
        int before = sending.count("email");
        var reply = sending.call("POST", "/emails", body);
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(before, sending.count("email"));
    }

    @Test
    void everythingMayComeFromTheTemplate() {
        String template = welcome();
        String id =
                accepted(
                        "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"Ann\"}}}");
        var email = sending.email(id);
        assertEquals("Goat <goat@mailgoat.test>", email.get("from").asString());
        assertEquals("Hi Ann", email.get("subject").asString());
        assertEquals("<p>Ann</p>", email.get("html").asString());
        assertEquals("for Ann", email.get("text").asString());
        assertEquals("[\"help@mailgoat.test\"]", email.get("reply_to").toString());
        assertEquals(
                template, sending.told(id, "email.sent").getFirst().get("template_id").asString());
    }

    @Test
    void whatTheRequestSaysGoesFirst() {
        String template = welcome();
        String id =
                accepted(
                        "{\"to\":\"a@mailgoat.test\",\"from\":\"me@mailgoat.test\",\"subject\":\"{{{NAME}}}!\",\"reply_to\":\"r@mailgoat.test\",\"template\":{\"id\":\""
                                + template
                                + "\",\"variables\":{\"NAME\":\"Ann\"}}}");
        var email = sending.email(id);
        assertEquals("me@mailgoat.test", email.get("from").asString());
        assertEquals("{{{NAME}}}!", email.get("subject").asString());
        assertEquals("[\"r@mailgoat.test\"]", email.get("reply_to").toString());
    }

    @Test
    void aMailWithoutTemplateHasNoTemplateId() {
        String id =
                accepted(
                        "{\"from\":\"me@mailgoat.test\",\"to\":\"a@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\",\"template\":null,\"topic_id\":\"\"}");
        assertFalse(sending.told(id, "email.sent").getFirst().has("template_id"));
        assertTrue(sending.email(id).get("topic_id").isNull());
    }

    @Test
    void refusals() {
        welcome();
        String end = ",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"Ann\"}}}";
        refused(
                422,
                "validation_error",
                "The `template` field cannot be used together with `html` or `text`.",
                "{\"to\":\"a@mailgoat.test\",\"html\":\"x\"" + end);
        refused(
                422,
                "validation_error",
                "The template variable `NAME` has no value and no fallback.",
                "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\"}}");
        refused(
                404,
                "not_found",
                "Template not found",
                "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"farewell\"}}");
        refused(
                422,
                "missing_required_field",
                "Missing `template.id` field.",
                "{\"to\":\"a@mailgoat.test\",\"template\":{}}");
        refused(
                422,
                "validation_error",
                "`template` must be a JSON object.",
                "{\"to\":\"a@mailgoat.test\",\"template\":\"welcome\"}");
        refused(
                422,
                "validation_error",
                "`template.variables` must be a JSON object.",
                "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":[]}}");
        refused(
                422,
                "validation_error",
                "Invalid `subject` field. Line breaks and control characters are not allowed.",
                "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"a\\r\\nBcc: b@c.dd\"}}}");
        sending.call("PATCH", "/templates/welcome", "{\"subject\":null,\"from\":null}");
        sending.call("POST", "/templates/welcome/publish", "");
        refused(
                422,
                "missing_required_field",
                "Missing `subject` field.",
                "{\"to\":\"a@mailgoat.test\"" + end);
        refused(
                422,
                "missing_required_field",
                "Missing `from` field.",
                "{\"to\":\"a@mailgoat.test\",\"subject\":\"s\"" + end);
    }

    @Test
    void anotherTeamsTemplateIsNotFound() {
        welcome();
        var reply =
                sending.teams.call(
                        sending.teams.other,
                        "POST",
                        "/emails",
                        "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"x\"}}}");
        assertEquals(404, reply.status());
    }

    @Test
    void batchesTakeTemplatesToo() {
        welcome();
        var reply =
                sending.call(
                        "POST",
                        "/emails/batch",
                        "[{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"A\"}}},"
                                + "{\"to\":\"b@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"B\"}}}]");
        assertEquals(200, reply.status());
        String second = reply.body().get("data").get(1).get("id").asString();
        assertEquals("<p>B</p>", sending.email(second).get("html").asString());
    }

    @Test
    void aLargeTemplateGoesThroughABlob() {
        welcome();
        String large = "<p>" + "é".repeat(100_000) + "</p>";
        sending.call("PATCH", "/templates/welcome", "{\"html\":\"" + large + "\"}");
        sending.call("POST", "/templates/welcome/publish", "");
        String id =
                accepted(
                        "{\"to\":\"a@mailgoat.test\",\"template\":{\"id\":\"welcome\",\"variables\":{\"NAME\":\"Ann\"}}}");
        assertEquals(large, sending.email(id).get("html").asString());
    }

    @Test
    void recipientsWithoutTheTopicAreNotSentTo() {
        sending.topics.team = sending.teams.acme;
        sending.topics.topic = sending.teams.ids.next();
        sending.topics.optedOut.addAll(List.of("b@mailgoat.test", "s@mailgoat.test"));
        var acme = sending.teams.acme;
        sending.teams.store.write(tx ->
                sending.suppressions.add(
                        tx,
                        acme,
                        "s@mailgoat.test",
                        ai.mailgoat.server.suppression.Suppression.Origin.MANUAL,
                        null));
        String id =
                accepted(
                        "{\"from\":\"me@mailgoat.test\",\"to\":\"a@mailgoat.test\",\"cc\":\"B@mailgoat.test\",\"bcc\":\"s@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\",\"topic_id\":\""
                                + sending.topics.topic
                                + "\"}");
        assertEquals(
                List.of(
                        "queued a@mailgoat.test",
                        "failed B@mailgoat.test The recipient has opted out of this topic.",
                        "suppressed s@mailgoat.test"),
                sending.recipients(id));
        assertEquals(1, sending.count("queue_entry"));
        var failed = sending.told(id, "email.failed").getFirst();
        assertEquals("[\"B@mailgoat.test\"]", failed.get("to").toString());
        assertEquals(
                "The recipient has opted out of this topic.",
                failed.get("failed").get("reason").asString());
        assertEquals(
                "[\"a@mailgoat.test\"]",
                sending.told(id, "email.sent").getFirst().get("to").toString());
        assertEquals(sending.topics.topic.toString(), sending.email(id).get("topic_id").asString());
        assertEquals("sent", sending.email(id).get("last_event").asString());
    }

    @Test
    void aMailThatNobodyWantsHasFailed() {
        sending.topics.team = sending.teams.acme;
        sending.topics.topic = sending.teams.ids.next();
        sending.topics.optedOut.add("b@mailgoat.test");
        String id =
                accepted(
                        "{\"from\":\"me@mailgoat.test\",\"to\":\"b@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\",\"topic_id\":\""
                                + sending.topics.topic
                                + "\"}");
        assertEquals("failed", sending.email(id).get("last_event").asString());
        assertEquals(0, sending.count("queue_entry"));
        assertEquals(List.of(), sending.told(id, "email.sent"));
    }

    @Test
    void unknownTopicsAreRefused() {
        sending.topics.team = sending.teams.other;
        sending.topics.topic = sending.teams.ids.next();
        String start =
                "{\"from\":\"me@mailgoat.test\",\"to\":\"b@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\",\"topic_id\":";
        refused(404, "not_found", "Topic not found", start + "\"" + sending.topics.topic + "\"}");
        refused(404, "not_found", "Topic not found", start + "\"" + UUID.randomUUID() + "\"}");
        refused(
                422,
                "invalid_parameter",
                "The `topic_id` must be a valid UUID.",
                start + "\"news\"}");
        refused(422, "validation_error", "The `topic_id` field must be a string.", start + "7}");
    }

    @Test
    void tagsAreKeptToBeFilteredBy() {
        String id =
                accepted(
                        "{\"from\":\"me@mailgoat.test\",\"to\":\"b@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\",\"tags\":[{\"name\":\"a\",\"value\":\"b\"}]}");
        accepted(
                "{\"from\":\"me@mailgoat.test\",\"to\":\"b@mailgoat.test\",\"subject\":\"s\",\"text\":\"t\"}");
        var tags =
                sending.teams.store.read(tx ->
                        tx.query(
                                "SELECT tags FROM email WHERE tags IS NOT NULL",
                                row -> row.string("tags")));
        assertEquals(List.of("[{\"name\":\"a\",\"value\":\"b\"}]"), tags);
        assertEquals(
                "[{\"name\":\"a\",\"value\":\"b\"}]", sending.email(id).get("tags").toString());
    }
}
