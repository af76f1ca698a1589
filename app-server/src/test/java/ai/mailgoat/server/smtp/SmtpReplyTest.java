package ai.mailgoat.server.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpReplyTest {

    @ParameterizedTest
    @CsvSource({
        "200, true, false, false",
        "250, true, false, false",
        "354, true, false, false",
        "399, true, false, false",
        "400, false, true, false",
        "421, false, true, false",
        "499, false, true, false",
        "500, false, false, true",
        "554, false, false, true",
        "599, false, false, true",
    })
    void theFirstDigitDecides(
            int code, boolean positive, boolean transientFailure, boolean permanent) {
        var reply = SmtpReply.of(code, "text");
        assertEquals(positive, reply.isPositive());
        assertEquals(transientFailure, reply.isTransient());
        assertEquals(permanent, reply.isPermanent());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 100, 199, 600, 999})
    void otherCodesAreNoReplies(int code) {
        assertThrows(IllegalArgumentException.class, () -> SmtpReply.of(code, ""));
    }

    @Test
    void linesAreJoinedAndCopied() {
        var lines = new ArrayList<>(List.of("5.1.1 no such", "user"));
        var reply = new SmtpReply(550, lines);
        lines.clear();
        assertEquals("5.1.1 no such user", reply.text());
        assertEquals("550 5.1.1 no such user", reply.toString());
    }

    @Test
    void theEnhancedCodeIsThatOfTheFirstLineAndOfTheSameClass() {
        assertEquals(
                Optional.of(new EnhancedCode(5, 1, 1)), SmtpReply.of(550, "5.1.1 x").enhanced());
        assertTrue(SmtpReply.of(550, "4.1.1 x").enhanced().isEmpty());
        assertTrue(SmtpReply.of(354, "3.0.0 go on").enhanced().isEmpty());
        assertTrue(new SmtpReply(550, List.of("no", "5.1.1 x")).enhanced().isEmpty());
        assertTrue(new SmtpReply(550, List.of()).enhanced().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "5.1.1, 5.1.1",
        "5.1.1 no such user, 5.1.1",
        "4.7.28 rate, 4.7.28",
        "5.7.515 denied, 5.7.515",
        "2.0.0 ok, 2.0.0",
        "2.000.000 ok, 2.0.0",
    })
    void enhancedCodesAreReadAtTheStart(String text, String code) {
        assertEquals(code, EnhancedCode.atStartOf(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "x 5.1.1",
                "3.1.1 x",
                "1.1.1 x",
                "6.1.1",
                "5.1",
                "5.1.",
                "5.1.1.1",
                "5.1.1234",
                "5.1234.1",
                "55.1.1",
                "5.1.1x",
                "-5.1.1",
                "5,1,1",
                "5.1.٣"
            })
    void otherTextHasNoEnhancedCode(String text) {
        assertTrue(EnhancedCode.atStartOf(text).isEmpty());
    }

    @Test
    void enhancedCodesHaveThreeDigitsEach() {
        assertThrows(IllegalArgumentException.class, () -> new EnhancedCode(3, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new EnhancedCode(5, 1000, 0));
        assertThrows(IllegalArgumentException.class, () -> new EnhancedCode(5, 0, 1000));
        assertThrows(IllegalArgumentException.class, () -> new EnhancedCode(5, -1, 0));
        assertEquals("5.999.999", new EnhancedCode(5, 999, 999).toString());
    }
}
