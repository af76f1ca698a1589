package ai.mailgoat.server.email;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareTest {
    private static final String EVIL = "</title></h1>\"'><script>alert(1)</script>&lt;";

    @TempDir Path dataDir;
    private EmailFixture f;

    @BeforeEach
    void open() {
        f = new EmailFixture(dataDir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aLinkShowsTheMailToAnybodyUntilItExpires() {
        String id = f.send(Map.of("html", "<p>Hi</p>", "cc", "c@x.example", "bcc", "b@x.example"));
        var reply = share(id, "{\"expires_in\":\"10m\"}");
        assertEquals(200, reply.status());
        assertEquals("email", reply.text("object"));
        assertEquals(id, reply.text("id"));
        assertEquals("2026-03-01T10:10:00.123Z", reply.text("expires_at"));
        assertTrue(reply.text("url").startsWith(Links.PUBLIC_URL + "/shared/"));

        var answer = Links.follow(f.teams, reply.text("url"));
        assertEquals(200, answer.status());
        assertEquals("text/html; charset=utf-8", answer.headers().get("content-type"));
        assertEquals("no-referrer", answer.headers().get("referrer-policy"));
        assertEquals("nosniff", answer.headers().get("x-content-type-options"));
        assertEquals("private, no-store", answer.headers().get("cache-control"));
        String policy = String.valueOf(answer.headers().get("content-security-policy"));
        assertTrue(policy.startsWith("default-src 'none';"), policy);
        assertFalse(policy.contains("script-src") || policy.contains("connect-src"), policy);
        assertTrue(policy.contains("form-action 'none'; base-uri 'none'; frame-ancestors 'none'"));

        var page = page(answer);
        assertEquals("Hello · Acme", page.title());
        assertEquals("Hello", page.select("h1").text());
        assertEquals(
                List.of(
                        "Acme <acme@mailgoat.test>",
                        "ann@x.example",
                        "c@x.example",
                        "March 1, 2026, 10:00 UTC"),
                page.select("dd").eachText());
        var frame = page.select("iframe");
        assertEquals("allow-popups allow-popups-to-escape-sandbox", frame.attr("sandbox"));
        assertEquals("<base target=\"_blank\"><p>Hi</p>", frame.attr("srcdoc"));
        assertFalse(page.outerHtml().contains("b@x.example"), "blind copies stay blind");

        f.teams.pass(Duration.ofMinutes(10));
        var expired = Links.follow(f.teams, reply.text("url"));
        assertEquals(410, expired.status());
        assertTrue(page(expired).text().contains("This link has expired"));
    }

    @Test
    void whatStrangersWroteStaysText() {
        String id =
                f.send(
                        Map.of(
                                "subject",
                                EVIL,
                                "html",
                                "<p title='x'>" + EVIL + "</p>",
                                "attachments",
                                List.of(Map.of("filename", "<script>.txt", "content", "aGk="))));
        var answer = shown(id);
        String html = new String(answer.body(), StandardCharsets.UTF_8);
        assertFalse(html.contains("<script"), html);
        var page = page(answer);
        assertEquals(EVIL + " · Acme", page.title());
        assertTrue(page.select("script").isEmpty());
        assertTrue(page.select("iframe").attr("srcdoc").endsWith("<p title='x'>" + EVIL + "</p>"));
        assertEquals("<script>.txt", page.select("li a").text());
        assertArrayEquals(
                "hi".getBytes(StandardCharsets.UTF_8),
                Links.octets(Links.follow(f.teams, page.select("li a").attr("href"))));
    }

    @Test
    void mailWithoutHtmlShowsItsText() {
        var page = page(shown(f.send(Map.of("text", "a < b\n" + EVIL))));
        assertEquals("a < b\n" + EVIL, page.select("pre").first().wholeText());
        assertTrue(page.select("iframe").isEmpty());
    }

    @Test
    void imagesOfTheMailAreInThePage() {
        var logo = Map.of("filename", "l.png", "content", "AQID", "content_id", "logo");
        var page =
                page(
                        shown(
                                f.send(
                                        Map.of(
                                                "html",
                                                "<img src=\"cid:logo\">",
                                                "attachments",
                                                List.of(logo)))));
        assertEquals(
                "<base target=\"_blank\"><img src=\"data:image/png;base64,AQID\">",
                page.select("iframe").attr("srcdoc"));
    }

    @Test
    void aLinkHoldsTwoDaysAtMost() {
        String id = f.send(Map.of());
        assertEquals("2026-03-03T10:00:00.123Z", share(id, "").text("expires_at"));
        assertEquals(
                "2026-03-03T10:00:00.123Z",
                share(id, "{\"expires_in\":\"48h\"}").text("expires_at"));
        assertEquals(
                "2026-03-01T12:00:00.123Z",
                share(id, "{\"expires_in\":\"2 hours\"}").text("expires_at"));
        assertEquals(
                "2026-03-02T10:00:00.123Z",
                share(id, "{\"expires_in\":\"1 Day\"}").text("expires_at"));
        assertEquals(
                "2026-03-01T10:00:30.123Z",
                share(id, "{\"expires_in\":\"30 seconds\"}").text("expires_at"));
        for (String bad :
                List.of(
                        "49h",
                        "3 days",
                        "0m",
                        "-1h",
                        "1 week",
                        "1",
                        "h",
                        "",
                        "1  h",
                        "999999999h",
                        "1h 5m")) {
            var reply = share(id, "{\"expires_in\":\"" + bad + "\"}");
            assertEquals(422, reply.status(), bad);
            assertEquals("validation_error", reply.text("name"));
            assertTrue(reply.text("message").startsWith("Invalid `expires_in` field."), bad);
        }
        assertEquals(
                "The `expires_in` field must be a string.",
                share(id, "{\"expires_in\":5}").text("message"));
    }

    @Test
    void whatIsNotThereCannotBeShared() {
        assertEquals("Email not found", share(UUID.randomUUID().toString(), "").text("message"));
        assertEquals("The `id` must be a valid UUID.", share("7", "").text("message"));
        String url = share(f.send(Map.of()), "").text("url");
        for (String bad :
                List.of(
                        url + "A",
                        url.substring(0, url.length() - 3),
                        Links.PUBLIC_URL + "/shared/x")) {
            var answer = Links.follow(f.teams, bad);
            assertEquals(404, answer.status());
            assertTrue(page(answer).text().contains("There is nothing here"));
        }
        f.teams.store.write(tx -> tx.update("DELETE FROM email"));
        assertEquals(404, Links.follow(f.teams, url).status());
    }

    private Answer shown(String id) {
        return Links.follow(f.teams, share(id, "").text("url"));
    }

    private Reply share(String id, String body) {
        return f.teams.call(f.teams.acme, "POST", "/emails/" + id + "/share", body);
    }

    private static Document page(Answer answer) {
        return Jsoup.parse(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
