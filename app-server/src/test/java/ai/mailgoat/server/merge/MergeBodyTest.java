package ai.mailgoat.server.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeBodyTest {
    @Test
    void itIsKeptWithTheFallbacksItNeedsAndReadBackAlike() {
        var body =
                MergeBody.of(
                        "<p>{{{contact.first_name|you}}} in {{{city}}}</p>",
                        "{{{city}}}, {{{UNSUBSCRIBE_URL}}}",
                        null,
                        Map.of("city", "A & B", "plan", "free"));
        assertEquals(Map.of("contact.city", "A & B"), body.fallbacks());
        var read = Json.read(Json.bytes(body), MergeBody.class);
        assertEquals(body, read);

        var parsed = read.parse();
        assertEquals(
                Set.of("contact.first_name", "contact.city", "unsubscribe_url"), parsed.keys());
        var values =
                Map.of("contact.first_name", "<Ann>", "unsubscribe_url", "https://m.example/u");
        assertEquals("<p>&lt;Ann&gt; in A &amp; B</p>", parsed.html(values));
        assertEquals("A & B, https://m.example/u", parsed.text(values));
    }

    @Test
    void whatIsNotThereStaysSo() {
        var html = MergeBody.of("<p>x</p>", null, " ", Map.of()).parse();
        assertEquals("<p>x</p>", html.html(Map.of()));
        assertNull(html.text(Map.of()));
        var text = MergeBody.of("", "x", "preview", Map.of()).parse();
        assertNull(text.html(Map.of()));
        assertEquals("x", text.text(Map.of()));
        assertThrows(
                MalformedMergeException.class,
                () -> MergeBody.of("<p>x</p>", null, "{{{", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "#<p>x</p>",
                "<!DOCTYPE html><html><head><title>t</title></head><body class=\"a>b\" data-x='>'>#<p>x</p></body></html>",
                "<html><!-- <body> --><!--[if mso]><body bgcolor=x><![endif]--><BODY lang=en>#<p>x</p></BODY></html>",
                "<html><head><title>t</title></head>#<p>x</p></html>",
                "<html lang=en>#<p>x</p></html>",
                "<!doctype html>#<p>x</p>",
                "#<bodyguard>x</bodyguard>",
                "#<p>x</p><!-- <body>"
            })
    void thePreviewTextStandsFirst(@org.jspecify.annotations.Nullable String before, String after) {
        String start = before == null ? "" : before;
        String html =
                MergeBody.of(
                                start + after,
                                null,
                                "Only <today>, {{{FIRST_NAME|it's on}}}",
                                Map.of())
                        .parse()
                        .html(Map.of("contact.first_name", "A&B"));
        assertTrue(
                html != null
                        && html.startsWith(
                                start
                                        + "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;"
                                        + "mso-hide:all\">Only &lt;today&gt;, A&amp;B&nbsp;&zwnj;")
                        && html.endsWith("&nbsp;&zwnj;</div>" + after),
                String.valueOf(html));
        assertTrue(Jsoup.parse(html).body().text().startsWith("Only <today>, A&B"));
    }
}
