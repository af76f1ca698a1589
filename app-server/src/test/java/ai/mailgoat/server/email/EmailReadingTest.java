package ai.mailgoat.server.email;

import static ai.mailgoat.server.email.EmailFixture.json;
import static ai.mailgoat.server.email.EmailFixture.mail;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmailReadingTest {
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
    void aMailIsReadBackWithAllItsFields() {
        String id =
                f.send(
                        Map.of(
                                "cc", List.of("c@x.example"),
                                "bcc", "Bea <b@x.example>",
                                "reply_to", "r@x.example",
                                "html", "<p>Hi</p>",
                                "tags", List.of(Map.of("name", "kind", "value", "welcome"))));
        var topic = f.teams.ids.next();
        f.teams.store.write(tx -> tx.update("UPDATE email SET topic_id = ?", topic));
        assertEquals(
                "{\"object\":\"email\",\"id\":\""
                        + id
                        + "\",\"message_id\":\"<"
                        + id
                        + "@mailgoat.test>\",\"to\":[\"ann@x.example\"],\"from\":\"Acme <acme@mailgoat.test>\","
                        + "\"created_at\":\"2026-03-01 10:00:00.123456+00\",\"subject\":\"Hello\","
                        + "\"bcc\":[\"Bea <b@x.example>\"],\"cc\":[\"c@x.example\"],\"reply_to\":[\"r@x.example\"],"
                        + "\"last_event\":\"sent\",\"scheduled_at\":null,\"html\":\"<p>Hi</p>\",\"text\":\"Hi\","
                        + "\"tags\":[{\"name\":\"kind\",\"value\":\"welcome\"}],\"topic_id\":\""
                        + topic
                        + "\"}",
                f.get("/emails/" + id).body().toString());
        var listed = f.get("/emails").body().get("data").get(0);
        assertEquals(id, listed.get("id").stringValue());
        for (String absent : List.of("object", "html", "text", "tags")) {
            assertTrue(!listed.has(absent), absent);
        }
    }

    @Test
    void attachmentsComeWithALinkThatNeedsNoKey() {
        String id = f.send(Map.of("attachments", List.of(file("a.txt", "hi"), logo())));
        var list = f.get("/emails/" + id + "/attachments").body();
        assertEquals("list", list.get("object").stringValue());
        assertEquals(false, list.get("has_more").booleanValue());
        assertEquals(2, list.get("data").size());

        var text = list.get("data").get(0);
        String aid = text.get("id").stringValue();
        String url = text.get("download_url").stringValue();
        String fields =
                "\"id\":\""
                        + aid
                        + "\",\"filename\":\"a.txt\",\"size\":2,\"content_type\":\"text/plain\","
                        + "\"content_disposition\":\"attachment\",\"content_id\":null,\"download_url\":\""
                        + url
                        + "\",\"expires_at\":\"2026-03-01T11:00:00.000Z\"}";
        assertEquals("{" + fields, text.toString());
        assertArrayEquals(
                "hi".getBytes(StandardCharsets.UTF_8), Links.octets(Links.follow(f.teams, url)));
        assertEquals(
                "{\"object\":\"attachment\"," + fields,
                f.get("/emails/" + id + "/attachments/" + aid).body().toString());

        var logo = list.get("data").get(1);
        assertEquals("inline", logo.get("content_disposition").stringValue());
        assertEquals("logo", logo.get("content_id").stringValue());
    }

    @Test
    void attachmentsArePagedInTheirOrder() {
        var files = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < 5; i++) {
            files.add(file("f" + i, "" + i));
        }
        String path = "/emails/" + f.send(Map.of("attachments", files)) + "/attachments";
        assertEquals("f0 f1 f2 f3 f4 false", names(f.get(path)));
        assertEquals("f0 f1 true", names(f.get(path + "?limit=2")));
        assertEquals("f2 f3 true", names(f.get(path + "?limit=2&after=" + idOf(path, 1))));
        assertEquals("f4 false", names(f.get(path + "?limit=2&after=" + idOf(path, 3))));
        assertEquals("f2 f3 true", names(f.get(path + "?limit=2&before=" + idOf(path, 4))));
        assertEquals("f0 false", names(f.get(path + "?limit=2&before=" + idOf(path, 1))));
        assertEquals("false", names(f.get(path + "?after=" + UUID.randomUUID())).strip());
        assertEquals(422, f.get(path + "?after=x").status());
        assertEquals(422, f.get(path + "?limit=0").status());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        String id = f.send(Map.of("attachments", List.of(file("a", "b"))));
        String path = "/emails/" + id + "/attachments";
        String aid = idOf(path, 0);
        notFound("Email", f.get("/emails/" + UUID.randomUUID() + "/attachments"));
        notFound("Attachment", f.get(path + "/" + UUID.randomUUID()));
        assertEquals(
                "The `id` must be a valid UUID.", f.get("/emails/7/attachments").text("message"));
        assertEquals("The `aid` must be a valid UUID.", f.get(path + "/7").text("message"));
        notFound("Email", f.teams.call(f.teams.other, "GET", path, ""));
        notFound("Email", f.teams.call(f.teams.other, "GET", path + "/" + aid, ""));
        notFound("Email", f.teams.call(f.teams.other, "GET", "/emails/" + id, ""));
        notFound("Email", f.teams.call(f.teams.other, "POST", "/emails/" + id + "/share", ""));
    }

    @Test
    void mailsOfABatchMayHaveAttachments() {
        var batch =
                List.of(
                        mail(Map.of("attachments", List.of(file("a.txt", "one")))),
                        mail(Map.of("attachments", List.of(file("b.txt", "two"), logo()))));
        var reply = f.teams.call(f.teams.acme, "POST", "/emails/batch", json(batch));
        assertEquals(200, reply.status());
        var ids = reply.body().get("data");
        assertEquals("a.txt false", names(attachments(ids.get(0).get("id").stringValue())));
        var second = attachments(ids.get(1).get("id").stringValue());
        assertEquals("b.txt logo.png false", names(second));
        String url = second.body().get("data").get(0).get("download_url").stringValue();
        assertArrayEquals(
                "two".getBytes(StandardCharsets.UTF_8), Links.octets(Links.follow(f.teams, url)));

        var bad =
                List.of(
                        mail(Map.of()),
                        mail(Map.of("attachments", List.of(Map.of("filename", "x")))));
        var refused = f.teams.call(f.teams.acme, "POST", "/emails/batch", json(bad));
        assertEquals("invalid_attachment", refused.text("name"));
        assertEquals(2, f.get("/emails").body().get("data").size());
    }

    private Reply attachments(String id) {
        return f.get("/emails/" + id + "/attachments");
    }

    private static Map<String, Object> file(String name, String content) {
        return Map.of("filename", name, "content", content.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> logo() {
        return Map.of("filename", "logo.png", "content", "AQID", "content_id", "logo");
    }

    private String idOf(String path, int index) {
        return f.get(path).body().get("data").get(index).get("id").stringValue();
    }

    private static String names(Reply reply) {
        var names = new StringBuilder();
        reply.body()
                .get("data")
                .forEach(item -> names.append(item.get("filename").stringValue()).append(' '));
        return names.append(reply.body().get("has_more").booleanValue()).toString();
    }

    private static void notFound(String thing, Reply reply) {
        assertEquals(404, reply.status());
        assertEquals("not_found", reply.text("name"));
        assertEquals(thing + " not found", reply.text("message"));
    }
}
