package ai.mailgoat.server.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
    private final Endpoints endpoints = new Endpoints();

    ReferencePageTest() {
        new ReferenceRoutes("1.2.3").register(endpoints);
    }

    @Test
    void nothingIsLoadedButOurOwnStyles() {
        var page = page();
        assertEquals("/docs/style.css", page.select("link[rel=stylesheet]").attr("href"));
        assertTrue(
                page.select("script, img, iframe, object, embed, style, [style], [onclick]")
                        .isEmpty());
        for (var link : page.select("[href], [src]")) {
            String to = link.hasAttr("href") ? link.attr("href") : link.attr("src");
            assertTrue(to.startsWith("#") || to.startsWith("/"), to);
        }
        String style = text(answer("/docs/style.css", null));
        assertFalse(style.contains("url(") || style.contains("@import"), "styles load nothing");
        var headers = answer("/docs", null).headers();
        assertTrue(headers.get("content-security-policy").startsWith("default-src 'none'"));
        assertEquals("nosniff", headers.get("x-content-type-options"));
    }

    @Test
    void everyOperationIsOnThePageWithAnExample() {
        var page = page();
        for (var operation : ApiSchemas.document().operations()) {
            var article = page.getElementById(operation.id());
            assertTrue(article != null, operation.id());
            assertTrue(article.text().contains(operation.node().path("summary").asString()));
            assertFalse(article.select(".code pre").isEmpty(), operation.id());
            if (!operation.path().isEmpty()) {
                assertTrue(article.select(".code").text().contains("curl "), operation.id());
            }
        }
    }

    @Test
    void linksWithinThePageLeadSomewhere() {
        var page = page();
        var ids = new HashSet<String>();
        for (var element : page.select("[id]")) {
            assertTrue(ids.add(element.id()), element.id() + " twice");
        }
        for (var link : page.select("a[href^=#]")) {
            assertTrue(ids.contains(link.attr("href").substring(1)), link.attr("href"));
        }
        for (var label : page.select("label")) {
            assertTrue(ids.contains(label.attr("for")), label.attr("for"));
        }
    }

    @Test
    void anExampleForTheShellIsWhatItSays() {
        var send = page().getElementById("sendEmail");
        assertTrue(send != null);
        assertEquals(
                """
                curl "$MAILGOAT_URL/emails" \\
                  -H "Authorization: Bearer $MAILGOAT_API_KEY" \\
                  -H 'Content-Type: application/json' \\
                  -d '{
                  "from": "Ada <ada@example.com>",
                  "to": ["grace@example.net"],
                  "subject": "Hello",
                  "html": "<p>It works.</p>"
                }'\
                """,
                send.select(".code pre.first").first().wholeText());
    }

    @Test
    void whatIsRequiredIsMarkedWhereverTheDocumentSaysSo() {
        var template = page().getElementById("createTemplate");
        assertTrue(template != null);
        var marked = template.select(".field:has(.required) > .name").eachText();
        assertEquals(java.util.List.of("name", "html", "key", "type"), marked);
    }

    @Test
    void whoHasItIsToldSo() {
        for (String path :
                new String[] {"/docs", "/docs/style.css", "/openapi.json", "/openapi.yaml"}) {
            var first = answer(path, null);
            assertEquals(200, first.status());
            assertEquals("no-cache", first.headers().get("cache-control"));
            String tag = first.headers().get("etag");
            var again = answer(path, tag);
            assertEquals(304, again.status());
            assertEquals(0, again.body().length);
            assertEquals(tag, again.headers().get("etag"));
            assertEquals(200, answer(path, "\"other\"").status());
        }
        assertNotEquals(
                answer("/openapi.json", null).headers().get("etag"),
                answer("/openapi.yaml", null).headers().get("etag"));
    }

    @Test
    void textOfTheDocumentIsNotMarkup() {
        assertEquals("a &lt;b&gt; <code>c &amp; d</code>", Markup.line("a <b> `c & d`"));
        assertEquals("<a href=\"#x\">y</a> <em>z</em>", Markup.line("[y](#x) *z*"));
        assertEquals("[y](javascript:alert)", Markup.line("[y](javascript:alert)"));
    }

    private Document page() {
        return Jsoup.parse(text(answer("/docs", null)));
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private Answer answer(String path, String tag) {
        var endpoint =
                endpoints.all().stream()
                        .filter(e -> e.path().equals(path))
                        .findFirst()
                        .orElseThrow();
        return endpoint.handler()
                .handle(
                        new Call(
                                "GET",
                                path,
                                Map.of(),
                                Map.of(),
                                name ->
                                        name.equals("if-none-match")
                                                ? Optional.ofNullable(tag)
                                                : Optional.empty(),
                                new byte[0],
                                null,
                                null,
                                "127.0.0.1",
                                "test"));
    }
}
