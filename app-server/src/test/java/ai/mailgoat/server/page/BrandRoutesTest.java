package ai.mailgoat.server.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrandRoutesTest {
    private static final byte[] PNG =
            "\u0089PNG\r\n\u001a\nand so on".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir Path data;
    private TwoTeams teams;

    @BeforeEach
    void open() {
        teams = new TwoTeams(data);
        var brands =
                new Brands(
                        teams.store,
                        new BlobStore(data),
                        team -> Optional.of(team.equals(teams.acme) ? "Acme" : "Other"),
                        teams.clock());
        var pages = new Pages(brands, "https://mail.example/goat");
        pages.register(teams.endpoints);
        new BrandRoutes(brands, "https://mail.example/goat").register(teams.endpoints);
        teams.endpoints.get(
                "/page",
                Access.PUBLIC,
                call -> pages.of(call, teams.acme).answer(200, "A <b>", Html.of("<h1>Hi</h1>")));
        teams.endpoints.get(
                "/embedded",
                Access.PUBLIC,
                call ->
                        pages.of(call, teams.acme)
                                .embedded()
                                .allowing("form-action", "'self' https://acme.example")
                                .answer(200, "A", Html.of("<h1>Hi</h1>")));
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void withoutAChoiceAllIsStandard() {
        var reply = call("GET", "");
        assertEquals(200, reply.status());
        assertEquals("brand", reply.text("object"));
        assertEquals("Acme", reply.text("name"));
        for (String field :
                new String[] {
                    "logo_url", "website_url", "accent_color", "language", "updated_at"
                }) {
            assertEquals("null", reply.text(field), field);
        }
        assertEquals("{}", reply.body().get("texts").toString());
        assertFalse(page().contains("<style>"));
    }

    @Test
    void whatIsChosenIsShownAndTheRestStays() {
        call(
                "PATCH",
                """
                {"name":"Acme & Sons","accent_color":"#FFCC00","website_url":"https://acme.example/?a=1&b=2",
                 "imprint_url":"https://acme.example/imprint","footer":"Acme, Main Street 1",
                 "texts":{"de":{"page.imprint":"Wer wir sind"}}}\
                """);
        var reply = call("PATCH", "{\"language\":\"de\",\"footer\":null}");
        assertEquals(200, reply.status());
        assertEquals("Acme & Sons", reply.text("name"));
        assertEquals("#ffcc00", reply.text("accent_color"));
        assertEquals("null", reply.text("footer"));
        assertEquals("de", reply.text("language"));
        assertEquals("2026-03-01 10:00:00.123456+00", reply.text("updated_at"));

        String page = page();
        assertTrue(page.contains("<html lang=\"de\">"), page);
        assertTrue(page.contains("<title>A &lt;b&gt; · Acme &amp; Sons</title>"), page);
        assertTrue(page.contains("href=\"https://acme.example/?a=1&amp;b=2\""), page);
        assertTrue(page.contains(">Wer wir sind</a>"), page);
        assertTrue(page.contains("href=\"/goat/pages/style/"), page);
        assertEquals("Other", teams.call(teams.other, "GET", "/brand", "").text("name"));
    }

    @Test
    void aPageMayDoNextToNothing() {
        call("PATCH", "{\"accent_color\":\"#ffcc00\"}");
        var answer = teams.answer(teams.acme, "GET", "/page", "");
        String policy = header(answer, "content-security-policy");
        assertTrue(policy.startsWith("default-src 'none'; style-src 'self' 'sha256-"), policy);
        assertTrue(
                policy.endsWith(
                        "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
                policy);
        assertEquals("no-referrer", header(answer, "referrer-policy"));
        assertEquals("nosniff", header(answer, "x-content-type-options"));
        assertEquals("private, no-store", header(answer, "cache-control"));
        assertFalse(text(answer).contains("<script"));
        assertFalse(text(answer).contains("style=\""));
    }

    @Test
    void aPageMayStandInAFrameOnlyWhenItIsMadeForThat() {
        call("PATCH", "{\"footer\":\"Below\"}");
        var answer = teams.answer(teams.acme, "GET", "/embedded", "");
        String policy = header(answer, "content-security-policy");
        assertTrue(policy.contains("; frame-ancestors *"), policy);
        assertTrue(policy.contains("form-action 'self' https://acme.example"), policy);
        assertFalse(text(answer).contains("<header>") || text(answer).contains("Below"));
        assertTrue(page().contains("Below"));
    }

    @Test
    void theStyleSheetIsWhereThePageSays() {
        String page = page();
        int at = page.indexOf("/pages/style/");
        String path = page.substring(at, page.indexOf('"', at));
        var style = teams.answer(teams.acme, "GET", path, "");
        assertEquals(200, style.status());
        assertEquals("text/css; charset=utf-8", header(style, "content-type"));
        assertTrue(header(style, "cache-control").contains("immutable"));
        assertEquals(404, teams.answer(teams.acme, "GET", "/pages/style/old.css", "").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"name\":7}|The `name` field must be a string.",
                "{\"website_url\":\"javascript:alert(1)\"}|Invalid `website_url` field. It must be a URL with http or https.",
                "{\"imprint_url\":\"https://\"}|Invalid `imprint_url` field. It must be a URL with http or https.",
                "{\"accent_color\":\"red;}\"}|Invalid `accent_color` field. It must be a color such as `#0f6b52`.",
                "{\"background_color\":\"#fff\"}|Invalid `background_color` field. It must be a color such as `#0f6b52`.",
                "{\"language\":\"fr\"}|Invalid `language` field. It must be one of: en, de.",
                "{\"texts\":{\"fr\":{}}}|Invalid `texts` field. Its languages are: en, de.",
                "{\"texts\":{\"en\":{\"nope\":\"x\"}}}|Invalid `texts` field. There is no text of that name in `en`.",
                "{\"texts\":{\"en\":{\"page.imprint\":[]}}}|The `texts.en.page.imprint` field must be a string.",
                "{\"texts\":[]}|`texts` must be a JSON object.",
                "{\"footer\":\"a\\u0000b\"}|Invalid `footer` field. Control characters are not allowed."
            })
    void whatMakesNoSenseIsRefused(String body, String message) {
        call("PATCH", "{\"name\":\"Before\"}");
        var reply = call("PATCH", body);
        assertEquals(422, reply.status());
        assertEquals("validation_error", reply.text("name"));
        assertEquals(message, reply.text("message"));
        assertEquals("Before", call("GET", "").text("name"));
    }

    @Test
    void theLogoIsShownUntilItIsTakenAway() throws IOException {
        var reply = upload(PNG);
        assertEquals(200, reply.status());
        String url = reply.text("logo_url");
        assertTrue(url.startsWith("https://mail.example/goat/pages/logo/"), url);
        String path = url.substring("https://mail.example/goat".length());
        assertTrue(page().contains("<img src=\"/goat" + path + "\" alt=\"Acme\">"));
        var logo = teams.answer(teams.acme, "GET", path, "");
        assertEquals("image/png", header(logo, "content-type"));
        assertEquals("default-src 'none'; sandbox", header(logo, "content-security-policy"));
        assertArrayEquals(PNG, logo.body());

        call("PATCH", "{\"name\":\"New name\"}");
        assertEquals(url, call("GET", "").text("logo_url"));
        assertEquals("null", teams.call(teams.acme, "DELETE", "/brand/logo", "").text("logo_url"));
        assertEquals(404, teams.answer(teams.acme, "GET", path, "").status());
    }

    @Test
    void whatIsNoPictureIsNoLogo() throws IOException {
        var reply = upload("<svg onload=alert(1)>".getBytes(StandardCharsets.UTF_8));
        assertEquals(422, reply.status());
        assertEquals("The logo must be a PNG, JPEG, GIF or WebP image.", reply.text("message"));
        var large = java.util.Arrays.copyOf(PNG, Logo.MAX_OCTETS + 1);
        assertEquals("The logo must have at most 512 KB.", upload(large).text("message"));
        assertEquals("null", call("GET", "").text("logo_url"));
    }

    private Reply call(String method, String body) {
        return teams.call(teams.acme, method, "/brand", body);
    }

    private String page() {
        return text(teams.answer(teams.acme, "GET", "/page", ""));
    }

    private Reply upload(byte[] logo) throws IOException {
        var form = new ByteArrayOutputStream();
        form.writeBytes(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(logo);
        form.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(data.resolve("form"), form.toByteArray());
        return teams.upload(teams.acme, "/brand/logo", "multipart/form-data; boundary=x", file);
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String header(Answer answer, String name) {
        return Objects.requireNonNull(answer.headers().get(name), name);
    }
}
