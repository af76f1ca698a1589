package ai.mailgoat.server.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "''|''",
                "Hello|Hello",
                "<p>One</p><p>Two</p>|One//Two",
                "<p>One<p>Two|One//Two",
                "<div>One</div><div>Two</div>|One/Two",
                "<div><div><div>One</div></div></div><div>Two</div>|One/Two",
                "One<br>Two<br/>Three|One/Two/Three",
                "One<br><br><br><br>Two|One//Two",
                "  many ~  blanks \t here |many blanks here",
                "a&nbsp;b&amp;c&lt;d&gt;&eacute;|a b&c<d>é",
                "<h1>Title</h1>Text<h2>Sub</h2>More|Title//Text//Sub//More",
                "<ul><li>One<li>Two</ul>|- One/- Two",
                "<ol><li>One</li><li>Two</li></ol>After|1. One/2. Two//After",
                "<ul><li>A<ul><li>B</li></ul></li><li>C</li></ul>|- A/  - B/- C",
                "<ul><li>A<br>more</li></ul>|- A/  more",
                "<ul><li></li><li>B</li></ul>|- B",
                "<table><tr><td>A</td><td>B</td></tr><tr><td>C<td>D</table>|A  B/C  D",
                "<table><tr><td></td><td><p>A</p></td></tr></table>B|A//B",
                "<style>p{}</style><script>x()</script><title>T</title>Shown|Shown",
                "<html><head><title>T</title></head><body>Shown</body></html>|Shown",
                "<!-- no -->Shown<template>no</template>|Shown",
                "<img src=x alt='A goat'> eats|A goat eats",
                "<img src=x> eats|eats",
                "<div style='DISPLAY : none'>preview</div>Shown|Shown",
                "<div hidden>no</div>Shown|Shown",
                "a<hr>b|a/----/b",
                "<b>bo</b>ld <i>it</i>alic|bold italic",
                "<pre>a~  b~~ c</pre>d|a/  b// c//d",
                "می&zwnj;خواهم|می\u200cخواهم",
                "x&zwnj;&nbsp;&zwnj;&nbsp;&#8203;&shy;&#847;y|x y",
                "<blockquote>Q</blockquote>A|Q//A",
                "<p> </p><p>&nbsp;</p><p>A</p><p></p>|A",
                "1 < 2 and 3 > 2|1 < 2 and 3 > 2",
            })
    void textIsWhatAReaderSees(String html, String text) {
        assertEquals(text.replace('/', '\n'), HtmlText.of(html.replace('~', '\n')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a href='https://x.example/a'>here</a>!|here (https://x.example/a)!",
                "<a href='https://x.example/'>https://x.example</a>|https://x.example",
                "<a href='https://x.example/'>x.example</a>|x.example",
                "<a href='mailto:a@x.example'>a@x.example</a>|a@x.example",
                "<a href='mailto:a@x.example'>Ann</a>|Ann (mailto:a@x.example)",
                "<a href='https://x.example/i'><img src=y></a>|https://x.example/i",
                "<a href='https://x.example/i'><img src=y alt=Logo></a>|Logo (https://x.example/i)",
                "<a href='#top'>up</a>|up",
                "<a href='javascript:alert(1)'>click</a>|click",
                "<a href=' JAVASCRIPT:alert(1)'>click</a>|click",
                "<a href='data:text/html,x'>click</a>|click",
                "<a name=x>anchor</a>|anchor",
                "<a href='/relative'>there</a>|there",
                "<a href='https://x.example/?a=1&amp;b=2'>go</a>|go (https://x.example/?a=1&b=2)",
            })
    void linksNameTheirTarget(String html, String text) {
        assertEquals(text, HtmlText.of(html));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<b>",
                "<a href='https://x.example/'>",
                "<a href='https://x.example/'>x",
                "<table>",
                "<table><tr><td>",
                "<ul><li>",
                "<p>",
                "<",
                "&",
                "</div>",
                "<font><p>",
                "<b><p>",
                "<a><b><p>",
                "<i><table>",
                " ",
                "\n",
                "\u200d",
                "<pre> ",
                "<!--",
                "<br>",
                "<svg><g>",
                "<select><option>",
                "<form><button>",
                "<a b='",
                "x ",
                "<ol><li>1</ol>",
                "<math><mi>",
                "<nobr>",
                "<h1><h2>",
                "<template>",
                "<td></table>",
                "<frameset>"
            })
    void hostileHtmlTakesLinearTime(String piece) {
        String html = piece.repeat(1_000_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> HtmlText.of(html));
    }

    @Test
    void whatIsTooDeepIsStillRead() {
        String text = HtmlText.of("<div>".repeat(5_000) + "deep" + "</div>".repeat(5_000));
        assertEquals("deep", text);
    }

    @Test
    void onlyTheFirstMillionCharactersAreRead() {
        String text = HtmlText.of("a" + "\ud83d\udc10".repeat(1_000_000));
        assertEquals(999_999, text.length());
        assertTrue(Character.isLowSurrogate(text.charAt(text.length() - 1)));
    }
}
