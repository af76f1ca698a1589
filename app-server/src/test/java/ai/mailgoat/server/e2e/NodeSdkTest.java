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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Resend's own client for Node, unchanged, drives the service by every method there is a route
/// for. What it is told, `client.mjs` asserts; what arrives at the MX host, this.
class NodeSdkTest {
    private static final Path SCRIPTS =
            Files.isDirectory(Path.of("src/test/node"))
                    ? Path.of("src/test/node")
                    : Path.of("app-server/src/test/node");

    @Test
    void everyMethodOfTheNodeClientWorks(@TempDir Path data) throws Exception {
        assumeTrue(nodeRuns(), "there is no node: the Node client was not tested");
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/resend")),
                "npm ci was not run in app-server/src/test/node: the Node client was not tested");
        try (var sink = new SmtpSink(true);
                var installation =
                        Installation.start(
                                data,
                                sink.port(),
                                Map.of("MAILGOAT_OUTBOUND__ALLOW_PRIVATE", "127.0.0.0/8"))) {
            TestZone.receives(installation.dns(), "inbox.example");
            var builder = new ProcessBuilder("node", "client.mjs").directory(SCRIPTS.toFile());
            builder.environment().put("RESEND_API_KEY", installation.key());
            builder.environment().put("RESEND_BASE_URL", installation.service().url().toString());
            builder.redirectErrorStream(true);
            var node = builder.start();
            String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(node.waitFor(120, TimeUnit.SECONDS), "client.mjs does not end");
            assertEquals(0, node.exitValue(), out);
            var summary =
                    Json.tree(out.lines().toList().getLast().getBytes(StandardCharsets.UTF_8));
            assertEquals(10, summary.get("emails").intValue(), out);
            assertEquals(6, summary.get("domains").intValue(), out);
            assertEquals(4, summary.get("apiKeys").intValue(), out);
            int webhooks = summary.get("webhooks").intValue();
            assertTrue(webhooks == 6 || webhooks == 0, out);

            String full = summary.get("full").stringValue();
            installation.awaitEvent(full, "delivered");
            var mail =
                    sink.received().stream()
                            .filter(m -> m.messageId().startsWith(full))
                            .findFirst()
                            .orElseThrow();
            assertEquals(4, mail.forwardPaths().size());
            checkFullMail(mail.message());
        }
    }

    // The octets of each attachment, in Base64 as they travel.
    private static void checkFullMail(String message) {
        assertTrue(message.contains("Reply-To: reply@sender.example, Two <two@sender.example>"));
        assertTrue(message.contains("X-Entity-Ref-ID: 42"), message);
        assertTrue(message.contains("Cc: "), message);
        assertTrue(!message.contains("hidden@inbox.example"), "blind copies stay blind");
        assertTrue(message.contains("AAH+/w=="), "the Buffer 00 01 fe ff: " + message);
        assertTrue(message.contains("QmFzZTY0IGdvYXQ="), "the Base64 text: " + message);
        assertTrue(message.contains("RmV0Y2hlZCBnb2F0"), "the fetched file: " + message);
        assertTrue(message.contains("Content-ID: <logo>"), message);
        assertTrue(message.contains("multipart/related"), message);
    }

    private static boolean nodeRuns() throws InterruptedException {
        try {
            var node =
                    new ProcessBuilder("node", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return node.waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
