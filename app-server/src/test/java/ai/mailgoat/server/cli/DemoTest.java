package ai.mailgoat.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program's first minute, as a user has it: a process, no configuration.
class DemoTest {

    @Test
    void theDemoShowsAMailSignedTwiceAndDeliveredAndCleansUp(@TempDir Path dir) throws Exception {
        var process = start(dir, "demo", "--once");
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), out);
        assertEquals(
                2,
                out.lines().filter(line -> line.strip().startsWith("DKIM-Signature:")).count(),
                out);
        assertTrue(out.contains("email.delivered"), out);
        assertTrue(out.contains("curl http://"), out);
        assertNothingLeft(dir);
    }

    @Test
    void controlCEndsTheDemoWithZeroAndRemovesItsData(@TempDir Path dir) throws Exception {
        var process = start(dir, "demo");
        var lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.startsWith("Serving.")) {
            line = lines.readLine();
        }
        assertTrue(line != null, "the demo ended by itself");
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still there after 30 s");
        assertEquals(0, process.exitValue());
        assertNothingLeft(dir);
    }

    private static Process start(Path temporary, String... words) throws Exception {
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "ai.mailgoat.server.Main"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MAILGOAT_"));
        return builder.start();
    }

    private static void assertNothingLeft(Path dir) throws Exception {
        try (var files = Files.list(dir)) {
            assertFalse(
                    files.anyMatch(file -> file.getFileName().toString().startsWith("mailgoat-")));
        }
    }
}
