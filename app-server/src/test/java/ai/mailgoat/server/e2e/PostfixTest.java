package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Mail to a real Postfix, over TLS with a certificate that nobody signed, as most MX hosts have
/// one; what it stored is compared and its signatures are verified by dkimpy.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostfixTest {
    /// Verifies each signature of the message at argument 1 with the keys in the file at argument
    /// 2, a name and a value a line.
    private static final String DKIMPY =
            """
            import dkim, sys
            keys = dict(line.rstrip().split(b' ', 1) for line in open(sys.argv[2], 'rb'))
            message = open(sys.argv[1], 'rb').read()
            for i in range(message.lower().count(b'\\ndkim-signature:')):
                print(dkim.DKIM(message).verify(i, dnsfunc=lambda n, timeout=5: keys.get(n.rstrip(b'.'))))
            """;

    private Postfix postfix;
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        assumeTrue(
                Postfix.isHere(),
                "Postfix is not installed, or this is not root: not tested beside Postfix");
        postfix = Postfix.start("post.example");
        installation = Installation.start(data, postfix.port(), Map.of());
        TestZone.receives(installation.dns(), "post.example");
    }

    @AfterAll
    void stop() throws Exception {
        if (installation != null) {
            installation.close();
        }
        if (postfix != null) {
            postfix.close();
        }
    }

    @Test
    void aMailIsStoredUnchangedAndBothSignaturesHold(@TempDir Path scratch) throws Exception {
        String id =
                installation.send(
                        Map.of(
                                "from",
                                "Grüße <hello@sender.example>",
                                "to",
                                "Ödön <herd@post.example>",
                                "subject",
                                "Täglich 🐐",
                                "html",
                                "<p>Hello</p>\n.\n..dots\nFrom the start\n" + "ä".repeat(999),
                                "text",
                                ".\n..\nFrom here\n\ttab \n\n" + "x".repeat(1_500) + "\n.",
                                "attachments",
                                List.of(Map.of("filename", "Größe.bin", "content", octets()))));
        installation.awaitEvent(id, "delivered");
        Service.await("stored", Duration.ofSeconds(10), () -> stored("herd").size() == 1);
        byte[] stored = crlf(stored("herd").getFirst());
        byte[] raw =
                installation
                        .service()
                        .admin("/v1/emails/" + id + "/raw")
                        .get("raw")
                        .stringValue()
                        .getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(body(raw), body(stored));

        // Postfix puts its own fields on top and takes Return-Path for itself.
        var message = Files.write(scratch.resolve("message"), stored);
        var records =
                installation
                        .domain()
                        .get("records")
                        .valueStream()
                        .filter(r -> r.get("record").stringValue().equals("DKIM"))
                        .map(r -> r.get("fqdn").stringValue() + " " + r.get("value").stringValue())
                        .toList();
        assertEquals(2, records.size());
        var keys = Files.write(scratch.resolve("keys"), records);
        assertTrue(
                new String(stored, StandardCharsets.UTF_8).contains("using TLSv1.3 with cipher"),
                "Postfix says it came over TLS");

        var attempt = installation.timeline(id).get("attempts").get(0);
        assertEquals("mx.post.example", attempt.get("mx_host").stringValue());
        assertTrue(
                attempt.get("tls").stringValue().matches("TLSv1[.]3 TLS_[A-Z0-9_]+"),
                attempt.toString());
        assertEquals(250, attempt.get("code").intValue());
        assumeTrue(dkimpyIsHere(), "python3-dkim and python3-nacl are not installed");
        assertEquals("True\nTrue\n", python(DKIMPY, message.toString(), keys.toString()));
    }

    @Test
    void anUnknownMailboxBounces() throws Exception {
        String id =
                installation.send(
                        Map.of(
                                "from", "a@sender.example",
                                "to", "nobody@post.example",
                                "subject", "hello",
                                "text", "x"));
        installation.awaitEvent(id, "bounced");
        var attempts = installation.timeline(id).get("attempts");
        assertEquals(1, attempts.size());
        assertEquals(550, attempts.get(0).get("code").intValue());
        assertEquals("5.1.1", attempts.get(0).get("enhanced").stringValue());
        assertTrue(
                attempts.get(0).get("reason").stringValue().contains("User unknown"),
                attempts.toString());
    }

    @Test
    void aBurstArrivesWhole() throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            ids.add(
                    installation.send(
                            Map.of(
                                    "from",
                                    "a@sender.example",
                                    "to",
                                    "goat@post.example",
                                    "subject",
                                    "burst " + i,
                                    "text",
                                    "Mail " + i)));
        }
        ids.forEach(id -> installation.awaitEvent(id, "delivered"));
        Service.await("stored", Duration.ofSeconds(20), () -> stored("goat").size() >= 20);
        var subjects =
                stored("goat").stream()
                        .map(m -> new String(m, StandardCharsets.UTF_8))
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("Subject: burst"))
                        .collect(Collectors.toSet());
        assertEquals(
                IntStream.range(0, 20)
                        .mapToObj(i -> "Subject: burst " + i)
                        .collect(Collectors.toSet()),
                subjects);
        assertEquals(20, stored("goat").size(), "none twice");
    }

    private List<byte[]> stored(String mailbox) {
        try {
            return postfix.mails(mailbox);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int[] octets() {
        return IntStream.range(0, 3_000).map(i -> i % 256).toArray();
    }

    private static byte[] crlf(byte[] stored) {
        var text = new String(stored, StandardCharsets.ISO_8859_1);
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(byte[] message) {
        var text = new String(message, StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf("\r\n\r\n")).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean dkimpyIsHere() throws Exception {
        return Files.isExecutable(Path.of("/usr/bin/python3"))
                && python("import dkim, nacl; print('here')").equals("here\n");
    }

    private static String python(String program, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("/usr/bin/python3", "-c", program));
        command.addAll(List.of(arguments));
        var python = new ProcessBuilder(command).redirectErrorStream(true).start();
        python.getOutputStream().close();
        var output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(python.waitFor(60, TimeUnit.SECONDS));
        return output;
    }
}
