package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// Runs the scripts of `src/test/node`.
final class NodeClients {
    /// The clients have files to fetch and endpoints for webhooks on this machine, and are not to
    /// meet the limit of the rate.
    static final Map<String, String> SETTINGS =
            Map.of(
                    "MAILGOAT_OUTBOUND__ALLOW_PRIVATE",
                    "127.0.0.0/8",
                    "MAILGOAT_LIMITS__RATE_PER_SECOND",
                    "1000");

    private static final Path SCRIPTS =
            Files.isDirectory(Path.of("src/test/node"))
                    ? Path.of("src/test/node")
                    : Path.of("app-server/src/test/node");

    private NodeClients() {}

    static void assumeInstalled(String packageName) throws InterruptedException {
        assumeTrue(nodeRuns(), "there is no node: " + packageName + " was not tested");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules").resolve(packageName)),
                "npm ci was not run in app-server/src/test/node: "
                        + packageName
                        + " was not tested");
    }

    /// Runs a script to its end through the proxy; it must succeed.
    ///
    /// @return the last line of its output, which is JSON
    static JsonNode run(String script, Installation installation, RecordingProxy proxy)
            throws IOException, InterruptedException {
        var service = installation.service();
        return run(
                script,
                Map.of(
                        "RESEND_API_KEY",
                        installation.key(),
                        "RESEND_BASE_URL",
                        proxy.url().toString(),
                        "MAILGOAT_ADMIN_URL",
                        service.adminUrl().toString(),
                        "MAILGOAT_ADMIN_TOKEN",
                        service.adminToken()));
    }

    /// Runs a script to its end; it must succeed.
    ///
    /// @param environment added to that of this process
    /// @return the last line of its output, which is JSON
    static JsonNode run(String script, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("mailgoat-node", ".out");
        try {
            var builder = new ProcessBuilder("node", script).directory(SCRIPTS.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("NO_COLOR", "1");
            builder.redirectErrorStream(true).redirectOutput(output.toFile());
            var node = builder.start();
            if (!node.waitFor(240, TimeUnit.SECONDS)) {
                node.destroyForcibly();
                throw new AssertionError(script + " does not end: " + Files.readString(output));
            }
            String out = Files.readString(output, StandardCharsets.UTF_8);
            assertEquals(0, node.exitValue(), out);
            var lines = out.lines().toList();
            assertTrue(!lines.isEmpty(), script + " says nothing");
            return Json.tree(lines.getLast().getBytes(StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    private static boolean nodeRuns() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
