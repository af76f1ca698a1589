package ai.mailgoat.server.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
    @Test
    void everyLanguageHasEveryTextWithTheSamePlaces() {
        var english = Texts.standard(Language.EN);
        for (var language : Language.values()) {
            var texts = Texts.standard(language);
            assertEquals(new TreeSet<>(english.keySet()), new TreeSet<>(texts.keySet()));
            texts.forEach((key, text) -> {
                assertFalse(text.isBlank(), key);
                for (int i = 0; i < 5; i++) {
                    String place = "{" + i + "}";
                    assertEquals(english.get(key).contains(place), text.contains(place), key);
                }
            });
        }
        assertFalse(Texts.standard(Language.DE).equals(english));
    }

    @Test
    void ownWordsReplaceTheStandardOnes() {
        var texts = new Texts(Language.EN, Map.of("page.imprint", "About {0}"));
        assertEquals("About {1}", texts.get("page.imprint", "{1}", "x").replace("x", "{1}"));
        assertEquals("Privacy", texts.get("page.privacy"));
        assertThrows(IllegalArgumentException.class, () -> texts.get("no.such.text"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de|DE",
                "de-AT,de;q=0.9,en;q=0.8|DE",
                "en-US|EN",
                "fr,de;q=0.5|DE",
                "fr|EN",
                "*|EN",
                "en;q=0.1,de;q=0.2|DE"
            })
    void theReaderChoosesTheLanguage(String accepted, Language language) {
        assertEquals(language, Language.of(accepted));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0000", ";;;", "de;q=abc", "-", ",", "ä"})
    void whatIsNoLanguageIsEnglish(String accepted) {
        assertEquals(Language.EN, Language.of(accepted));
    }

    @Test
    void aLongFieldIsNotReadToItsEnd() {
        assertEquals(Language.EN, Language.of("fr,".repeat(10_000) + "de"));
    }

    @Test
    void markupEscapesWhatStrangersWrote() {
        var html =
                Html.of("<p title=\"{}\">{}{}</p>", "a\"'b", "<&>\0", Html.of("<b>{}</b>", "{}"));
        assertEquals("<p title=\"a&quot;&#39;b\">&lt;&amp;&gt;\ufffd<b>{}</b></p>", html.markup());
        assertThrows(IllegalArgumentException.class, () -> Html.of("{}", "a", "b"));
        assertThrows(IllegalArgumentException.class, () -> Html.of("{}{}", "a"));
    }

    @Test
    void anyColorIsReadableWhereItStands() {
        for (int rgb = 0; rgb <= 0xffffff; rgb += 0x1235) {
            var color = Color.parse("#%06x".formatted(rgb)).orElseThrow();
            assertTrue(color.contrast(color.ink()) >= 4.5, color::css);
            // As an accent: the words on the button, the links beside it, the button's edge.
            for (String rule : Palette.css(color, null).split("@media", -1)) {
                var ground = rule.startsWith(":root") ? Palette.LIGHT : Palette.DARK;
                var accent = variable(rule, "--accent:");
                assertTrue(accent.contrast(ground) >= 3, rule);
                assertTrue(accent.contrast(variable(rule, "--on-accent:")) >= 4.5, rule);
                assertTrue(variable(rule, "--link:").contrast(ground) >= 4.5, rule);
            }
            String behind = Palette.css(null, color);
            assertEquals(color, variable(behind, "--back:"));
            assertTrue(color.contrast(variable(behind, "--on-back:")) >= 4.5, behind);
        }
    }

    private static Color variable(String css, String name) {
        int at = css.indexOf(name) + name.length();
        return Color.parse(css.substring(at, at + 7)).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "#fff",
                "#12345g",
                "123456",
                "#1234567",
                "#-12345",
                "red",
                "#ffffff;"
            })
    void otherColorsAreNone(String text) {
        assertEquals(java.util.Optional.empty(), Color.parse(text));
    }

    @Test
    void contrastIsThatOfTheStandard() {
        assertEquals(21, Color.BLACK.contrast(Color.WHITE), 0.001);
        assertEquals(4.48, new Color(0x77, 0x77, 0x77).contrast(Color.WHITE), 0.01);
    }
}
