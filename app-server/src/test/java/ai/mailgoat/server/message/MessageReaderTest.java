package ai.mailgoat.server.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageReaderTest {

    @Test
    void anOrdinaryMailIsTakenApart() {
        var mail =
                read(
                        """
                        From: =?utf-8?q?J=C3=BCrgen?= <j@x.example>
                        To: Ann <ann@acme.example>, bob@acme.example
                        Cc: "Law, Firm" <law@x.example>
                        Reply-To: answers@x.example
                        Subject: =?utf-8?b?R3LDvMOfZQ==?=
                         and more
                        Message-ID: <1@x.example>
                        Received: from a
                        Received: from b
                        X-Custom:  yes
                        Content-Type: multipart/mixed; boundary=m

                        --m
                        Content-Type: multipart/related; boundary=r

                        --r
                        Content-Type: multipart/alternative; boundary=a

                        --a
                        Content-Type: text/plain; charset=iso-8859-1
                        Content-Transfer-Encoding: quoted-printable

                        Gr=FC=DFe
                        --a
                        Content-Type: text/html; charset=utf-8
                        Content-Transfer-Encoding: base64

                        PHA+R3LDvMOfZTwvcD4=
                        --a--
                        --r
                        Content-Type: image/png; name=logo.png
                        Content-ID: <logo@x>
                        Content-Transfer-Encoding: base64

                        AQID
                        --r--
                        --m
                        Content-Type: application/pdf
                        Content-Disposition: attachment; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf

                        pdf
                        --m
                        Content-Type: message/rfc822

                        Subject: inner

                        hello
                        --m--
                        """);
        assertEquals("Jürgen <j@x.example>", mail.from());
        assertEquals(List.of("Ann <ann@acme.example>", "bob@acme.example"), mail.to());
        assertEquals(List.of("\"Law, Firm\" <law@x.example>"), mail.cc());
        assertEquals(List.of(), mail.bcc());
        assertEquals(List.of("answers@x.example"), mail.replyTo());
        assertEquals("Grüße and more", mail.subject());
        assertEquals("<1@x.example>", mail.messageId());
        assertEquals("from a\nfrom b", mail.headers().get("received"));
        assertEquals("yes", mail.headers().get("x-custom"));
        assertEquals("Grüße", mail.text());
        assertEquals("<p>Grüße</p>", mail.html());
        assertEquals(
                List.of(
                        "logo.png image/png logo@x inline 010203",
                        "Résumé.pdf application/pdf null attachment 706466",
                        "null message/rfc822 null attachment "
                                + hex(
                                        "Subject: inner\r\n\r\nhello"
                                                .getBytes(StandardCharsets.UTF_8))),
                files(mail));
    }

    @Test
    void whatIsMissingOrBrokenIsMadeTheBestOf() {
        var empty = MessageReader.read(new byte[0]);
        assertNull(empty.from());
        assertEquals("", empty.subject());
        assertEquals("", empty.messageId());

        var bare = read("From: Ann <ann@@x\nTo: undisclosed-recipients:;\nSubject: x\n\nhello");
        assertEquals("Ann <ann@@x", bare.from());
        assertEquals("hello", bare.text());

        var noBoundary = read("Content-Type: multipart/mixed\n\njust text");
        assertEquals("just text", noBoundary.text());

        var cut =
                read(
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n"
                                + "Content-Type: application/x; name=\"../../etc/passwd\"\n"
                                + "Content-Transfer-Encoding: base64\n\nAQ!ID\n");
        assertEquals("first", cut.text());
        assertEquals(List.of("passwd application/x null attachment 010203"), files(cut));

        assertEquals("é", latin("Content-Type: text/plain\n\n\u00e9").text());
        assertEquals(
                "é", latin("Content-Type: text/plain; charset=us-ascii\n\n\u00c3\u00a9").text());
        assertEquals("é", latin("Content-Type: text/plain; charset=x-none\n\n\u00e9").text());
        assertEquals("é", latin("Subject: \u00c3\u00a9\n\n").subject());
        assertEquals("a\ufffdb", latin("Subject: a\u0000b\n\n").subject());
        assertEquals("x", read("Content-Transfer-Encoding: none\n\nx").text());
    }

    @Test
    void aTextWithANameIsAFile() {
        var mail =
                read(
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n"
                                + "Content-Type: text/plain; name=notes.txt\n\ntwo\n--b\n"
                                + "Content-Disposition: attachment\n\nthree\n--b\n\nfour\n--b--\n");
        assertEquals("one\nfour", mail.text());
        assertEquals(
                List.of(
                        "notes.txt text/plain null attachment 74776f",
                        "null text/plain null attachment 7468726565"),
                files(mail));
    }

    @Test
    void tooMuchOfAnythingIsCut() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    String many =
                            "Content-Type: multipart/mixed; boundary=b\n\n"
                                    + "--b\n\nx\n".repeat(500_000);
                    assertEquals(MessageReader.MAX_PARTS * 2 - 1, read(many).text().length());

                    String fields = "A:\n".repeat(1_000_000) + "Subject: late\n\nbody";
                    var tall = read(fields);
                    assertEquals("", tall.subject());
                    assertEquals("body", tall.text());
                    String part =
                            "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                    + "A:\n".repeat(1_000_000)
                                    + "\nx\n--b\n\ny\n--b--\n";
                    var odd = read(part);
                    assertEquals("y", odd.text());
                    assertEquals("application/octet-stream", odd.files().getFirst().contentType());

                    var deep = new StringBuilder();
                    for (int i = 0; i < 5_000; i++) {
                        deep.append(
                                "Content-Type: multipart/mixed; boundary=b"
                                        + i
                                        + "\n\n--b"
                                        + i
                                        + "\n");
                    }
                    assertEquals(1, read(deep + "\nx").files().size());

                    var addresses = read("To: " + "a@x.example,".repeat(15_000) + "\n\nx");
                    assertEquals(500, addresses.to().size());
                    read("Subject: " + "=?utf-8?q?a?= ".repeat(15_000) + "\n\n");
                    read("Content-Type: text/plain" + "; a*0=b".repeat(20_000) + "\n\n");
                    read("From: " + "(".repeat(200_000) + "\n\n");
                    read("From: " + "\"<".repeat(100_000) + "\n\n");
                });
    }

    @Test
    void noOctetsMakeItFail() throws IOException {
        var random = new Random(11);
        byte[] seed =
                ("From: a@x.example\nTo: b@x.example\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n"
                                + "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+\n"
                                + "--b\nContent-Disposition: inline; filename*0*=utf-8''a; filename*1=b\n"
                                + "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n#86)C\n`\nend\n--b--\n")
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = seed.clone();
            for (int n = random.nextInt(1, 12); n > 0; n--) {
                octets[random.nextInt(octets.length)] =
                        (byte) "\n\r:;=\"-b*'\0\u00ff( <".charAt(random.nextInt(15));
            }
            MessageReader.read(Arrays.copyOf(octets, random.nextInt(octets.length + 1)));
        }
    }

    @Test
    void theMessagesOfOthersAreRead() throws IOException {
        String corpora = System.getenv("MAILGOAT_CORPORA");
        assumeTrue(corpora != null, "MAILGOAT_CORPORA is not set: no torture messages");
        var messages = new ArrayList<Path>();
        for (String set :
                List.of(
                        "mime-mime4j",
                        "dsn-arf-sisimai",
                        "arf-dmarc-tlsrpt-stalwart",
                        "dkim-arc-perl")) {
            try (var files = Files.walk(Path.of(corpora, set))) {
                files.filter(Files::isRegularFile).forEach(messages::add);
            }
        }
        assertTrue(messages.size() > 700, "" + messages.size());
        int understood = 0;
        for (var message : messages) {
            var read = MessageReader.read(Files.readAllBytes(message));
            boolean isMail = message.toString().matches(".*(\\.msg|\\.eml|maildir/bsd/.*)");
            if (isMail
                    && read.from() != null
                    && (read.text() != null || read.html() != null || !read.files().isEmpty())) {
                understood++;
            }
        }
        assertTrue(understood > 380, "" + understood);
    }

    /// Lines of `text` end in CRLF.
    private static ReadMessage read(String text) {
        return MessageReader.read(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static ReadMessage latin(String text) {
        return MessageReader.read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> files(ReadMessage mail) {
        return mail.files().stream()
                .map(f ->
                        f.filename()
                                + " "
                                + f.contentType()
                                + " "
                                + f.contentId()
                                + (f.inline() ? " inline " : " attachment ")
                                + hex(f.content()))
                .toList();
    }

    private static String hex(byte[] octets) {
        return java.util.HexFormat.of().formatHex(octets);
    }
}
