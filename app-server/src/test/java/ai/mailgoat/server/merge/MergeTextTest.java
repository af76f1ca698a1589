package ai.mailgoat.server.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTextTest {
    private static final Map<String, String> ANN =
            Map.of(
                    "contact.first_name", "Ann",
                    "contact.last_name", "Lee",
                    "contact.email", "ann@x.example",
                    "contact.plan", "gold",
                    "unsubscribe_url", "https://m.example/unsubscribe/t?a=1&b=2");

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "{{{contact.first_name}}} > Ann",
                "{{{contact.first_name|friend}}} > Ann",
                "{{{ contact.first_name | friend }}} > Ann",
                "{{{FIRST_NAME}}} > Ann",
                "{{{FIRST_NAME|there}}} > Ann",
                "{{{first_name}}} > Ann",
                "{{{contact.LAST_NAME}}} > Lee",
                "{{{EMAIL}}} > ann@x.example",
                "{{{contact.email|nobody}}} > ann@x.example",
                "{{{contact.plan|none}}} > gold",
                "{{{plan}}} > gold",
                "{{{contact.city|your town}}} > your town",
                "{{{city|a|b}}} > a|b",
                "{{{RESEND_UNSUBSCRIBE_URL}}} > https://m.example/unsubscribe/t?a=1&b=2",
                "{{{UNSUBSCRIBE_URL}}} > https://m.example/unsubscribe/t?a=1&b=2",
                "{{{unsubscribe_url}}} > https://m.example/unsubscribe/t?a=1&b=2",
                "{{plan}} {plan} }}} {{ > {{plan}} {plan} }}} {{",
                "{{{plan}}}} > gold}"
            })
    void bothSpellingsArePlaces(String text, String said) {
        assertEquals(said, MergeText.parse(text).fill(ANN));
    }

    @Test
    void theInlineFallbackGoesBeforeThatOfTheProperty() {
        var text =
                MergeText.parse("[{{{contact.city}}}|{{{city|}}}|{{{city|here}}}|{{{contact.x}}}]")
                        .withFallbacks(Map.of("contact.city", "Graz"));
        assertEquals("[Graz||here|]", text.fill(Map.of()));
        assertEquals("[Linz|Linz|Linz|]", text.fill(Map.of("contact.city", "Linz")));
        assertEquals("[Graz||here|]", text.fill(Map.of("contact.city", " ")));
        assertEquals(Set.of("contact.city", "contact.x"), text.keys());
        assertEquals(Set.of("contact.city", "contact.x"), text.bareKeys());
        assertEquals(Set.of(), MergeText.parse("{{{city|}}}").bareKeys());
    }

    @Test
    void whatStrangersTypedIsTextInHtml() {
        var values =
                Map.of(
                        "contact.first_name", "<b onx='1'>\"&amp;{{{EMAIL}}}",
                        "unsubscribe_url", "https://m.example/u?a=1&b=2");
        var text =
                MergeText.parse(
                        "<a href=\"{{{UNSUBSCRIBE_URL}}}\">{{{FIRST_NAME|<i>x</i>}}}</a>{{{nick|<i>&</i>}}}{{{city}}}");
        assertEquals(
                "<a href=\"https://m.example/u?a=1&b=2\">&lt;b onx=&#39;1&#39;&gt;&quot;&amp;amp;{{{EMAIL}}}</a>"
                        + "<i>&</i>A &amp; B",
                text.withFallbacks(Map.of("contact.city", "A & B")).fillHtml(values));
    }

    @Test
    void aLineStaysOne() {
        var text = MergeText.parse("Hi {{{FIRST_NAME}}}!");
        assertEquals(
                "Hi A  Bcc: x\u00e9\ud83d\udc10 !",
                text.fillLine(Map.of("contact.first_name", "A\r\nBcc: x\u00e9\ud83d\udc10\u2028")));
        var longest = "x" + "\ud83d\udc10".repeat(499);
        String cut =
                MergeText.parse("{{{a}}}{{{a}}}{{{a}}}").fillLine(Map.of("contact.a", longest));
        assertEquals(1_999, cut.length(), "a character of two halves is not cut");
        assertTrue(cut.endsWith("\udc10x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{{",
                "a {{{FIRST_NAME}} b",
                "{{{}}}",
                "{{{ }}}",
                "{{{|x}}}",
                "{{{first name}}}",
                "{{{contact.}}}",
                "{{{contact.a.b}}}",
                "{{{user.name}}}",
                "{{{#if x}}}",
                "{{{{FIRST_NAME}}}}",
                "{{{FIRST_NAME|{{{EMAIL}}}}}}",
                "{{{FIRST_NAME {{{EMAIL}}}",
                "{{{n\u00e4me}}}"
            })
    void bracesThatAreNoPlaceAreRefused(String text) {
        var e = assertThrows(MalformedMergeException.class, () -> MergeText.parse(text));
        assertTrue(e.getMessage().startsWith("has `{{{"), e.getMessage());
    }

    @Test
    void namesAndPlacesHaveBounds() {
        MergeText.parse("{{{" + "k".repeat(50) + "}}}");
        assertThrows(
                MalformedMergeException.class,
                () -> MergeText.parse("{{{" + "k".repeat(51) + "}}}"));
        MergeText.parse("{{{a}}}".repeat(1_000));
        var e =
                assertThrows(
                        MalformedMergeException.class,
                        () -> MergeText.parse("{{{a}}}".repeat(1_001)));
        assertEquals("has more than 1000 places to be filled", e.getMessage());
        var open =
                assertThrows(
                        MalformedMergeException.class,
                        () -> MergeText.parse("x {{{" + "y".repeat(100_000)));
        assertTrue(open.getMessage().length() < 100, open.getMessage());
    }

    @Test
    void onlyWhatTextsAskForIsPutIn() {
        var values =
                MergeValues.of(
                        List.of(
                                "contact.first_name",
                                "contact.last_name",
                                "contact.plan",
                                "unsubscribe_url"),
                        "ann@x.example",
                        "Ann",
                        null,
                        Map.of("plan", "gold", "city", "Graz"),
                        "https://m.example/u");
        assertEquals(
                Map.of(
                        "contact.first_name", "Ann",
                        "contact.plan", "gold",
                        "unsubscribe_url", "https://m.example/u"),
                values);
    }
}
