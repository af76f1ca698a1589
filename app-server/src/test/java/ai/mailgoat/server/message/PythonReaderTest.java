package ai.mailgoat.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Composed messages read by a stranger: Python's `email` package under its strict modern policy.
class PythonReaderTest {
    private static final String READER =
            """
            import base64, email, sys
            from email import policy
            m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=policy.default)
            def out(key, value):
                print(key, base64.b64encode(value.encode('utf-8', 'surrogateescape')).decode())
            out('subject', str(m['subject']))
            for name in ('from', 'to', 'cc'):
                for a in (m[name].addresses if m[name] else ()):
                    out(name, a.display_name + '|' + a.addr_spec)
            out('custom', str(m['x-custom']))
            def walk(part):
                kind = part.get_content_type()
                if part.is_multipart():
                    return kind + '[' + ', '.join(walk(p) for p in part.iter_parts()) + ']'
                name = part.get_filename()
                if name:
                    out('file', name)
                    out('octets', part.get_payload(decode=True).hex())
                elif part.get_content_maintype() == 'text':
                    out('body', part.get_content())
                for name, value in part.items():
                    for d in getattr(value, 'defects', ()):
                        out('defect', name + ': ' + repr(d))
                for d in part.defects:
                    out('defect', repr(d))
                return kind
            out('tree', walk(m))
            for name, value in m.items():
                for d in getattr(value, 'defects', ()):
                    out('defect', name + ': ' + repr(d))
            """;

    @TempDir Path folder;

    @Test
    void pythonReadsEverythingAndFindsNoDefect() throws Exception {
        var draft = new Draft();
        draft.subject =
                "🐐 Grüße, שלום und \u010d\u560a in einem Betreff, der länger als eine Zeile ist";
        draft.from = Draft.mailboxes("\"Ziege, Die\" <goat@sender.example>").getFirst();
        draft.to = Draft.mailboxes("Jürgen Müller <j@reader.example>", "b@reader.example");
        draft.cc = Draft.mailboxes("شركة <c@例子.example>");
        draft.html = "<p>Grüße</p><img src='cid:logo'>";
        draft.text = "Grüße\nund mehr";
        draft.headers = List.of(new HeaderField("X-Custom", "plain then ümlaut then plain"));
        draft.attachments =
                List.of(
                        new Part("logo.png", "image/png", "logo", new byte[] {1, 2, 3}),
                        new Part("請求書🐐.pdf", "application/pdf", null, new byte[] {0, 13, 10}),
                        new Part("ü".repeat(100) + ".txt", "text/plain", null, new byte[] {10}));
        assertEquals(
                List.of(
                        "subject " + draft.subject,
                        "from Ziege, Die|goat@sender.example",
                        "to Jürgen Müller|j@reader.example",
                        "to |b@reader.example",
                        "cc شركة|c@xn--fsqu00a.example",
                        "custom plain then ümlaut then plain",
                        "body Grüße\nund mehr",
                        "body <p>Grüße</p><img src='cid:logo'>",
                        "file logo.png",
                        "octets 010203",
                        "file 請求書🐐.pdf",
                        "octets 000d0a",
                        "file " + "ü".repeat(100) + ".txt",
                        "octets 0a",
                        "tree multipart/mixed[multipart/alternative[text/plain, "
                                + "multipart/related[text/html, image/png]], "
                                + "application/pdf, text/plain]"),
                read(draft));
    }

    @Test
    void pythonReadsLongWordsAndManyRecipients() throws Exception {
        var draft = new Draft();
        draft.subject = "x".repeat(5_000) + " " + "ü".repeat(3_000);
        draft.to =
                java.util.stream.IntStream.range(0, 50)
                        .mapToObj(i -> "Näme " + i + " <n" + i + "@reader.example>")
                        .flatMap(text -> Draft.mailboxes(text).stream())
                        .toList();
        draft.headers = List.of(new HeaderField("X-Custom", "word ".repeat(500).strip()));
        List<String> read = read(draft);
        assertEquals("subject " + draft.subject, read.getFirst());
        assertEquals(50, read.stream().filter(line -> line.startsWith("to Näme ")).count());
        assertEquals("custom " + draft.headers.getFirst().value(), read.get(52));
        assertEquals(0, read.stream().filter(line -> line.startsWith("defect")).count());
    }

    private List<String> read(Draft draft) throws IOException, InterruptedException {
        Path mail = Files.write(folder.resolve("mail.eml"), draft.composed().bytes());
        Path script = Files.writeString(folder.resolve("read.py"), READER);
        Path output = folder.resolve("output");
        Process process;
        try {
            process =
                    new ProcessBuilder("python3", script.toString(), mail.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
        } catch (IOException e) {
            Assumptions.abort("skipped: there is no python3 to read the mail with");
            throw e;
        }
        Assumptions.assumeTrue(process.waitFor(60, TimeUnit.SECONDS), "skipped: python3 hangs");
        assertEquals(0, process.exitValue(), Files.readString(output));
        return Files.readAllLines(output).stream().map(PythonReaderTest::decoded).toList();
    }

    private static String decoded(String line) {
        int blank = line.indexOf(' ');
        var text = new String(Base64.getDecoder().decode(line.substring(blank + 1)), UTF_8);
        return line.substring(0, blank) + " " + text.replace("\r\n", "\n").stripTrailing();
    }
}
