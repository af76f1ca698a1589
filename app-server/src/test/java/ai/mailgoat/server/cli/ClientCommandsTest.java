package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCommandsTest {
    private static final String LIST =
            "{\"object\":\"list\",\"has_more\":true,\"data\":[{\"id\":\"e1\",\"to\":[\"a@example.org\",\"b@example.org\"],"
                    + "\"last_event\":\"delivered\",\"created_at\":\"2026-01-01 00:00:00+00\",\"subject\":\"Hi\\u001b[31m\"}]}";

    @Test
    void sendPostsWhatWasTypedWithTheKeyAndAnswersTheId(@TempDir Path dir) throws IOException {
        Path attachment = Files.writeString(dir.resolve("note.txt"), "hello");
        Path html = Files.writeString(dir.resolve("mail.html"), "<p>Grüße</p>");
        try (var service = StandIn.answering(200, "{\"id\":\"e1\"}")) {
            var typed =
                    Typed.inTerminal(
                            service.env(),
                            "send",
                            "--from=Me <me@example.org>",
                            "--to=a@example.org,b@example.org",
                            "--subject=Hi",
                            "--html=@" + html,
                            "--attach=" + attachment);
            assertEquals(Exit.OK, typed.exitCode(), typed.err());
            assertEquals("e1\n", typed.out());
            assertEquals("POST /emails", service.only().line());
            assertEquals("Bearer re_test", service.only().authorization());
            var body = Json.tree(service.only().body().getBytes(StandardCharsets.UTF_8));
            assertEquals("Me <me@example.org>", body.path("from").asString());
            assertEquals("b@example.org", body.path("to").path(1).asString());
            assertEquals("<p>Grüße</p>", body.path("html").asString());
            assertTrue(body.path("text").isNull());
            var sent = body.path("attachments").path(0);
            assertEquals("note.txt", sent.path("filename").asString());
            assertEquals("aGVsbG8=", sent.path("content").asString());
        }
    }

    @Test
    void sendWithoutABodyIsWrongUse() throws IOException {
        try (var service = StandIn.answering(200, "{}")) {
            var typed =
                    Typed.of(service.env(), "send", "--from=a@b.c", "--to=a@b.c", "--subject=x");
            assertEquals(Exit.USAGE, typed.exitCode());
        }
    }

    @Test
    void aListIsATableInATerminalAndTheAnswerItselfElsewhere() throws IOException {
        try (var service = StandIn.answering(200, LIST)) {
            var table = Typed.inTerminal(service.env(), "emails", "list");
            assertTrue(table.out().startsWith("ID  CREATED AT"), table.out());
            assertTrue(table.out().contains("a@example.org, b@example.org"), table.out());
            assertFalse(table.out().contains("\u001b"), "a subject must not steer the terminal");
            assertTrue(table.err().contains("--after"), table.err());

            var json = Typed.of(service.env(), "emails", "list").json();
            assertEquals("delivered", json.path("data").path(0).path("last_event").asString());
        }
    }

    @Test
    void anIdStaysOneSegmentOfThePath() throws IOException {
        try (var service = StandIn.answering(200, "{\"id\":\"x\"}")) {
            Typed.of(service.env(), "emails", "get", "../api-keys?x=1");
            assertEquals("GET /emails/..%2Fapi-keys%3Fx%3D1", service.only().line());
        }
    }

    @Test
    void aRefusalSaysTheServicesWordsAndItsRequestId() throws IOException {
        String body = "{\"statusCode\":404,\"message\":\"Email not found\",\"name\":\"not_found\"}";
        try (var service = StandIn.answering(404, body)) {
            var typed = Typed.of(service.env(), "emails", "get", "e1");
            assertEquals(Exit.NOT_FOUND, typed.exitCode());
            assertEquals("", typed.out());
            assertEquals("not_found", typed.error().path("code").asString());
            assertEquals("Email not found", typed.error().path("message").asString());
            assertEquals("req-1", typed.error().path("request_id").asString());

            var person = Typed.inTerminal(service.env(), "emails", "get", "e1");
            assertEquals("mailgoat: Email not found\n", person.err());
        }
    }

    @Test
    void whatIsNoMailGoatIsSaid() throws IOException {
        try (var service = StandIn.answering(200, "<html>")) {
            var typed = Typed.of(service.env(), "domains", "list");
            assertEquals(Exit.GENERAL, typed.exitCode());
            assertEquals("not_json", typed.error().path("code").asString());
        }
    }
}
