package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broadcast as it arrives, the one click of a mail program, and the broadcast after it.
class OneClickTest {
    private static final Pattern FIELD =
            Pattern.compile("(?m)^List-Unsubscribe: <(\\S+)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern SIGNED =
            Pattern.compile("(?s)DKIM-Signature:.*?\\bh=([^;]+);", Pattern.CASE_INSENSITIVE);

    @Test
    void whoUnsubscribesByTheHeaderGetsNoMoreBroadcasts(@TempDir Path data) throws Exception {
        try (var sink = new SmtpSink(true);
                var here = Installation.start(data, sink.port(), Map.of())) {
            TestZone.receives(here.dns(), "inbox.example");
            String segment = made(here, "/segments", Map.of("name", "Everybody"));
            String ann = contact(here, segment, "ann@inbox.example");
            String bob = contact(here, segment, "bob@inbox.example");

            broadcast(here, segment, "First");
            var first = arrived(sink, "First", 2);
            String message = first.get("ann@inbox.example");
            var link = FIELD.matcher(unfolded(message));
            assertTrue(link.find(), message);
            assertTrue(message.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
            isSigned(message, "list-unsubscribe");
            isSigned(message, "list-unsubscribe-post");
            assertFalse(message.contains("RESEND_UNSUBSCRIBE_URL"));

            var answer = oneClick(here, link.group(1));
            assertEquals(200, answer.statusCode());
            assertEquals("true", unsubscribed(here, ann));
            assertEquals("false", unsubscribed(here, bob));

            String second = broadcast(here, segment, "Second");
            assertEquals(
                    List.of("bob@inbox.example"), List.copyOf(arrived(sink, "Second", 1).keySet()));
            Service.await(
                    "sent",
                    Duration.ofSeconds(20),
                    () ->
                            "sent"
                                    .equals(
                                            here.get("/broadcasts/" + second)
                                                    .get("status")
                                                    .stringValue()));
            var counts = here.get("/broadcasts/" + second).get("counts");
            assertEquals(2, counts.get("audience").intValue());
            assertEquals(1, counts.get("sent").intValue());
            assertEquals(1, counts.get("skipped").intValue());
        }
    }

    private static HttpResponse<String> oneClick(Installation here, String link) throws Exception {
        // The link names the host that the public has; this test is next door.
        var path = URI.create(link).getPath();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(here.service().url().resolve(path))
                            .header("content-type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void isSigned(String message, String field) {
        var names =
                SIGNED.matcher(message)
                        .results()
                        .flatMap(r ->
                                Pattern.compile(":")
                                        .splitAsStream(
                                                r.group(1)
                                                        .replaceAll("\\s", "")
                                                        .toLowerCase(Locale.ROOT)))
                        .collect(Collectors.toSet());
        assertTrue(names.contains(field), () -> field + " is not among " + names);
    }

    /// The messages with this subject, by their one recipient.
    private static Map<String, String> arrived(SmtpSink sink, String subject, int count) {
        Service.await(
                subject + " arrives",
                Duration.ofSeconds(30),
                () -> messages(sink, subject).size() >= count);
        return messages(sink, subject);
    }

    private static Map<String, String> messages(SmtpSink sink, String subject) {
        return sink.received().stream()
                .filter(mail -> mail.message().contains("Subject: " + subject))
                .collect(
                        Collectors.toMap(
                                mail -> mail.forwardPaths().getFirst(),
                                SmtpSink.Received::message));
    }

    private static String broadcast(Installation here, String segment, String subject)
            throws Exception {
        return made(
                here,
                "/broadcasts",
                Map.of(
                        "segment_id",
                        segment,
                        "from",
                        "news@sender.example",
                        "subject",
                        subject,
                        "html",
                        "<p>Hi</p><a href=\"{{{RESEND_UNSUBSCRIBE_URL}}}\">Unsubscribe</a>",
                        "send",
                        true));
    }

    private static String contact(Installation here, String segment, String email)
            throws Exception {
        return made(
                here,
                "/contacts",
                Map.of("email", email, "segments", List.of(Map.of("id", segment))));
    }

    private static String unsubscribed(Installation here, String contact) {
        return here.get("/contacts/" + contact).get("unsubscribed").asString();
    }

    private static String unfolded(String message) {
        return message.replaceAll("\r?\n[ \t]+", " ");
    }

    private static String made(Installation here, String path, Map<String, Object> body)
            throws Exception {
        var answer = here.service().post(here.key(), path, body);
        assertEquals(201, answer.statusCode(), answer.body());
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").stringValue();
    }
}
