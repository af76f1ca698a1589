package ai.mailgoat.server.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotedPrintableTest {
    @Test
    void encodesByTheRules() {
        assertEquals("a=3Db", encode("a=b"));
        assertEquals("T=C3=A4glich", encode("Täglich"));
        assertEquals("end=20\r\ntab=09", encode("end \r\ntab\t"));
        assertEquals("in the middle\r\n\r\n", encode("in the middle\r\n\r\n"));
    }

    @Test
    void lineOfExactly76CharactersIsNotBroken() {
        assertEquals("x".repeat(76), encode("x".repeat(76)));
        assertEquals("x".repeat(75) + "=\r\nxx", encode("x".repeat(77)));
    }

    @Test
    void anotherDecoderReadsBackTheSameOctets() throws Exception {
        var random = new Random(7);
        for (int round = 0; round < 500; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(400); i > 0; i--) {
                text.append(
                        switch (random.nextInt(6)) {
                            case 0 -> " ";
                            case 1 -> "=";
                            case 2 -> "\r\n";
                            case 3 -> "ä";
                            case 4 -> "\t";
                            default -> String.valueOf((char) ('!' + random.nextInt(94)));
                        });
            }
            byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
            byte[] encoded = QuotedPrintable.encode(octets);
            for (String line : new String(encoded, StandardCharsets.US_ASCII).split("\r\n")) {
                assertTrue(line.length() <= 76, line);
            }
            byte[] decoded =
                    MimeUtility.decode(new ByteArrayInputStream(encoded), "quoted-printable").readAllBytes();
            assertArrayEquals(octets, decoded);
        }
    }

    private static String encode(String text) {
        return new String(QuotedPrintable.encode(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.US_ASCII);
    }
}
