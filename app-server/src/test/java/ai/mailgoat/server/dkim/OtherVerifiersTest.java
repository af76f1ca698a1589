package ai.mailgoat.server.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.server.dkim.DkimKeys.GeneratedKey;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What others make of our signatures: dkimpy (RSA and Ed25519) and OpenDKIM, where installed.
class OtherVerifiersTest {
    /// Prints one line per message: its name and the verdict on each signature.
    private static final String DKIMPY =
            """
            import dkim, os, sys
            keys = {sys.argv[2].encode(): sys.argv[3].encode(), sys.argv[4].encode(): sys.argv[5].encode()}
            def txt(name, timeout=5):
                return keys.get(name.rstrip(b'.'))
            for name in sorted(os.listdir(sys.argv[1])):
                message = open(os.path.join(sys.argv[1], name), 'rb').read()
                verdicts = []
                for i in (0, 1):
                    try:
                        verdicts.append(str(dkim.DKIM(message).verify(i, dnsfunc=txt)))
                    except dkim.DKIMException as e:
                        verdicts.append(type(e).__name__)
                print(name, *verdicts)
            """;

    @TempDir Path directory;
    private final List<Path> untouched = new ArrayList<>();
    private final List<Path> added = new ArrayList<>();

    @BeforeEach
    void signTwoHundredMessages() throws IOException {
        var random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(8463);
        var names = List.of("From", "Subject", "To");
        for (int i = 0; i < 200; i++) {
            // Others look at the real clock for x=.
            byte[] signed = Keys.signed(Keys.octets(RandomMessages.next(random)), Instant.now());
            var more = names.get(i % 3) + ": eve@example.com\r\n" + Keys.text(signed);
            var name = "%03d".formatted(i);
            untouched.add(Files.write(directory.resolve(name + "-untouched"), signed));
            added.add(Files.write(directory.resolve(name + "-added"), Keys.octets(more)));
        }
    }

    @Test
    void dkimpyPassesAllMessagesAndNoneWithAFieldAdded() throws Exception {
        var python = "/usr/bin/python3";
        assumeTrue(
                isThere(python) && run(python, "-c", "import dkim, nacl").ok(),
                "python3-dkim and python3-nacl are not installed: not verified by dkimpy");
        var run =
                run(
                        python,
                        "-c",
                        DKIMPY,
                        directory.toString(),
                        Keys.RSA.recordName(),
                        Keys.RSA_PAIR.recordValue(),
                        Keys.ED.recordName(),
                        Keys.ED_PAIR.recordValue());
        assertTrue(run.ok(), run.output());
        assertEquals(200, run.count("-untouched True True\n"), run.output());
        assertEquals(200, run.count("-added False False\n"), run.output());
    }

    @Test
    void openDkimPassesAllMessagesAndNoneWithAFieldAdded() throws Exception {
        var program = "/usr/sbin/opendkim";
        assumeTrue(isThere(program), "opendkim is not installed: not verified by OpenDKIM");
        var keys = directory.resolve("keys");
        Files.writeString(keys, line(Keys.RSA, Keys.RSA_PAIR) + line(Keys.ED, Keys.ED_PAIR));
        var conf = directory.resolve("conf");
        Files.writeString(conf, "Mode v\nTestPublicKeys " + keys + "\n");
        var good = run(program, "-vv", "-x", conf.toString(), "-t", joined(untouched));
        assertEquals(400, good.count("dkim=pass "), good.output());
        assertEquals(0, good.count("dkim=fail "), good.output());
        var bad = run(program, "-vv", "-x", conf.toString(), "-t", joined(added));
        assertEquals(0, bad.count("dkim=pass "), bad.output());
        assertEquals(400, bad.count("dkim=fail "), bad.output());
    }

    private static String line(DkimKey key, GeneratedKey pair) {
        return key.recordName() + " " + pair.recordValue() + "\n";
    }

    private static String joined(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(","));
    }

    private static boolean isThere(String program) {
        return Files.isExecutable(Path.of(program));
    }

    private record Run(boolean ok, String output) {
        int count(String text) {
            return output.split(Pattern.quote(text), -1).length - 1;
        }
    }

    /// Standard output only: the two streams together break lines apart.
    private static Run run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Run(process.exitValue() == 0, output);
    }
}
