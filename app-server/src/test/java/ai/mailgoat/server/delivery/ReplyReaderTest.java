package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.smtp.SmtpReply;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

    private static ReplyReader reader(String octets) {
        return new ReplyReader(new ByteArrayInputStream(octets.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsOneReplyAfterTheOther() throws IOException {
        var reader = reader("250-one\r\n250-two\r\n250 three\r\n550 5.1.1 no\r\n");
        assertEquals(new SmtpReply(250, List.of("one", "two", "three")), reader.read());
        assertTrue(reader.hasMore());
        assertEquals(SmtpReply.of(550, "5.1.1 no"), reader.read());
        assertFalse(reader.hasMore());
        assertThrows(EOFException.class, reader::read);
    }

    @Test
    void aCodeAloneAndABareLfAreTaken() throws IOException {
        var reader = reader("220\r\n250\n250-\n250 ok\n354 \r\n");
        assertEquals(SmtpReply.of(220, ""), reader.read());
        assertEquals(SmtpReply.of(250, ""), reader.read());
        assertEquals(new SmtpReply(250, List.of("", "ok")), reader.read());
        assertEquals(SmtpReply.of(354, ""), reader.read());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "25\r\n",
                "abc def\r\n",
                "150 wait\r\n",
                "650 what\r\n",
                "2500 ok\r\n",
                "250\tok\r\n",
                " 250 ok\r\n",
                "250-one\r\n251 two\r\n",
                "250-one\r\ntwo\r\n",
                "HTTP/1.1 400 Bad Request\r\n",
                "2\u0665\u0660 ok\r\n"
            })
    void whatIsNoReplyIsToldApart(String octets) {
        assertThrows(ReplyReader.NoReplyException.class, () -> reader(octets).read());
    }

    @Test
    void theEndInTheMiddleIsNoReply() {
        assertThrows(EOFException.class, () -> reader("250 o").read());
        assertThrows(EOFException.class, () -> reader("250-one\r\n").read());
    }

    @Test
    void linesAreCutAndCounted() throws IOException {
        var longLine = reader("250 " + "x".repeat(10_000) + "\r\n250 next\r\n");
        assertEquals(1000, longLine.read().text().length());
        assertEquals("next", longLine.read().text());

        var hundred = reader("250-x\r\n".repeat(99) + "250 x\r\n");
        assertEquals(100, hundred.read().lines().size());
        var more = reader("250-x\r\n".repeat(100) + "250 x\r\n");
        assertThrows(ReplyReader.NoReplyException.class, more::read);

        var endless = reader("250 " + "x".repeat(70_000) + "\r\n");
        assertThrows(ReplyReader.NoReplyException.class, endless::read);
    }

    @Test
    void controlCharactersAreMadePrintable() throws IOException {
        var reply = reader("550 a\u0000b\u001bc\rd\u0085e\u202ef\r\n").read();
        assertEquals("a?b?c?d?e?f", reply.text());
    }

    @Test
    void aLongLineKeepsItsFarEnd() throws IOException {
        var text = "5.7.1 " + "[192.0.2.1] ".repeat(30) + "(S3150)";
        assertEquals(text, reader("550 " + text + "\r\n").read().text());
    }
}
