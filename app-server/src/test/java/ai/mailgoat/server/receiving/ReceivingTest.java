package ai.mailgoat.server.receiving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.download.DownloadRoutes;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReceivingTest {
    private static final String MESSAGE =
            """
            From: Ann <ann@x.example>
            To: in@acme.example
            Cc: bob@x.example
            Reply-To: answers@x.example
            Subject: Hello
            Message-ID: <1@x.example>
            Content-Type: multipart/related; boundary=b

            --b
            Content-Type: text/html; charset=utf-8

            <img src="cid:logo@x">
            --b
            Content-Type: image/png; name=logo.png
            Content-ID: <logo@x>
            Content-Transfer-Encoding: base64

            AQID
            --b--
            """
                    .replace("\n", "\r\n");

    private static final UUID DOMAIN = UUID.fromString("018f0000-0000-7000-8000-0000000000dd");

    @TempDir Path dataDir;
    private TwoTeams teams;
    private ReceivedEmails received;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        var blobs = new BlobStore(dataDir);
        var key = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        var downloads = new Downloads(key, teams.clock(), Links.PUBLIC_URL);
        var events = new Events(teams.ids, new WebhookCalls(teams.ids));
        received =
                new ReceivedEmails(
                        teams.store,
                        blobs,
                        downloads,
                        events::record,
                        (team, name) ->
                                name.equals("acme.example") && team.equals(teams.acme)
                                        ? Optional.of(DOMAIN)
                                        : Optional.empty(),
                        teams.ids,
                        teams.clock());
        new ReceivingRoutes(received).register(teams.endpoints);
        new DownloadRoutes(downloads, blobs).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void aReceivedMailIsShownWithAllItsFields() {
        String id = receive(teams.acme, MESSAGE);
        var body = get("/emails/receiving/" + id).body();
        String file = body.get("attachments").get(0).get("id").stringValue();
        String attachments =
                "[{\"id\":\""
                        + file
                        + "\",\"filename\":\"logo.png\",\"size\":3,\"content_type\":\"image/png\","
                        + "\"content_disposition\":\"inline\",\"content_id\":\"logo@x\"}]";
        String common =
                "\"id\":\""
                        + id
                        + "\",\"to\":[\"in@acme.example\"],\"from\":\"Ann <ann@x.example>\","
                        + "\"created_at\":\"2026-03-01T10:00:00.123Z\",\"subject\":\"Hello\","
                        + "\"message_id\":\"<1@x.example>\",\"bcc\":[],\"cc\":[\"bob@x.example\"],"
                        + "\"reply_to\":[\"answers@x.example\"],\"received_for\":[\"in@acme.example\",\"also@acme.example\"]";
        String url = body.get("raw").get("download_url").stringValue();
        assertEquals(
                "{\"object\":\"email\","
                        + common
                        + ",\"html\":\"<img src=\\\"data:image/png;base64,AQID\\\">\",\"html_format\":\"data_uri\","
                        + "\"text\":null,\"headers\":{\"from\":\"Ann <ann@x.example>\",\"to\":\"in@acme.example\","
                        + "\"cc\":\"bob@x.example\",\"reply-to\":\"answers@x.example\",\"subject\":\"Hello\","
                        + "\"message-id\":\"<1@x.example>\",\"content-type\":\"multipart/related; boundary=b\"},"
                        + "\"raw\":{\"download_url\":\""
                        + url
                        + "\",\"expires_at\":\"2026-03-01T11:00:00.000Z\"},\"attachments\":"
                        + attachments
                        + "}",
                body.toString());
        assertEquals(body, get("/inbound/emails/" + id).body());

        var raw = Links.follow(teams, url);
        assertArrayEquals(MESSAGE.getBytes(StandardCharsets.UTF_8), Links.octets(raw));
        assertEquals("message/rfc822", raw.headers().get("content-type"));

        var list = get("/emails/receiving").body();
        assertEquals(
                "{\"object\":\"list\",\"has_more\":false,\"data\":[{"
                        + common
                        + ",\"attachments\":"
                        + attachments
                        + "}]}",
                list.toString());
        assertEquals(list, get("/inbound/emails").body());
        assertEquals(
                DOMAIN,
                teams.store
                        .read(tx ->
                                tx.query(
                                        "SELECT domain_id FROM received_email",
                                        row -> row.uuid("domain_id")))
                        .getFirst());
    }

    @Test
    void theHtmlMayKeepItsContentIds() {
        String path = "/emails/receiving/" + receive(teams.acme, MESSAGE);
        var kept = get(path + "?html_format=cid");
        assertEquals("<img src=\"cid:logo@x\">", kept.text("html"));
        assertEquals("cid", kept.text("html_format"));
        assertEquals(
                get(path).body().get("html"),
                get(path + "?html_format=data_uri").body().get("html"));
        var refused = get(path + "?html_format=plain");
        assertEquals(422, refused.status());
        assertEquals(
                "Invalid `html_format` parameter. It must be one of: data_uri, cid.",
                refused.text("message"));
    }

    @Test
    void itsFilesCanBeDownloaded() {
        String path = "/emails/receiving/" + receive(teams.acme, MESSAGE) + "/attachments";
        var list = get(path).body();
        assertEquals(1, list.get("data").size());
        var file = list.get("data").get(0);
        var one = get(path + "/" + file.get("id").stringValue());
        assertEquals("attachment", one.text("object"));
        assertEquals("inline", one.text("content_disposition"));
        assertEquals("logo@x", one.text("content_id"));
        assertEquals("2026-03-01T11:00:00.000Z", one.text("expires_at"));
        var answer = Links.follow(teams, one.text("download_url"));
        assertArrayEquals(new byte[] {1, 2, 3}, Links.octets(answer));
        assertEquals(
                "inline; filename=\"logo.png\"; filename*=UTF-8''logo.png",
                answer.headers().get("content-disposition"));
        assertEquals("Attachment not found", get(path + "/" + DOMAIN).text("message"));
    }

    @Test
    void anEventTellsOfIt() {
        String id = receive(teams.acme, MESSAGE);
        var event =
                teams.store
                        .read(tx ->
                                tx.query(
                                        "SELECT team_id, subject_id, type, data FROM event",
                                        row ->
                                                row.uuid("team_id")
                                                        + " "
                                                        + row.uuid("subject_id")
                                                        + " "
                                                        + row.string("type")
                                                        + " "
                                                        + new String(
                                                                row.bytes("data"),
                                                                StandardCharsets.UTF_8)))
                        .getFirst();
        var attachments = get("/emails/receiving/" + id).body().get("attachments");
        assertEquals(
                teams.acme.value()
                        + " "
                        + id
                        + " email.received {\"email_id\":\""
                        + id
                        + "\",\"created_at\":\"2026-03-01T10:00:00.123Z\",\"from\":\"Ann <ann@x.example>\","
                        + "\"to\":[\"in@acme.example\"],\"bcc\":[],\"cc\":[\"bob@x.example\"],"
                        + "\"received_for\":[\"in@acme.example\",\"also@acme.example\"],"
                        + "\"message_id\":\"<1@x.example>\",\"subject\":\"Hello\",\"attachments\":"
                        + attachments
                        + "}",
                event);
    }

    @Test
    void withoutItsEventAMailIsNotKept() {
        var failing =
                new ReceivedEmails(
                        teams.store,
                        new BlobStore(dataDir),
                        new Downloads(
                                MasterKey.loadOrCreate(dataDir.resolve("master.key")),
                                teams.clock(),
                                Links.PUBLIC_URL),
                        (tx, event) -> tx.update("INSERT INTO no_such_table VALUES (1)"),
                        (team, name) -> Optional.empty(),
                        teams.ids,
                        teams.clock());
        Assertions.assertThrows(
                StoreException.class,
                () ->
                        failing.store(
                                teams.acme, new Envelope("", List.of("a@x.example")), new byte[0]));
        assertEquals(0, get("/emails/receiving").body().get("data").size());
    }

    @Test
    void theNewestComeFirstAndPagesGoBothWays() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(receive(teams.acme, "Subject: " + i + "\r\n\r\nx"));
        }
        assertEquals(ids, listed(get("/emails/receiving")));
        var first = get("/emails/receiving?limit=2");
        assertEquals(ids.subList(0, 2), listed(first));
        assertTrue(first.body().get("has_more").booleanValue());
        assertEquals(
                ids.subList(2, 5), listed(get("/emails/receiving?limit=3&after=" + ids.get(1))));
        assertEquals(
                ids.subList(1, 3), listed(get("/emails/receiving?limit=2&before=" + ids.get(3))));
    }

    @Test
    void aMailWithoutAnythingIsKeptAsWell() {
        var mail = get("/emails/receiving/" + receive(teams.acme, "")).body();
        assertEquals("bounce@x.example", mail.get("from").stringValue());
        assertEquals("", mail.get("subject").stringValue());
        assertEquals("[]", mail.get("to").toString());
        assertTrue(mail.get("html").isNull());
    }

    @Test
    void aLargeMailIsKeptWhole() {
        String text = "ä".repeat(600_000);
        String subject = "s".repeat(100_000);
        var names = "To: " + "\"" + "n".repeat(200) + "\" <a@x.example>, ".repeat(2_000);
        var message =
                names
                        + "\r\nSubject: "
                        + subject
                        + "\r\nMessage-ID: <"
                        + "m".repeat(5_000)
                        + ">\r\n\r\n"
                        + text;
        var mail = get("/emails/receiving/" + receive(teams.acme, message)).body();
        assertEquals(text, mail.get("text").stringValue());
        assertEquals(2_000, mail.get("subject").stringValue().length());
        assertEquals(998, mail.get("message_id").stringValue().length());
    }

    @Test
    void nobodyElseSeesIt() {
        String id = receive(teams.acme, MESSAGE);
        String file =
                get("/emails/receiving/" + id)
                        .body()
                        .get("attachments")
                        .get(0)
                        .get("id")
                        .stringValue();
        for (String path :
                List.of(
                        "/emails/receiving/" + id,
                        "/inbound/emails/" + id,
                        "/emails/receiving/" + id + "/attachments",
                        "/emails/receiving/" + id + "/attachments/" + file)) {
            var reply = teams.call(teams.other, "GET", path, "");
            assertEquals(404, reply.status(), path);
            assertEquals("Email not found", reply.text("message"));
        }
        assertEquals(0, listed(teams.call(teams.other, "GET", "/emails/receiving", "")).size());
        assertEquals("The `id` must be a valid UUID.", get("/emails/receiving/7").text("message"));
    }

    @Test
    void theTortureMessagesOfOthersAreKept() throws IOException {
        String corpora = System.getenv("MAILGOAT_CORPORA");
        assumeTrue(corpora != null, "MAILGOAT_CORPORA is not set: no torture messages");
        try (var files = Files.walk(Path.of(corpora, "mime-mime4j"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".msg")).toList()) {
                byte[] octets = Files.readAllBytes(file);
                var id =
                        received.store(
                                teams.acme, new Envelope("", List.of("a@x.example")), octets);
                var reply = get("/emails/receiving/" + id);
                assertEquals(200, reply.status(), file.toString());
                assertArrayEquals(
                        octets,
                        Links.octets(
                                Links.follow(
                                        teams,
                                        reply.body()
                                                .get("raw")
                                                .get("download_url")
                                                .stringValue())));
                for (JsonNode part : reply.body().get("attachments")) {
                    assertNull(part.get("blob"));
                }
            }
        }
        assertTrue(Json.bytes(get("/emails/receiving?limit=100").body()).length > 10_000);
    }

    private String receive(TeamId team, String message) {
        return received.store(
                        team,
                        new Envelope(
                                "bounce@x.example",
                                List.of("in@acme.example", "also@acme.example")),
                        message.getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private Reply get(String path) {
        return teams.call(teams.acme, "GET", path, "");
    }

    private static List<String> listed(Reply reply) {
        var ids = new ArrayList<String>();
        reply.body().get("data").forEach(item -> ids.add(item.get("id").stringValue()));
        return ids;
    }
}
