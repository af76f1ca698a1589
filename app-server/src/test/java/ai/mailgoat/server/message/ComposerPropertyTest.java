package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.NamedMailbox;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMultipart;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random messages of odd characters: every byte is checked, and everything is read back.
class ComposerPropertyTest {
    private static final int[] ODD = {
        ' ', ' ', ' ', '=', '?', '_', '"', '\\', '<', '>', '@', ',', ';', ':', '(', ')', '.', '-',
        '%', 0xdf, 0xe9, 0x10a, 0x10d, 0x5d0, 0x627, 0x200f, 0x560a, 0x560d, 0x6f22, 0xfffd,
        0x1f410, 0x301
    };

    private final Random random = new Random(20261121);

    @Test
    void aThousandMessagesObeyTheLineDisciplineAndComeBack() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            var draft = draft();
            WireMessage wire = draft.composed();
            check(wire);
            assertArrayEquals(wire.bytes(), draft.composed().bytes());
            var read = Draft.read(wire);
            assertEquals(draft.subject, read.getSubject());
            var to = read.getRecipients(RecipientType.TO);
            assertEquals(draft.to.size(), to.length);
            for (int n = 0; n < to.length; n++) {
                NamedMailbox sent = draft.to.get(n);
                var back = (InternetAddress) to[n];
                assertEquals(sent.displayName(), back.getPersonal());
                assertEquals(sent.mailbox().toString(), back.getAddress());
            }
            if (!draft.attachments.isEmpty()) {
                var mixed = (MimeMultipart) read.getContent();
                int last = mixed.getCount() - 1;
                assertArrayEquals(
                        draft.attachments.getLast().content(),
                        mixed.getBodyPart(last).getInputStream().readAllBytes());
                assertEquals(
                        draft.attachments.getLast().filename(),
                        mixed.getBodyPart(last).getFileName());
            }
        }
    }

    /// Written apart from [LineDiscipline] on purpose.
    private static void check(WireMessage wire) {
        String all = new String(wire.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertEquals("\r\n\r\n", all.substring(wire.headerLength() - 4, wire.headerLength()));
        String rest = all.replace("\r\n", "");
        assertFalse(rest.contains("\r") || rest.contains("\n") || rest.contains("\0"));
        assertEquals(wire.eightBit(), rest.chars().anyMatch(c -> c > 0x7f));
        boolean inHeader = true;
        for (String line : all.split("\r\n", -1)) {
            inHeader &= !line.isEmpty();
            assertFalse(line.length() > 998, line);
            assertFalse(line.startsWith("."), "somebody would have to dot-stuff " + line);
            assertFalse(inHeader && line.isBlank(), "a blank line inside the header");
            assertFalse(!inHeader && line.length() > 78, line);
        }
    }

    private Draft draft() {
        var draft = new Draft();
        draft.subject = HeaderWriter.trimmed(text(random.nextInt(300)));
        draft.from = mailbox();
        var to = new ArrayList<NamedMailbox>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            to.add(mailbox());
        }
        draft.to = to;
        draft.text = random.nextInt(4) == 0 ? null : body(random.nextInt(3_000));
        draft.html = random.nextInt(3) == 0 ? null : "<p>" + body(random.nextInt(3_000));
        draft.headers = List.of(new HeaderField("X-Odd", text(random.nextInt(800))));
        if (random.nextInt(3) == 0) {
            var content = new byte[random.nextInt(5_000)];
            random.nextBytes(content);
            draft.attachments =
                    List.of(new Part(text(random.nextInt(80)), "application/pdf", null, content));
        }
        return draft;
    }

    private NamedMailbox mailbox() {
        String name = text(random.nextInt(120)).strip();
        String local = random.nextInt(10) == 0 ? "jörg" : "user" + random.nextInt(100);
        return new NamedMailbox(
                name.isBlank() ? null : name, Mailbox.parse(local + "@sub.example.org"));
    }

    private String body(int length) {
        var body = new StringBuilder(text(length));
        for (int i = random.nextInt(20); i > 0; i--) {
            String end =
                    List.of("\n", "\r", "\r\n", "\n.\n", "\n.\r\n", "\r.\r").get(random.nextInt(6));
            body.insert(random.nextInt(body.length() + 1), end);
        }
        return new String(body.toString().getBytes(UTF_8), UTF_8);
    }

    private String text(int length) {
        var text = new StringBuilder();
        boolean ascii = random.nextBoolean();
        while (text.length() < length) {
            if (random.nextInt(3) > 0) {
                text.append((char) ('a' + random.nextInt(26)));
            } else {
                int odd = ODD[random.nextInt(ascii ? 19 : ODD.length)];
                text.appendCodePoint(odd);
            }
        }
        return text.toString();
    }
}
