package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Header fields of composed messages: what stands in them and how they read.
class ComposerHeaderTest {
    private static final List<String> TEXTS =
            List.of(
                    "plain",
                    "Grüße aus Köln",
                    "start plain, then ümlaut in the midst, end plain",
                    "🐐 goats 👨‍👩‍👧‍👦 family",
                    "שלום עולם",
                    "مرحبا بالعالم",
                    "件名はとても長いので何行にも折り返される必要がありますが読む人には一行に見えるはずです",
                    "two  blanks   three",
                    "=?utf-8?Q?not_an_encoded-word?=",
                    "x=?y",
                    "quotes \" and \\ backslash",
                    "a, b; c: <d> (e) @f [g]",
                    "ends with a dot.",
                    "low bytes like CR and LF: \u010a \u010d \u560a \u560d \u760a",
                    "e\u0301 decomposed",
                    "\u200fright to left mark");

    private final Draft draft = new Draft();

    @Test
    void theUsualFieldsStandOnceEach() throws Exception {
        draft.cc = Draft.mailboxes("C <c@reader.example>");
        draft.replyTo = Draft.mailboxes("r@sender.example");
        var read = draft.read();
        for (String name :
                List.of(
                        "From",
                        "To",
                        "Cc",
                        "Reply-To",
                        "Subject",
                        "Date",
                        "Message-ID",
                        "MIME-Version",
                        "Content-Type",
                        "Content-Transfer-Encoding")) {
            assertEquals(1, read.getHeader(name).length, name);
        }
        assertEquals("Sat, 21 Nov 2026 04:05:06 +0000", read.getHeader("Date", null));
        assertEquals("<0199aa00-1111-7222-8333-444455556666@sender.example>", read.getMessageID());
        assertEquals(Instant.parse("2026-11-21T04:05:06Z"), read.getSentDate().toInstant());
        assertNull(read.getHeader("Bcc"));
    }

    @Test
    void withoutRecipientsToIsAnEmptyGroup() throws Exception {
        draft.to = List.of();
        assertEquals("undisclosed-recipients:;", draft.read().getHeader("To", null));
        assertNull(draft.read().getHeader("Cc"));
    }

    @Test
    void subjectsComeBackAsGiven() throws Exception {
        for (String text : TEXTS) {
            draft.subject = text;
            assertEquals(text, draft.read().getSubject());
            assertShortLines(draft.composed());
        }
    }

    @Test
    void emptySubjectIsAnEmptyField() throws Exception {
        draft.subject = "";
        assertEquals("", draft.read().getSubject());
    }

    @Test
    void subjectOfOneWordOfTenKilobytesComesBack() throws Exception {
        for (String word : List.of("x".repeat(10_000), "ü".repeat(5_000), "🐐".repeat(2_500))) {
            draft.subject = word;
            assertEquals(word, draft.read().getSubject());
            assertShortLines(draft.composed());
        }
    }

    @Test
    void subjectOfManyWordsIsFoldedAndNotEncoded() throws Exception {
        draft.subject = "word ".repeat(2_000).strip();
        assertEquals(draft.subject, draft.read().getSubject());
        assertFalse(header().contains("=?"));
        assertShortLines(draft.composed());
    }

    @Test
    void subjectOfManyBlanksMakesNoBlankLine() throws Exception {
        draft.subject = "a" + " ".repeat(5_000) + "b";
        assertEquals(draft.subject, draft.read().getSubject());
        assertShortLines(draft.composed());
        assertFalse(header().contains("\r\n \r\n"));
    }

    @Test
    void displayNamesComeBackAsGiven() throws Exception {
        for (String text : TEXTS) {
            var mailbox = NamedMailbox.parse("a@b.example").mailbox();
            draft.from = new NamedMailbox(text, mailbox);
            draft.to = List.of(draft.from, new NamedMailbox(null, mailbox), draft.from);
            var from = (InternetAddress) draft.read().getFrom()[0];
            assertEquals(text, from.getPersonal());
            assertEquals("a@b.example", from.getAddress());
            var to = draft.read().getRecipients(RecipientType.TO);
            assertEquals(3, to.length);
            assertEquals(text, ((InternetAddress) to[2]).getPersonal());
            assertShortLines(draft.composed());
        }
    }

    @Test
    void encodedWordsNeverTouchTheAddress() {
        draft.from = NamedMailbox.parse("Jürgen <j.u@köln.example>");
        assertTrue(
                header().startsWith("From: =?utf-8?Q?J=C3=BCrgen?= <j.u@xn--kln-sna.example>\r\n"));
    }

    @Test
    void fiftyRecipientsAreFolded() throws Exception {
        draft.to =
                java.util.stream.IntStream.range(0, 50)
                        .mapToObj(i -> NamedMailbox.parse("Näme " + i + " <n" + i + "@x.example>"))
                        .toList();
        assertEquals(50, draft.read().getRecipients(RecipientType.TO).length);
        assertShortLines(draft.composed());
    }

