package ai.mailgoat.server.dkim;

import static ai.mailgoat.server.dkim.DkimResult.Status.FAIL;
import static ai.mailgoat.server.dkim.DkimResult.Status.NEUTRAL;
import static ai.mailgoat.server.dkim.DkimResult.Status.PASS;
import static ai.mailgoat.server.dkim.DkimResult.Status.PERMERROR;
import static ai.mailgoat.server.dkim.DkimResult.Status.TEMPERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.server.dkim.DkimResult.Status;
import ai.mailgoat.server.dkim.DkimVerifier.Rules;
import ai.mailgoat.server.dns.DnsAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The messages of Mail::DKIM's test suite and the outcomes its authors expect. Most are signed
/// with rsa-sha1 and 512 bits by drafts of RFC 4871, so they are judged twice: by the rules of
/// their time, which shows that the parsing and canonicalization are right, and by today's.
class CorpusTest {
    private static final Rules THEN = new Rules(true, true, 512);
    private static final Instant THEN_NOW = Instant.parse("2007-01-01T00:00:00Z");

    /// Where the file's name does not say it all.
    private static final Map<String, List<Status>> EXPECTED_THEN =
            Map.ofEntries(
                    // No bh=: draft 00, which Mail::DKIM's own test skips too.
                    Map.entry("good_ietf00_1.txt", List.of(NEUTRAL)),
                    Map.entry("good_ietf00_2.txt", List.of(NEUTRAL)),
                    Map.entry("good_ietf00_3.txt", List.of(NEUTRAL)),
                    Map.entry("good_ietf00_4.txt", List.of(NEUTRAL)),
                    Map.entry("good_ietf00_5.txt", List.of(NEUTRAL)),
                    // Only the key's g= does not match, which RFC 6376 (appendix C) took out.
                    Map.entry("badkey_8.txt", List.of(PASS)),
                    Map.entry("badkey_9.txt", List.of(PASS)),
                    Map.entry("badkey_12.txt", List.of(PASS)),
                    Map.entry("badkey_13.txt", List.of(PASS)),
                    // The DNS gave no answer.
                    Map.entry("badkey_14.txt", List.of(TEMPERROR)),
                    Map.entry("badkey_15.txt", List.of(TEMPERROR)),
                    // The key's s= and the like are in order, but the message was altered.
                    Map.entry("badkey1_ed25519.txt", List.of(FAIL)),
                    Map.entry("badkey2_ed25519.txt", List.of(FAIL)),
                    Map.entry("badkey3_ed25519.txt", List.of(FAIL)),
                    // Expired, but not yet then.
                    Map.entry("ignore_7.txt", List.of(PASS)),
                    Map.entry("multiple_1.txt", List.of(FAIL, PASS, NEUTRAL, FAIL)),
                    Map.entry("multiple_2.txt", List.of(NEUTRAL, PASS, FAIL, NEUTRAL)));

    private final KeyServer dns = new KeyServer();
    private List<Path> files = List.of();

    @BeforeEach
    void load() throws IOException {
        var corpora = System.getenv("MAILGOAT_CORPORA");
        assumeTrue(corpora != null, "MAILGOAT_CORPORA is not set: no DKIM corpus");
        var base = Path.of(corpora, "dkim-arc-perl", "t");
        assumeTrue(Files.isDirectory(base), base + " is missing: no DKIM corpus");
        for (var line : Files.readAllLines(base.resolve("FAKE_DNS.dat"))) {
            var entry = line.split("\\s+", 2);
            if (line.isBlank() || line.startsWith("#") || entry[1].equals("NXDOMAIN")) {
                continue;
            }
            dns.add(
                    entry[0],
                    entry[1].startsWith("~~")
                            ? new DnsAnswer.Failed<>(entry[1])
                            : new DnsAnswer.Found<>(List.of(entry[1].replace("\"\"", ""))));
        }
        try (var all = Files.list(base.resolve("corpus"))) {
            // dk: DomainKeys (RFC 4870), which DKIM replaced.
            files = all.filter(f -> !f.getFileName().toString().contains("dk_")).sorted().toList();
        }
        assertTrue(files.size() > 50);
    }

    @Test
    void theRulesOfTheirTimeGiveTheOutcomesOfMailDkim() throws IOException {
        var wrong = new ArrayList<String>();
        for (var file : files) {
            var name = file.getFileName().toString();
            var results = new DkimVerifier(THEN).verify(read(file), dns, THEN_NOW);
            var statuses = results.stream().map(DkimResult::status).toList();
            if (!statuses.equals(EXPECTED_THEN.getOrDefault(name, List.of(byName(name))))) {
                wrong.add(name + " " + results);
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// RFC 8301 fails rsa-sha1 and short keys, RFC 6376 knows no draft versions; only the one
    /// signature made since is left.
    @Test
    void todaysRulesPassOnlyWhatIsStrong() throws IOException {
        var passed = new ArrayList<String>();
        for (var file : files) {
            for (var result : new DkimVerifier().verify(read(file), dns, THEN_NOW)) {
                if (result.status() == PASS) {
                    passed.add(file.getFileName().toString());
                } else if ("rsa-sha1".equals(result.algorithm())) {
                    assertTrue(List.of(FAIL, NEUTRAL).contains(result.status()), result.toString());
                }
            }
        }
        assertEquals(List.of("goodkey_ed25519.txt"), passed);
    }

    @Test
    void anExpiredSignatureFails() throws IOException {
        var file = files.stream().filter(f -> f.endsWith("ignore_7.txt")).findFirst().orElseThrow();
        var results =
                new DkimVerifier(THEN)
                        .verify(read(file), dns, Instant.ofEpochSecond(1_193_229_946));
        assertEquals(List.of(FAIL), results.stream().map(DkimResult::status).toList());
        assertTrue(results.getFirst().reason().contains("expired"));
    }

    private static Status byName(String name) {
        return switch (name.substring(0, name.indexOf('_'))) {
            case "bad" -> FAIL;
            case "ignore" -> NEUTRAL;
            case "good", "goodkey", "mine", "no" -> PASS;
            default -> PERMERROR; // badkey
        };
    }

    /// Some files have bare LF line ends.
    private static byte[] read(Path file) throws IOException {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return Keys.octets(text.replace("\r\n", "\n").replace("\n", "\r\n"));
    }
}
