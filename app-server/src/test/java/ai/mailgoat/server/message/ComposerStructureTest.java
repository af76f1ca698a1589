package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.BodyPart;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The MIME tree of composed messages, as Angus reads it back.
class ComposerStructureTest {
    private final Draft draft = new Draft();

    @Test
    void textAloneIsOneTextPart() throws Exception {
        assertEquals("text/plain", tree(draft.read()));
        assertEquals("Hello, world", body(draft.read()));
    }

    @Test
    void htmlAndTextAreAlternatives() throws Exception {
        draft.html = "<p>Hello, <b>world</b></p>";
        assertEquals("multipart/alternative[text/plain, text/html]", tree(draft.read()));
        assertEquals(List.of("Hello, world", draft.html), leaves(draft.read()));
    }

    @Test
    void missingTextIsDerivedFromHtml() throws Exception {
        draft.text = null;
        draft.html = "<p>One</p><p>Two <a href='https://x.example/a'>here</a></p>";
        assertEquals(
                List.of("One\n\nTwo here (https://x.example/a)", draft.html), leaves(draft.read()));
    }

    @Test
    void emptyTextMeansHtmlAlone() throws Exception {
        draft.text = "";
        draft.html = "<p>Only</p>";
        assertEquals("text/html", tree(draft.read()));
        assertEquals("<p>Only</p>", body(draft.read()));
    }

    @Test
    void htmlThatShowsNoTextHasNoTextPart() throws Exception {
        draft.text = null;
        draft.html = "<img src='https://x.example/p.png'>";
        assertEquals("text/html", tree(draft.read()));
    }

    @Test
    void nothingAtAllIsAnEmptyTextPart() throws Exception {
        draft.text = null;
        assertEquals("text/plain", tree(draft.read()));
        assertEquals("", body(draft.read()));
        draft.text = "";
        assertEquals("text/plain", tree(draft.read()));
        assertEquals("", body(draft.read()));
    }

    @Test
    void inlineImageIsRelatedToTheHtml() throws Exception {
        draft.html = "<img src='cid:logo'>";
        draft.text = "logo";
        draft.attachments = List.of(new Part("logo.png", "image/png", "logo", bytes(300)));
        assertEquals(
                "multipart/alternative[text/plain, multipart/related[text/html, image/png]]",
                tree(draft.read()));
        var alternative = (MimeMultipart) draft.read().getContent();
        var related = (MimeMultipart) alternative.getBodyPart(1).getContent();
        var image = (MimePart) related.getBodyPart(1);
        assertEquals("<logo>", image.getContentID());
        assertEquals("inline", image.getDisposition());
        assertEquals("logo.png", related.getBodyPart(1).getFileName());
    }

    @Test
    void everythingNestsInTheUsualOrder() throws Exception {
        draft.html = "<img src='cid:a@x'>";
        draft.attachments =
                List.of(
                        new Part("a.png", "image/png", "a@x", bytes(10)),
                        new Part("b.pdf", "application/pdf", null, bytes(20)));
        assertEquals(
                "multipart/mixed[multipart/alternative[text/plain, "
                        + "multipart/related[text/html, image/png]], application/pdf]",
                tree(draft.read()));
    }

    @Test
    void withoutHtmlAnInlinePartIsMixedIn() throws Exception {
        draft.attachments = List.of(new Part("a.png", "image/png", "a", bytes(10)));
        assertEquals("multipart/mixed[text/plain, image/png]", tree(draft.read()));
    }

    @Test
    void attachmentsComeBackByteForByte() throws Exception {
        var parts = new ArrayList<Part>();
        for (int size : new int[] {0, 1, 2, 3, 56, 57, 58, 1000, 100_000}) {
            parts.add(new Part(size + ".bin", "application/octet-stream", null, bytes(size)));
        }
        byte[] smuggling = "\n.\n\r.\r\n.\r\nMAIL FROM:<x@y>\0".getBytes(UTF_8);
        parts.add(new Part("evil.txt", "text/plain", null, smuggling));
        draft.attachments = parts;
        var mixed = (MimeMultipart) draft.read().getContent();
        assertEquals(parts.size() + 1, mixed.getCount());
        for (int i = 0; i < parts.size(); i++) {
            BodyPart part = mixed.getBodyPart(i + 1);
            assertArrayEquals(parts.get(i).content(), part.getInputStream().readAllBytes());
            assertEquals(parts.get(i).filename(), part.getFileName());
            assertEquals("attachment", part.getDisposition());
        }
    }

    @Test
    void attachedMessagesTravelAsOctets() throws Exception {
        draft.attachments =
                List.of(
                        new Part("m.eml", "message/rfc822", null, bytes(90)),
                        new Part("n.eml", "Multipart/Mixed; boundary=x", null, bytes(90)));
        assertEquals(
                "multipart/mixed[text/plain, application/octet-stream, application/octet-stream]",
                tree(draft.read()));
    }

    @Test
    void contentTypeParametersAreKept() throws Exception {
        draft.attachments =
                List.of(new Part("i.ics", "text/calendar; method=REQUEST", null, bytes(9)));
        var mixed = (MimeMultipart) draft.read().getContent();
        var type = new ContentType(mixed.getBodyPart(1).getContentType());
        assertEquals("text/calendar", type.getBaseType());
        assertEquals("REQUEST", type.getParameter("method"));
    }