    @Test
    void localPartBeyondAsciiIsRawUtf8AndSaysSo() throws Exception {
        draft.to = Draft.mailboxes("用户 <用户@例子.example>");
        WireMessage wire = draft.composed();
        assertTrue(wire.needsSmtpUtf8());
        assertTrue(wire.eightBit());
        assertTrue(header().contains("<用户@xn--fsqu00a.example>"));
    }

    @Test
    void idnDomainAloneNeedsNoSmtpUtf8() {
        draft.to = Draft.mailboxes("u@例子.example");
        assertFalse(draft.composed().needsSmtpUtf8());
        assertFalse(draft.composed().eightBit());
    }

    @Test
    void customFieldsComeBackAsGiven() throws Exception {
        for (String text : TEXTS) {
            draft.headers = List.of(new HeaderField("X-Custom", text));
            String raw = draft.read().getHeader("X-Custom", null);
            assertEquals(text, MimeUtility.decodeText(MimeUtility.unfold(raw)));
            assertShortLines(draft.composed());
        }
    }

    @Test
    void urlsAndMessageIdsAreNeverEncoded() throws Exception {
        String url = "<https://x.example/u?q==?utf-8?q?x?=>";
        String ids = "<a@x.example> <b@x.example> ".repeat(20).strip();
        draft.headers =
                List.of(
                        new HeaderField("List-Unsubscribe", url),
                        new HeaderField("References", ids));
        assertEquals(url, draft.read().getHeader("List-Unsubscribe", null));
        assertEquals(ids, draft.read().getHeader("References", null).replaceAll("\\r\\n ", " "));
        assertShortLines(draft.composed());
    }

    @Test
    void whatWouldEndALineIsRefusedEverywhere() {
        for (String c : List.of("\r", "\n", "\r\n", "\0", "\u2028", "\u2029", "\u0085", "\t")) {
            String evil = "a" + c + "Bcc: victim@x.example";
            draft.subject = evil;
            assertThrows(MalformedMessageException.class, draft::message);
            assertThrows(MalformedMessageException.class, () -> new HeaderField("X-A", evil));
            assertThrows(MalformedMessageException.class, () -> new HeaderField(evil, "x"));
            assertThrows(
                    MalformedMessageException.class,
                    () -> new Part("a", "image/png", evil, new byte[0]));
            assertThrows(
                    MalformedMessageException.class,
                    () -> new Part("a", "text/plain; x=\"" + evil + '"', null, new byte[0]));
            assertThrows(
                    MalformedAddressException.class,
                    () -> NamedMailbox.parse('"' + evil + "\" <a@b.example>"));
            assertThrows(
                    MalformedAddressException.class, () -> NamedMailbox.parse(evil + "@b.example"));
            String name = new Part(evil, "image/png", null, new byte[0]).filename();
            assertEquals("aBcc_ victim@x.example", name);
        }
    }

    @Test
    void percentEncodedLineEndsAreOrdinaryText() throws Exception {
        draft.subject = "a%0d%0aBcc: v@x.example";
        assertEquals(draft.subject, draft.read().getSubject());
        assertNull(draft.read().getHeader("Bcc"));
    }

    @Test
    void theSameMessageGivesTheSameBytes() {
        draft.html = "<p>Grüße <img src='cid:i'></p>";
        draft.attachments =
                List.of(
                        new Part("ü.png", "image/png", "i", new byte[1000]),
                        new Part("b.bin", "application/pdf", null, new byte[1000]));
        byte[] first = draft.composed().bytes();
        for (int i = 0; i < 20; i++) {
            assertArrayEquals(first, draft.composed().bytes());
        }
    }

    @Test
    void messageIdsThatAreNoneAreRefused() {
        for (String id :
                List.of(
                        "", "a", "<a@b>", "a@", "@b", "a b@c", "a@b\r\n", "ü@b", "a@b@c",
                        "a..b@c")) {
            assertThrows(
                    MalformedMessageException.class,
                    () ->
                            new OutgoingMessage(
                                    id,
                                    Instant.EPOCH,
                                    draft.from,
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    "",
                                    null,
                                    "",
                                    List.of(),
                                    List.of()),
                    id);
        }
    }

    private String header() {
        WireMessage wire = draft.composed();
        return new String(wire.bytes(), 0, wire.headerLength(), UTF_8);
    }

    private static void assertShortLines(WireMessage wire) {
        String header = new String(wire.bytes(), 0, wire.headerLength(), UTF_8);
        for (String line : header.split("\r\n")) {
            boolean oneWord = line.strip().indexOf(' ') < 0 || line.contains("  ");
            assertTrue(line.length() <= 78 || oneWord && !line.contains("=?"), line);
        }
    }
}
