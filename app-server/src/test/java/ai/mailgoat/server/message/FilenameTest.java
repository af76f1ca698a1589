package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilenameTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            delimiter = '|',
            value = {
                "report.pdf|report.pdf",
                "../../etc/passwd|passwd",
                "/etc/passwd|passwd",
                "C:\\Users\\x\\boot.ini|boot.ini",
                "C:boot.ini|C_boot.ini",
                "a/b\\c/d.txt|d.txt",
                "..|attachment",
                ".|attachment",
                "...|attachment",
                "/|attachment",
                ".gitignore|.gitignore",
                "name. . .|name",
                " padded .txt |padded .txt",
                "CON|_CON",
                "con.txt|_con.txt",
                "LPT1|_LPT1",
                "CONSOLE.txt|CONSOLE.txt",
                "a<b>c:d\"e?f*g.txt|a_b_c_d_e_f_g.txt",
                "Übung 1.odt|Übung 1.odt",
                "请求 🐐.pdf|请求 🐐.pdf",
            })
    void cleanNamesAreSafeToSaveUnder(String name, String clean) {
        assertEquals(clean, Filename.clean(name));
    }

    @Test
    void deceivingCharactersAreTakenOut() {
        assertEquals("annexfdp.exe", Filename.clean("annex\u202efdp.exe"));
        assertEquals("ab.txt", Filename.clean("a\u2066b\u2069.t\u200bx\ufefft"));
        assertEquals("ab.txt", Filename.clean("a\r\nb.\0txt\u0085\u2028"));
        assertEquals("ab", Filename.clean("a\ud800b"));
        assertEquals("می\u200cخواهم.txt", Filename.clean("می\u200cخواهم.txt"));
    }

    @Test
    void emptyNameHasAName() {
        assertEquals("attachment", Filename.clean(""));
        assertEquals("attachment", Filename.clean("   "));
    }

    @Test
    void longNamesKeepTheirExtensionAndWholeCharacters() {
        for (String stem : List.of("x", "ü", "漢", "🐐")) {
            String clean = Filename.clean(stem.repeat(300) + ".pdf");
            int octets = clean.getBytes(UTF_8).length;
            assertTrue(octets <= 255 && octets > 250, clean);
            assertTrue(clean.endsWith(stem + ".pdf"), clean);
        }
        assertEquals(255, Filename.clean("a." + "x".repeat(400)).length());
    }

    @Test
    void cleaningTwiceChangesNothing() {
        for (String name : List.of("../a\u202eb.txt", "con", "x".repeat(300), ". .", "a?.b.")) {
            String clean = Filename.clean(name);
            assertEquals(clean, Filename.clean(clean));
        }
    }

    @Test
    void parametersOfNamesBeyondAsciiArePercentEncoded() {
        assertEquals(List.of("filename=\"a b.txt\""), Filename.parameter("a b.txt"));
        assertEquals(List.of("filename*=utf-8''%C3%BC.txt"), Filename.parameter("ü.txt"));
        List<String> segments = Filename.parameter("漢".repeat(80));
        assertEquals(14, segments.size());
        assertEquals("filename*0*=utf-8''" + "%E6%BC%A2".repeat(6) + ";", segments.getFirst());
        assertEquals("filename*13*=" + "%E6%BC%A2".repeat(2), segments.getLast());
    }
}
