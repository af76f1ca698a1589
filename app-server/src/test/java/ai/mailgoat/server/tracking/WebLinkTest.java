package ai.mailgoat.server.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebLinkTest {

    @ParameterizedTest
    @CsvSource({
        "https://x.example,https://x.example",
        "HTTP://X.example:8080/a?b=c#d,HTTP://X.example:8080/a?b=c#d",
        "' https://x.example/a b ',https://x.example/a%20b",
        "https://x.example/ü?q=ä,https://x.example/%C3%BC?q=%C3%A4",
        "https://x.example/\"<>,https://x.example/%22%3C%3E",
        "https://[2001:db8::1]/a,https://[2001:db8::1]/a",
        "https://user:pass@x.example/,https://user:pass@x.example/",
        "https://x.example/%41,https://x.example/%41",
    })
    void aWebLinkIsWrittenInAscii(String written, String link) {
        assertEquals(Optional.of(link), WebLink.of(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#top",
                "/path",
                "mailto:a@x.example",
                "tel:+431234",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://x.example/",
                "//x.example/",
                "https:x.example",
                "https:///path",
                "https:\\\\x.example",
                "https://x.example\\@y.example/",
                "https://bücher.example/",
                "https://x y.example/",
                "{{{url}}}",
            })
    void anythingElseIsNone(String written) {
        assertEquals(Optional.empty(), WebLink.of(written));
    }

    @Test
    void lineEndsDoNotGetThrough() {
        assertEquals(
                Optional.of("https://x.example/a%00b"),
                WebLink.of("https://x.example/\r\na\t\u0000b"));
    }

    @Test
    void aVeryLongOneIsLeftAlone() {
        String link = "https://x.example/" + "a".repeat(WebLink.MAX - 18);
        assertEquals(Optional.of(link), WebLink.of(link));
        assertEquals(Optional.empty(), WebLink.of(link + "a"));
        assertEquals(Optional.empty(), WebLink.of("https://x.example/" + "ü".repeat(400)));
    }
}