    @Test
    void filenamesOfAllScriptsComeBack() throws Exception {
        for (String name :
                List.of(
                        "plain.txt",
                        "with space; and 'quotes'.pdf",
                        "Übergröße.docx",
                        "請求書.pdf",
                        "🐐🐐🐐.png",
                        "=?utf-8?Q?x?=.txt",
                        "100%.txt",
                        "a*0*=b.txt",
                        "x".repeat(251) + ".txt",
                        "ü".repeat(125) + ".txt")) {
            draft.attachments = List.of(new Part(name, "application/pdf", null, bytes(3)));
            var mixed = (MimeMultipart) draft.read().getContent();
            String read = mixed.getBodyPart(1).getFileName();
            // `?` is reserved on Windows and becomes `_`, `*` too.
            assertEquals(name.replace('?', '_').replace('*', '_'), read);
        }
    }

    @Test
    void wireMessageTellsWhereTheBodyStarts() {
        draft.html = "<p>x</p>";
        WireMessage wire = draft.composed();
        String header = new String(wire.bytes(), 0, wire.headerLength(), UTF_8);
        assertTrue(header.endsWith("\r\n\r\n"));
        assertEquals(header.length() - 4, header.indexOf("\r\n\r\n"));
        assertFalse(wire.eightBit());
        assertFalse(wire.needsSmtpUtf8());
        assertEquals(
                "--=_",
                new String(wire.bytes(), wire.headerLength(), 4, UTF_8),
                "the body starts with the first boundary");
    }

    @Test
    void textThatLooksLikeOurBoundaryStaysText() throws Exception {
        draft.html = "<p>x</p>";
        String wire = new String(draft.composed().bytes(), UTF_8);
        String boundary = wire.substring(wire.indexOf("--=_"), wire.indexOf("--=_") + 36);
        draft.text = "before\r\n" + boundary + "\r\n" + boundary + "--\r\nafter";
        assertEquals("multipart/alternative[text/plain, text/html]", tree(draft.read()));
        assertEquals(draft.text, leaves(draft.read()).getFirst().replace("\n", "\r\n"));
    }

    @Test
    void transferEncodingIsTheShortestThatIsSafe() throws Exception {
        assertEquals("7bit", encodingOf("Short lines\nof ASCII"));
        assertEquals("7bit", encodingOf("x".repeat(78)));
        assertEquals("quoted-printable", encodingOf("x".repeat(79)));
        assertEquals("quoted-printable", encodingOf("Grüße aus Köln, alles Weitere auf Deutsch"));
        assertEquals("base64", encodingOf("これは日本語の本文です"));
        assertEquals("quoted-printable", encodingOf("blank at the end \nof a line"));
        assertEquals("quoted-printable", encodingOf("bell \u0007"));
        assertEquals("quoted-printable", encodingOf("a dot:\n.\nand on"));
        assertEquals("quoted-printable", encodingOf("first\nFrom here\non"));
        assertEquals("7bit", encodingOf("first\n From here, Frome and From\non"));
        assertEquals("quoted-printable", encodingOf("tab at the very end\t"));
        assertEquals("7bit", encodingOf("\n\n\nlines\n\nx"));
    }

    @Test
    void nulInTextIsRefused() {
        draft.text = "a\0b";
        assertThrows(MalformedMessageException.class, draft::composed);
        draft.text = null;
        draft.html = "a\0b";
        assertThrows(MalformedMessageException.class, draft::composed);
    }

    @Test
    void partsWithOddTypesOrIdsAreRefused() {
        for (String type :
                List.of(
                        "",
                        "pdf",
                        "text/",
                        "/plain",
                        "text/pl ain",
                        "text/plain\r\nX: y",
                        "text/plain; x=\u010a",
                        "text/" + "x".repeat(300))) {
            assertThrows(
                    MalformedMessageException.class,
                    () -> new Part("a", type, null, bytes(1)),
                    type);
        }
        for (String id :
                List.of("", "a b", "<a>", "a>b", "a\r\nb", "ü", "\u010a", "x".repeat(201))) {
            assertThrows(
                    MalformedMessageException.class,
                    () -> new Part("a", "image/png", id, bytes(1)),
                    id);
        }
        assertNull(new Part("a", "image/png", null, bytes(1)).contentId());
    }

    private String encodingOf(String text) throws Exception {
        draft.text = text;
        assertEquals(text.replace("\n", "\r\n"), body(draft.read()).replace("\n", "\r\n"));
        return draft.read().getEncoding();
    }

    static String tree(jakarta.mail.Part part) throws Exception {
        var type = new ContentType(part.getContentType()).getBaseType();
        if (!(part.getContent() instanceof MimeMultipart multipart)) {
            return type;
        }
        var children = new ArrayList<String>();
        for (int i = 0; i < multipart.getCount(); i++) {
            children.add(tree(multipart.getBodyPart(i)));
        }
        return type + children;
    }

    private static List<String> leaves(jakarta.mail.Part part) throws Exception {
        if (!(part.getContent() instanceof MimeMultipart multipart)) {
            return List.of(body(part));
        }
        var leaves = new ArrayList<String>();
        for (int i = 0; i < multipart.getCount(); i++) {
            leaves.addAll(leaves(multipart.getBodyPart(i)));
        }
        return leaves;
    }

    private static String body(jakarta.mail.Part part) throws Exception {
        String text = new String(part.getInputStream().readAllBytes(), UTF_8).replace("\r\n", "\n");
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
