package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineDisciplineTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "a, a",
        "aRN, aRN",
        "aN, aRN",
        "aR, aRN",
        "N, RN",
        "R, RN",
        "NR, RNRN",
        "RRN, RNRN",
        "RNN, RNRN",
        "RNRN, RNRN",
        "RRRN, RNRNRN",
        "aN.Nb, aRN.RNb",
        "aN.RNb, aRN.RNb",
        "aR.RNb, aRN.RNb",
        "aRN.Rb, aRN.RNb",
        "aRN.RRNb, aRN.RNRNb",
    })
    void bareLineEndsBecomeCrlf(String in, String out) {
        assertEquals(out, shown(LineDiscipline.toWire(bytes(in))));
    }

    @Test
    void cleanTextIsReturnedAsItIs() {
        byte[] clean = bytes("aRNbRNRN.RN");
        assertSame(clean, LineDiscipline.toWire(clean));
    }

    @Test
    void nulIsRefusedWhereverItIs() {
        for (String text : new String[] {"0", "a0", "RN0", "N0", "aRbNc0d"}) {
            assertThrows(MalformedMessageException.class, () -> LineDiscipline.toWire(bytes(text)));
            assertFalse(LineDiscipline.isClean(bytes(text)), text);
        }
    }

    @Test
    void bareLineEndsAreNotClean() {
        for (String text : new String[] {"N", "R", "NR", "RRN", "RNN", "aRNR", "aN.Nb", "RN.RRN"}) {
            assertFalse(LineDiscipline.isClean(bytes(text)), text);
        }
        for (String text : new String[] {"", "a", "RN", "aRNb", "RNRN.RN"}) {
            assertTrue(LineDiscipline.isClean(bytes(text)), text);
        }
    }

    @Test
    void linesHave998OctetsAtMost() {
        String longest = "x".repeat(998);
        assertTrue(LineDiscipline.isClean(bytes(longest)));
        assertTrue(LineDiscipline.isClean(bytes(longest + "RN" + longest + "RN")));
        assertFalse(LineDiscipline.isClean(bytes(longest + "x")));
        assertFalse(LineDiscipline.isClean(bytes("aRN" + longest + "xRNb")));
        assertFalse(LineDiscipline.isClean(bytes("aRN" + longest + "x")));
    }

    @Test
    void whateverGoesInComesOutWithPairedLineEnds() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("RNab.\u00ff".charAt(random.nextInt(6)));
            }
            byte[] wire = LineDiscipline.toWire(bytes(text.toString()));
            assertTrue(LineDiscipline.isClean(wire), text.toString());
            assertSame(wire, LineDiscipline.toWire(wire));
        }
    }

    private static byte[] bytes(String text) {
        return text.replace('R', '\r').replace('N', '\n').replace('0', '\0').getBytes(ISO_8859_1);
    }

    private static String shown(byte[] bytes) {
        return new String(bytes, ISO_8859_1).replace('\r', 'R').replace('\n', 'N');
    }
}
