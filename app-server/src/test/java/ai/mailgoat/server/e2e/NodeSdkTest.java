package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Resend's own client for Node, unchanged, drives the service by every method there is a route
/// for. What it is told, `client.mjs` and its scripts assert; what arrives at the MX host and what
/// went over the wire, this.
class NodeSdkTest {

    @Test
    void everyMethodOfTheNodeClientWorks(@TempDir Path data) throws Exception {
        NodeClients.assumeInstalled("resend");
        try (var sink = new SmtpSink(true);
                var installation = Installation.start(data, sink.port(), NodeClients.SETTINGS);
                var proxy = new RecordingProxy(installation.service().url())) {
            TestZone.receives(installation.dns(), "inbox.example");
            var summary = NodeClients.run("client.mjs", installation, proxy);
            assertTrue(summary.get("done").intValue() >= 90, summary.toString());

            String full = summary.get("full").stringValue();
            installation.awaitEvent(full, "delivered");
            var mail =
                    sink.received().stream()
                            .filter(m -> m.messageId().startsWith(full))
                            .findFirst()
                            .orElseThrow();
            assertEquals(4, mail.forwardPaths().size());
            checkFullMail(mail.message());
            Recorded.fits(installation, proxy.exchanges(), true);
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
}
