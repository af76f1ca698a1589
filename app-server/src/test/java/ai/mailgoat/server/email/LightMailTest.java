package ai.mailgoat.server.email;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.download.Links;
import ai.mailgoat.server.email.EmailContent.Merge;
import ai.mailgoat.server.merge.MergeBody;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.tracking.Tracking;
import ai.mailgoat.server.tracking.TrackingLinks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mails whose text lies once for all of them.
class LightMailTest {
    private static final String HTML =
            "<p>Hi {{{FIRST_NAME|friend}}} of {{{city}}}, <a href=\"{{{RESEND_UNSUBSCRIBE_URL}}}\">no more</a></p>";

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
    void itReadsAsIfItWereWrittenOut() {
        String blob = keep(HTML, "Hi {{{contact.first_name|friend}}}");
        String ann =
                light(
                        blob,
                        Map.of(
                                "contact.first_name",
                                "<Ann>",
                                "unsubscribe_url",
                                "https://m.e/u/1"));
        String bob = light(blob, Map.of("unsubscribe_url", "https://m.e/u/2"));

        var read = f.email(ann);
        String html = "<p>Hi &lt;Ann&gt; of A &amp; B, <a href=\"https://m.e/u/1\">no more</a></p>";
        assertEquals(html, read.get("html").asString());
        assertEquals("Hi <Ann>", read.get("text").asString());
        assertEquals(
                "<p>Hi friend of A &amp; B, <a href=\"https://m.e/u/2\">no more</a></p>",
                f.email(bob).get("html").asString());

        var share = f.call("POST", "/emails/" + ann + "/share", "{}");
        assertEquals(200, share.status(), share.body()::toString);
        var shown = Links.follow(f.teams, share.text("url"));
        String page = new String(shown.body(), StandardCharsets.UTF_8);
        assertTrue(page.contains("https://m.e/u/1"), page);
    }

    @Test
    void theOctetsAreTheSameEveryTime() {
        String id =
                light(
                        keep(HTML, null),
                        Map.of("contact.first_name", "Ann", "unsubscribe_url", "https://m.e/u/1"));
        byte[] first = octets(id);
        String message = new String(first, StandardCharsets.UTF_8);
        assertTrue(message.contains("Hi Ann of A & B, no more (https://m.e/u/1)"), message);
        assertTrue(message.contains("Hi Ann of A &amp; B"), message);
        assertArrayEquals(first, octets(id));
        assertArrayEquals(first, octetsAfterARestart(id));
    }

    @Test
    void onlyTheValuesAreKeptWithIt() {
        String id = light(keep(HTML, ""), Map.of("contact.first_name", "Ann"));
        byte[] kept =
                f.teams.store.read(tx ->
                        tx.first(
                                        "SELECT content FROM email_content WHERE email_id = ?",
                                        row -> row.bytes("content"),
                                        UUID.fromString(id))
                                .orElseThrow());
        String json = new String(kept, StandardCharsets.UTF_8);
        assertFalse(json.contains("no more"), json);
        assertTrue(kept.length < 500, json);
        assertEquals("", f.email(id).get("text").asString());
        String plain = light(keep(null, "Hi {{{FIRST_NAME}}}"), Map.of());
        assertTrue(f.email(plain).get("html").isNull());
        assertNull(Json.read(kept, EmailContent.class).html());
    }

    private String keep(@Nullable String html, @Nullable String text) {
        return f.blobs.put(
                Json.bytes(MergeBody.of(html, text, null, Map.of("city", "A & B", "plan", "x"))));
    }

    private String light(String blob, Map<String, String> values) {
        String id = f.send(Map.of());
        f.teams.store.write(tx -> {
            byte[] old =
                    tx.first(
                                    "SELECT content FROM email_content WHERE email_id = ?",
                                    row -> row.bytes("content"),
                                    UUID.fromString(id))
                            .orElseThrow();
            var c = Json.read(old, EmailContent.class);
            var merged =
                    new EmailContent(
                            c.from(),
                            c.to(),
                            c.cc(),
                            c.bcc(),
                            c.replyTo(),
                            c.subject(),
                            null,
                            null,
                            c.headers(),
                            c.tags(),
                            c.attachments(),
                            c.templateId(),
                            new Merge(blob, values));
            return tx.update(
                    "UPDATE email_content SET content = ? WHERE email_id = ?",
                    Json.bytes(merged),
                    UUID.fromString(id));
        });
        return id;
    }

    private byte[] octetsAfterARestart(String id) {
        var key = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        var blobs = new BlobStore(dataDir);
        var row =
                f.teams.store.read(tx ->
                        new EmailStore(blobs)
                                .find(tx, f.teams.acme, EmailId.parse(id).orElseThrow())
                                .orElseThrow());
        return new Mailroom(
                        new SendingDomains(f.teams.store, key),
                        blobs,
                        new Tracking(new TrackingLinks(key, f.teams.clock(), "http://x.example")))
                .octets(row);
    }

    private byte[] octets(String id) {
        return f.emails.raw(f.teams.acme, EmailId.parse(id).orElseThrow());
    }
}
