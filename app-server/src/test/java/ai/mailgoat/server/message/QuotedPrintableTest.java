package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedPrintableTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|''",
                "a=b|a=3Db",
                "ü|=C3=BC",
                "a b |a b=20",
                "a /b|a=20/b",
                "/./..x/|/=2E/=2E.x/",
                "From x/From y|=46rom x/=46rom y",
                "From/Fro|From/Fro",
            })
    void textIsEncoded(String text, String encoded) {
        assertEquals(encoded.replace("/", "\r\n"), encode(text.replace("/", "\r\n")));
    }

    @Test
    void aLineOf76StaysWhole() {
        assertEquals("x".repeat(76), encode("x".repeat(76)));
        assertEquals("x".repeat(75) + "=\r\nxx", encode("x".repeat(77)));
        assertEquals("x".repeat(73) + "=3D", encode("x".repeat(73) + "="));
        assertEquals("x".repeat(74) + "=\r\n=3D", encode("x".repeat(74) + "="));
        assertEquals("x".repeat(75) + "=\r\n=2E.", encode("x".repeat(75) + ".."));
    }

    @Test
    void anyTextComesBackInShortLines() throws Exception {
        var random = new Random(13);
        String alphabet = "abF. \t=_\u00fc\u6f22\u0007\u007f";
        for (int i = 0; i < 5_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(400); n > 0; n--) {
                text.append(
                        switch (random.nextInt(40)) {
                            case 0 -> "\r\n";
                            case 1 -> "From ";
                            default -> alphabet.charAt(random.nextInt(alphabet.length()));
                        });
            }
            byte[] utf8 = text.toString().getBytes(UTF_8);
            byte[] encoded = QuotedPrintable.encode(utf8);
            assertEquals(encoded.length, QuotedPrintable.length(utf8));
            for (String line : new String(encoded, US_ASCII).split("\r\n")) {
                assertTrue(line.length() <= 76, line);
                assertFalse(line.startsWith(".") || line.startsWith("From "), line);
                assertFalse(line.endsWith(" ") || line.endsWith("\t"), line);
                assertFalse(line.contains("=_"), line);
            }
            try (var decoder =
                    MimeUtility.decode(new ByteArrayInputStream(encoded), "quoted-printable")) {
                assertArrayEquals(utf8, decoder.readAllBytes());
            }
        }
    }

    private static String encode(String text) {
        return new String(QuotedPrintable.encode(text.getBytes(UTF_8)), US_ASCII);
    }
}
