package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireMessageTest {

    private static String wire(String message) throws SessionBroken {
        var out = new ByteArrayOutputStream();
        WireMessage.write(
                message.getBytes(StandardCharsets.ISO_8859_1),
                (octets, from, to) -> out.write(octets, from, to - from));
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /// `|` stands for CRLF.
    @ParameterizedTest
    @CsvSource({
        "a|, a|.|",
        ".|, ..|.|",
        "..|, ...|.|",
        "a|.|b|, a|..|b|.|",
        "a.b|.c.|, a.b|..c.|.|",
        "|.||, |..||.|",
        "a, a|.|",
        "., ..|.|",
        "'', .|"
    })
    void dotsAreStuffed(String message, String expected) throws SessionBroken {
        assertEquals(expected.replace("|", "\r\n"), wire(message.replace("|", "\r\n")));
    }

    @Test
    void noMessageEndsBeforeItsEnd() throws SessionBroken {
        var random = new Random(7);
        String[] pieces = {".", "\r\n", "a", "\r\n.", "..", "\r\n.\r\n"};
        for (int round = 0; round < 20_000; round++) {
            var message = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                message.append(pieces[random.nextInt(pieces.length)]);
            }
            message.append("\r\n");
            String wire = "\r\n" + wire(message.toString());
            assertEquals(wire.length() - 5, wire.indexOf("\r\n.\r\n"));
            String unstuffed = wire.replace("\r\n.", "\r\n");
            assertEquals("\r\n" + message + "\r\n", unstuffed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a\r\n", "\r\n\r\n", "a\r\n.\r\nb"})
    void crLfAloneIsFine(String message) {
        assertTrue(WireMessage.hasOnlyCrLf(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\r",
                "a\nb",
                "a\rb",
                "a\r\n\n",
                "a\r\r\n",
                "\n\r",
                "a\r\n.\r",
                "a\n.\r\n"
            })
    void aBareCrOrLfIsSeen(String message) {
        assertFalse(WireMessage.hasOnlyCrLf(message.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
