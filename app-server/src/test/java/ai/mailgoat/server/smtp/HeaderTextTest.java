package ai.mailgoat.server.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeaderTextTest {

    @Test
    void everyControlCharacterIsRefusedAtEveryPlace() {
        for (char c = 0; c < 0xa0; c++) {
            boolean control = c < 0x20 || c >= 0x7f;
            for (String text : new String[] {"" + c, c + "x", "x" + c, "x" + c + "y"}) {
                assertEquals(!control, HeaderText.isSafe(text), "U+%04X".formatted((int) c));
            }
        }
        assertFalse(HeaderText.isSafe("a\u2028b"));
        assertFalse(HeaderText.isSafe("a\u2029b"));
    }

    /// Cast to a byte, each of these would be CR, LF or NUL.
    @Test
    void charactersWithTheLowByteOfALineEndAreOrdinary() {
        for (int high = 0x01; high < 0x100; high++) {
            for (int low : new int[] {0x00, 0x0a, 0x0d, 0x85}) {
                char c = (char) (high << 8 | low);
                if (!Character.isSurrogate(c)) {
                    assertTrue(HeaderText.isSafe("x" + c), "U+%04X".formatted((int) c));
                }
            }
        }
    }

    @Test
    void surrogatesComeInPairs() {
        assertTrue(HeaderText.isSafe("\ud83d\udc10"));
        assertTrue(HeaderText.isSafe("\ud83d\udc10\ud83d\udc10"));
        for (String text :
                new String[] {
                    "\ud83d", "\udc10", "\udc10\ud83d", "\ud83d\ud83d\udc10", "\ud83d\udc10\udc10"
                }) {
            assertFalse(HeaderText.isSafe(text));
        }
    }

    @Test
    void theRefusalNamesTheCharacter() {
        var refused =
                assertThrows(
                        MalformedAddressException.class, () -> HeaderText.check("a\r\nBcc: b"));
        assertEquals("control character U+000D", refused.getMessage());
    }

    @Test
    void printableHidesWhatWouldBreakALogLine() {
        assertEquals("a??b?c?d?", Printable.of("a\r\nb\u202ec\u2028d\u001b"));
        assertEquals("é🐐?", Printable.of("é🐐\ud83d"));
        assertEquals(200, Printable.of("x".repeat(1_000_000)).length());
    }
}
