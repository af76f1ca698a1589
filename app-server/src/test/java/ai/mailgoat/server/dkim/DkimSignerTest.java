package ai.mailgoat.server.dkim;

import static ai.mailgoat.server.dkim.Keys.ED;
import static ai.mailgoat.server.dkim.Keys.NOW;
import static ai.mailgoat.server.dkim.Keys.RSA;
import static ai.mailgoat.server.dkim.Keys.octets;
import static ai.mailgoat.server.dkim.Keys.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.dkim.DkimResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSignerTest {
    private static final String MESSAGE =
            """
            From: Ann <ann@example.org>
            To: bob@example.net
            Subject: One  two
            \tthree
            Feedback-ID: 1:2
            X-Other: not signed

            Hello,  Bob \t

            Ann

            """
                    .replace("\n", "\r\n");

    @Test
    void ownSignaturesPassTheOwnVerifier() {
        assertEquals(List.of(Status.PASS, Status.PASS), statuses(signed(MESSAGE)));
    }

    @Test
    void everyRandomMessagePasses() {
        var random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(6376);
        for (int i = 0; i < 200; i++) {
            var message = RandomMessages.next(random);
            var results = new DkimVerifier().verify(Keys.signed(octets(message)), Keys.dns(), NOW);
            assertTrue(
                    results.size() == 2
                            && results.stream().allMatch(r -> r.status() == Status.PASS),
                    () -> results + "\n" + message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: a@b.org\r\n\r\n",
                "From: a@b.org\r\n",
                "From: a@b.org\r\n\r\n\r\n\r\n",
                "From: a@b.org\r\n\r\n  \t\r\n",
                "From: a@b.org\r\n\r\nno line end",
                "From: a@b.org\r\n\r\ntrailing blanks  \r\n\r\n \r\n",
                "From: a@b.org\r\n\r\nbare\rCR and bare\nLF\r\n",
                "From: a@b.org\r\n\r\nends in CR\r",
                "From: a@b.org\r\nSubject:\r\n\r\nempty subject\r\n",
                "From: a@b.org\r\nSubject:\r\n \r\n\t\r\n\r\nblank subject\r\n",
                "From : a@b.org\r\nSUBJECT\t:x\r\n\r\nblank before colon\r\n",
                "From: a@b.org\r\nSubject: \u00fc\u00ff\u0080\r\n\r\n8-bit \u00ff\u0000\r\n",
            })
    void oddMessagesPass(String message) {
        byte[] octets = octets(message);
        int end = message.contains("\r\n\r\n") ? message.indexOf("\r\n\r\n") + 2 : octets.length;
        var fields = new DkimSigner().sign(octets, end, List.of(RSA, ED), NOW);
        assertEquals(List.of(Status.PASS, Status.PASS), statuses(text(fields) + message));
    }

    @Test
    void theHeaderLengthMayCountTheEmptyLine() {
        byte[] octets = octets(MESSAGE);
        int end = MESSAGE.indexOf("\r\n\r\n") + 2;
        assertEquals(
                text(new DkimSigner().sign(octets, end, List.of(RSA), NOW)),
                text(new DkimSigner().sign(octets, end + 2, List.of(RSA), NOW)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DkimSigner().sign(octets, end - 1, List.of(RSA), NOW));
    }

    @Test
    void theFieldIsFoldedAndSaysWhatItMust() {
        var field =
                text(
                        new DkimSigner()
                                .sign(
                                        octets(MESSAGE),
                                        MESSAGE.indexOf("\r\n\r\n") + 2,
                                        List.of(RSA),
                                        NOW));
        assertTrue(field.endsWith("\r\n"));
        assertTrue(field.startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n\t"));
        for (var line : field.split("\r\n")) {
            assertTrue(line.length() <= 78, line);
        }
        long t = NOW.getEpochSecond();
        assertTrue(field.contains("t=" + t + "; x=" + (t + 7 * 86_400) + ";"), field);
        assertTrue(field.contains("h=From:From:To:To:Cc:Subject:Subject:Date:"), field);
        assertTrue(field.contains(":Feedback-ID;"), field);
        assertFalse(field.contains(" l=") || field.contains("\tl=") || field.contains("i="), field);
        assertFalse(field.contains("X-Other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "To",
                "Cc",
                "Subject",
                "Date",
                "Reply-To",
                "Sender",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "In-Reply-To",
                "References",
                "List-Unsubscribe",
                "List-Unsubscribe-Post"
            })
    void aFieldAddedAfterwardsBreaksTheSignatures(String name) {
        var signed = signed(MESSAGE);
        var added = name + ": <eve@example.com>\r\n";
        assertEquals(List.of(Status.FAIL, Status.FAIL), statuses(added + signed));
        var end = signed.indexOf("\r\n\r\n") + 2;
        var below = signed.substring(0, end) + added + signed.substring(end);
        assertEquals(List.of(Status.FAIL, Status.FAIL), statuses(below));
    }

    @Test
    void changesOnTheWayAreSeen() {
        var signed = signed(MESSAGE);
        assertEquals(
                List.of(Status.FAIL, Status.FAIL), statuses(signed.replace("One  two", "One too")));
        assertEquals(List.of(Status.FAIL, Status.FAIL), statuses(signed.replace("Bob", "Rob")));
        assertEquals(List.of(Status.FAIL, Status.FAIL), statuses(signed + "P.S.\r\n"));
        assertEquals(
                List.of(Status.PASS, Status.PASS),
                statuses(signed.replace("One  two", "One\t two").replace("X-Other: not", "X: ")));
    }

    @Test
    void aSignatureLastsSevenDays() {
        var signed = octets(signed(MESSAGE));
        var soon = NOW.plus(Duration.ofDays(7)).minusSeconds(1);
        assertEquals(
                Status.PASS, new DkimVerifier().verify(signed, Keys.dns(), soon).get(0).status());
        var late = new DkimVerifier().verify(signed, Keys.dns(), soon.plusSeconds(1)).get(0);
        assertEquals(Status.FAIL, late.status());
        assertTrue(late.reason().contains("expired"));
    }

    @Test
    void bodiesMadeToBeSlowAreSignedInNoTime() {
        var bodies =
                List.of(
                        " ".repeat(8_000_000) + "x",
                        "\r\n".repeat(4_000_000) + "x",
                        " \r\n".repeat(3_000_000),
                        "\r".repeat(8_000_000),
                        "a ".repeat(4_000_000));
        for (var body : bodies) {
            var message = octets("From: a@example.org\r\n\r\n" + body);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5),
                    () -> new DkimSigner().sign(message, 21, List.of(RSA), NOW));
        }
        var header =
                octets(
                        "From: a@example.org\r\n"
                                + "Subject:"
                                + " ".repeat(2_000_000)
                                + "x\r\n"
                                + "A".repeat(2_000_000)
                                + "\r\n"
                                + "To: b\r\n".repeat(10_000)
                                + "\r\n");
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> new DkimSigner().sign(header, header.length, List.of(RSA), NOW));
    }

    @Test
    void manyThreadsSignWithTheSameKeys() throws Exception {
        var calls = new ArrayList<Callable<String>>();
        for (int i = 0; i < 200; i++) {
            var message = MESSAGE.replace("Hello", "Hello " + i);
            calls.add(() -> signed(message));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var signed : threads.invokeAll(calls)) {
                assertEquals(List.of(Status.PASS, Status.PASS), statuses(signed.get()));
            }
        }
    }

    @Test
    void bothRsaEnginesSignAlike() {
        var jdk =
                DkimKeys.load(
                        Keys.DOMAIN,
                        "rsa1",
                        Algorithm.RSA_SHA256,
                        Keys.RSA_PAIR.privateKey(),
                        RsaEngine.JDK);
        var data = octets("some data");
        assertEquals(text(jdk.sign(data)), text(RSA.sign(data)));
    }

    @Test
    void privateKeysStayOutOfToString() {
        assertEquals("DkimKey[ed1._domainkey.example.org, ed25519-sha256]", ED.toString());
        assertFalse(Keys.RSA_PAIR.toString().contains("privateKey"));
    }

    @Test
    void badKeysAndSelectorsAreRefused() {
        byte[] seed = Keys.ED_PAIR.privateKey();
        for (var selector : List.of("", ".", "a.", "-a", "a b", "a;d=evil", "x".repeat(64))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> DkimKeys.load(Keys.DOMAIN, selector, Algorithm.ED25519_SHA256, seed));
        }
        for (var algorithm : Algorithm.values()) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> DkimKeys.load(Keys.DOMAIN, "a", algorithm, new byte[31]));
        }
    }

    private static String signed(String message) {
        return text(Keys.signed(octets(message)));
    }

    private static List<Status> statuses(String message) {
        return new DkimVerifier()
                .verify(octets(message), Keys.dns(), NOW).stream().map(DkimResult::status).toList();
    }
}
