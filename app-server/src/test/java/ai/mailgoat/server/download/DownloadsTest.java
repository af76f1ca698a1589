package ai.mailgoat.server.download;

import static ai.mailgoat.server.download.Links.follow;
import static ai.mailgoat.server.download.Links.octets;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.download.Downloads.Download;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private BlobStore blobs;
    private Downloads downloads;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        blobs = new BlobStore(dataDir);
        var key = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        downloads = new Downloads(key, teams.clock(), Links.PUBLIC_URL);
        new DownloadRoutes(downloads, blobs).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void aLinkGivesTheOctetsToAnybodyForAnHour() {
        var content = new byte[300_000];
        new Random(1).nextBytes(content);
        var link = link(content, "report.pdf", "application/pdf", false);
        assertEquals("2026-03-01T11:00:00.000Z", link.expiry());
        assertEquals(Access.PUBLIC, teams.endpoints.all().getFirst().access());

        var answer = follow(teams, link.url());
        assertEquals(200, answer.status());
        assertArrayEquals(content, octets(answer));
        assertEquals(
                "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf",
                answer.headers().get("content-disposition"));
        assertEquals("application/pdf", answer.headers().get("content-type"));
        assertEquals("nosniff", answer.headers().get("x-content-type-options"));
        assertEquals(
                "sandbox; default-src 'none'", answer.headers().get("content-security-policy"));
        assertEquals("private", answer.headers().get("cache-control"));

        teams.pass(Duration.ofMinutes(59));
        assertEquals(200, follow(teams, link.url()).status());
        teams.pass(Duration.ofMinutes(1));
        refused(link.url(), 410, "This link has expired.");
    }

    @Test
    void whatIsAlteredOrGoneIsNotFound() throws Exception {
        var link = link(new byte[] {1}, "a", "text/plain", false);
        String url = link.url();
        char last = url.charAt(url.length() - 1);
        refused(
                url.substring(0, url.length() - 1) + (last == 'A' ? 'B' : 'A'),
                404,
                "File not found");
        refused(Links.PUBLIC_URL + "/downloads/x", 404, "File not found");
        try (var files = Files.walk(dataDir.resolve("blobs"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        refused(url, 404, "File not found");
    }

    @Test
    void onlyPlainImagesAreShown() {
        assertEquals("inline", disposition(null, "image/png", true));
        assertEquals("attachment", disposition(null, "image/png", false));
        assertEquals("attachment", disposition(null, "image/svg+xml", true));
        assertEquals("attachment", disposition(null, "text/html", true));
    }

    @Test
    void namesAndTypesCannotBreakOutOfTheirHeader() {
        assertEquals(
                "attachment; filename=\"a_b__c_.txt\"; filename*=UTF-8''a%22b%0D%0Ac%C3%A9.txt",
                disposition("a\"b\r\ncé.txt", "text/plain", false));
        var odd = link(new byte[] {1}, null, "text/html\r\nx-evil: 1", false);
        assertEquals(
                "application/octet-stream", follow(teams, odd.url()).headers().get("content-type"));
        var parameters = link(new byte[] {1}, null, "Text/Calendar; method=REQUEST", false);
        assertEquals(
                "text/calendar", follow(teams, parameters.url()).headers().get("content-type"));
    }

    @Test
    void aFilesLinkMayEndEarlier() {
        var file = file("a", null);
        var soon = Instant.parse("2026-03-01T10:05:00Z");
        assertEquals(soon, downloads.link(file, soon).expiresAt());
        var late = Instant.parse("2026-03-03T10:05:00Z");
        assertEquals("2026-03-01T11:00:00.000Z", downloads.link(file, late).expiry());
    }

    @Test
    void imagesArePutWhereTheirContentIdStands() {
        var images = new InlineImages(blobs);
        var files =
                List.of(
                        image("logo@x", new byte[] {1, 2, 3}),
                        image("a+b", new byte[] {4}),
                        file("page", "<script>"));
        assertEquals(
                "<img src=\"data:image/png;base64,AQID\"><p style='background:url(data:image/png;base64,AQID)'>"
                        + "<img src=data:image/png;base64,BA==><img src=\"cid:none\">"
                        + "<iframe src=\"cid:page\">acid:logo@x $1",
                images.embed(
                        "<img src=\"cid:logo%40x\"><p style='background:url(CID:logo@x)'>"
                                + "<img src=cid:a+b><img src=\"cid:none\">"
                                + "<iframe src=\"cid:page\">acid:logo@x $1",
                        files));
        assertEquals("<img src='cid:%zz'>", images.embed("<img src='cid:%zz'>", files));
    }

    @Test
    void oneImageNamedOftenDoesNotFillTheMemory() {
        var files = List.of(image("big", new byte[5 * 1024 * 1024]));
        String html = new InlineImages(blobs).embed("<img src='cid:big'>".repeat(50), files);
        assertEquals(47, html.split("cid:big", -1).length - 1);
        assertFalse(html.length() > 32 * 1024 * 1024);
    }

    private void refused(String url, int status, String message) {
        var answer = follow(teams, url);
        assertEquals(status, answer.status());
        assertEquals(
                "{\"statusCode\":"
                        + status
                        + ",\"message\":\""
                        + message
                        + "\",\"name\":\"not_found\"}",
                Json.tree(answer.body()).toString());
    }

    private @Nullable String disposition(@Nullable String name, String type, boolean inline) {
        var link = link(new byte[] {1}, name, type, inline);
        return follow(teams, link.url()).headers().get("content-disposition");
    }

    private Downloads.Link link(
            byte[] content, @Nullable String name, String type, boolean inline) {
        return downloads.link(new Download(blobs.put(content), name, type, inline));
    }

    private StoredFile image(String cid, byte[] content) {
        return new StoredFile(
                UUID.randomUUID(),
                null,
                "image/png",
                cid,
                true,
                content.length,
                blobs.put(content));
    }

    private StoredFile file(String cid, @Nullable String text) {
        byte[] content = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
        return new StoredFile(
                UUID.randomUUID(),
                null,
                "text/html",
                cid,
                true,
                content.length,
                blobs.put(content));
    }
}
