package ai.mailgoat.server.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaggedHtmlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    <a href="https://x">y</a> | <a href="L">y</a>
                    <A HREF='https://x'>y</A> | <A HREF="L">y</A>
                    <a href=https://x>y</a> | <a href="L">y</a>
                    <a href=https://x/>y</a> | <a href="L">y</a>
                    <a class="b"href = "https://x" id=c>y</a> | <a class="b"href = "L" id=c>y</a>
                    <map><area href="https://x"/></map> | <map><area href="L"/></map>
                    <a/href="https://x">y</a> | <a/href="L">y</a>
                    <p>1 < 2 <a href="https://x">y</a> | <p>1 < 2 <a href="L">y</a>
                    <!-- c --><a href="https://x">y</a> | <!-- c --><a href="L">y</a>
                    <!--><a href="https://x">y</a> | <!--><a href="L">y</a>
                    <style>a>b{}</style><a href="https://x">y</a> | <style>a>b{}</style><a href="L">y</a>
                    <img alt="a > b"><a href="https://x">y</a> | <img alt="a > b"><a href="L">y</a>
                    <a href="https://x" href="https://z">y</a> | <a href="L" href="https://z">y</a>
                    """)
    void linksAreExchangedAndNothingElse(String html, String expected) {
        assertEquals(expected, TaggedHtml.exchangeLinks(html, link -> "L"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "plain",
                "<a",
                "<a href",
                "<a href=",
                "<a href=\"https://x",
                "<a href=\"https://x\"",
                "<a name=\"x\">",
                "<a data-href=\"https://x\">y</a>",
                "<a data-no-track href=\"https://x\">y</a>",
                "<a href=\"https://x\" ses:no-track>y</a>",
                "<link href=\"https://x\">",
                "<abbr href=\"https://x\">y</abbr>",
                "</a href=\"https://x\">",
                "<!-- <a href=\"https://x\">y</a> -->",
                "<!--[if mso]><a href=\"https://x\">y</a><![endif]-->",
                "<!-- <a href=\"https://x\">y</a>",
                "<script>var a = '<a href=\"https://x\">y</a>';</script>",
                "<textarea><a href=\"https://x\">y</a></textarea>",
                "<title><a href=\"https://x\">y</a>",
                "<img alt='<a href=\"https://x\">'>",
            })
    void whatIsNoLinkStays(String html) {
        assertEquals(html, TaggedHtml.exchangeLinks(html, link -> "L"));
    }

    @Test
    void entitiesAreDecodedBeforeALinkIsLookedAt() {
        var seen = new ArrayList<String>();
        String html = "<a href='https://x/?a=1&amp;b=2&#38;c'>y</a><a href=\"mailto:a@b\">z</a>";
        assertEquals(
                html,
                TaggedHtml.exchangeLinks(
                        html,
                        link -> {
                            seen.add(link);
                            return link;
                        }));
        assertEquals(List.of("https://x/?a=1&b=2&c", "mailto:a@b"), seen);
    }

    @Test
    void hostileInputTakesNoLongerThanOther() {
        for (String piece :
                List.of(
                        "<a ",
                        "<!--",
                        "<a href=\"",
                        "<script>",
                        "</",
                        "<a href=x>",
                        "<a =",
                        "&#")) {
            String html = piece.repeat(200_000);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> TaggedHtml.exchangeLinks(html, link -> link));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<html><body>x</body></html>,<html><body>x#</body></html>",
        "<BODY>x</BODY>,<BODY>x#</BODY>",
        "x,x#",
        "'',#",
        "İİ</body>,İİ</body>#",
    })
    void thePixelStandsAtTheEndOfTheBody(String html, String expected) {
        assertEquals(expected, TaggedHtml.append(html, "#"));
    }
}
