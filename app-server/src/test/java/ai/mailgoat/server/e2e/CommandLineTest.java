package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Resend's own command line, unchanged: every command there is a route for. It carries an older
/// Node client inside, which sends attachments in another form.
class CommandLineTest {

    @Test
    void everyCommandWorks(@TempDir Path data) throws Exception {
        NodeClients.assumeInstalled("resend-cli");
        try (var sink = new SmtpSink(true);
                var installation = Installation.start(data, sink.port(), NodeClients.SETTINGS);
                var proxy = new RecordingProxy(installation.service().url())) {
            TestZone.receives(installation.dns(), "inbox.example");
            var summary = NodeClients.run("cli.mjs", installation, proxy);
            assertEquals("2.21.0", summary.get("version").stringValue());
            assertTrue(summary.get("driven").intValue() >= 80, summary.toString());
            assertTrue(
                    proxy.exchanges().stream()
                            .anyMatch(e ->
                                    e.requestHeaders()
                                            .getOrDefault("user-agent", java.util.List.of())
                                            .toString()
                                            .contains("resend-cli")),
                    "it went through the proxy");
            Recorded.fits(installation, proxy.exchanges(), false);
        }
    }
}
