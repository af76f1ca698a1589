package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.ISO;
import static ai.mailgoat.server.e2e.JavaSdk.UNKNOWN;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.services.receiving.Receiving;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

final class JavaReceiving {
    private static final String MESSAGE =
            String.join(
                    "\r\n",
                    "From: Ada <ada@inbox.example>",
                    "To: in@sender.example",
                    "Subject: Into Java",
                    "Message-ID: <java-1@inbox.example>",
                    "Reply-To: answers@inbox.example",
                    "X-Trace: first",
                    "MIME-Version: 1.0",
                    "Content-Type: multipart/mixed; boundary=b",
                    "",
                    "--b",
                    "Content-Type: text/plain; charset=utf-8",
                    "",
                    "A goat.",
                    "--b",
                    "Content-Type: text/csv; name=goats.csv",
                    "Content-Disposition: attachment; filename=goats.csv",
                    "",
                    "a,b",
                    "--b--",
                    "");

    private final JavaSdk sdk;
    private final Receiving receiving;

    JavaReceiving(JavaSdk sdk) {
        this.sdk = sdk;
        receiving = sdk.here(sdk.resend.receiving());
    }

    void drive() throws Exception {
        var service = sdk.installation.service();
        var capabilities = Map.of("sending", "enabled", "receiving", "enabled");
        service.send(
                sdk.installation.key(),
                "PATCH",
                "/domains/" + sdk.installation.domainId(),
                Map.of("capabilities", capabilities));
        for (String message : List.of(MESSAGE, MESSAGE.replace("Into Java", "Again"))) {
            String base64 =
                    Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.UTF_8));
            service.adminPost(
                    "/v1/received",
                    Map.of(
                            "to",
                            List.of("in@sender.example"),
                            "from",
                            "ada@inbox.example",
                            "message",
                            base64));
        }
        Service.await(
                "both received",
                java.time.Duration.ofSeconds(20),
                () -> sdk.installation.get("/emails/receiving").get("data").size() == 2);

        var list = receiving.list();
        assertEquals("list", list.getObject());
        assertFalse(list.hasMore());
        var item = list.getData().get(1);
        matches(UUID, item.getId());
        assertEquals("Into Java", item.getSubject());
        assertEquals(List.of("in@sender.example"), item.getTo());
        assertEquals(List.of("answers@inbox.example"), item.getReplyTo());
        assertEquals("<java-1@inbox.example>", item.getMessageId());
        matches(ISO, item.getCreatedAt());
        assertEquals("goats.csv", item.getAttachments().getFirst().getFilename());
        var page = receiving.list(ListParams.builder().limit(1).build());
        assertTrue(page.hasMore());
        assertEquals("Again", page.getData().getFirst().getSubject());

        var got = receiving.get(item.getId());
        assertEquals("email", got.getObject());
        assertEquals(item.getId(), got.getId());
        assertTrue(got.getFrom().contains("ada@inbox.example"), got.getFrom());
        assertEquals("A goat.", got.getText().strip());
        assertNull(got.getHtml());
        assertEquals("first", got.getHeaders().get("x-trace"));
        assertEquals(List.of("in@sender.example"), got.getReceivedFor());
        assertEquals(3, got.getAttachments().getFirst().getSize());
        attachments(item.getId());
        refused(404, "not_found", "not found", () -> receiving.get(UNKNOWN));
    }

    private void attachments(String id) throws Exception {
        var files = receiving.listAttachments(id);
        assertEquals("list", files.getObject());
        var file = files.getData().getFirst();
        assertEquals("goats.csv", file.getFilename());
        assertTrue(file.getContentType().startsWith("text/csv"), file.getContentType());
        assertEquals("attachment", file.getContentDisposition());
        assertNull(file.getContentId());
        var one = receiving.listAttachments(id, ListParams.builder().limit(1).build());
        assertEquals(file.getId(), one.getData().getFirst().getId());
        assertFalse(one.hasMore());
        var got = receiving.getAttachment(id, file.getId());
        assertEquals("attachment", got.getObject());
        matches(ISO, got.getExpiresAt());
        try (var in = URI.create(got.getDownloadUrl()).toURL().openStream()) {
            assertEquals("a,b", new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }
}
