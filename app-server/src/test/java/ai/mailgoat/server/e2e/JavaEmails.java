package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.ISO;
import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UNKNOWN;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.core.net.RequestOptions;
import com.resend.services.batch.Batch;
import com.resend.services.emails.Emails;
import com.resend.services.emails.model.Attachment;
import com.resend.services.emails.model.CreateEmailOptions;
import com.resend.services.emails.model.Email;
import com.resend.services.emails.model.GetEmailsMetricsOptions;
import com.resend.services.emails.model.MetricName;
import com.resend.services.emails.model.MetricsDimension;
import com.resend.services.emails.model.MetricsGranularity;
import com.resend.services.emails.model.ShareEmailOptions;
import com.resend.services.emails.model.Tag;
import com.resend.services.emails.model.UpdateEmailOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

final class JavaEmails {
    private final JavaSdk sdk;
    private final Emails emails;
    private final Batch batch;

    JavaEmails(JavaSdk sdk) {
        this.sdk = sdk;
        emails = sdk.here(sdk.resend.emails());
        batch = sdk.here(sdk.resend.batch());
    }

    void drive() throws Exception {
        String id = full();
        attachments(id);
        shareAndMetrics(id);
        schedule();
        batch();
        pages();
        var headers = emails.send(plain("headers", null), Map.of("Idempotency-Key", "java/3"));
        assertEquals(
                headers.getId(),
                emails.send(plain("headers", null), Map.of("Idempotency-Key", "java/3")).getId());
    }

    private String full() throws Exception {
        var full =
                CreateEmailOptions.builder()
                        .from("Grüße <hello@sender.example>")
                        .to("someone@inbox.example", "other@inbox.example")
                        .cc("copy@inbox.example")
                        .bcc("hidden@inbox.example")
                        .replyTo("reply@sender.example")
                        .subject("From Java 🐐")
                        .html("<p>Hello</p>")
                        .text("Hello")
                        .headers(Map.of("X-Entity-Ref-ID", "7"))
                        .tags(Tag.builder().name("kind").value("java").build())
                        .attachments(
                                Attachment.builder()
                                        .fileName("goat.txt")
                                        .content(base64("A goat in Java"))
                                        .build(),
                                Attachment.builder()
                                        .fileName("goat.png")
                                        .content(base64("picture"))
                                        .contentType("image/png")
                                        .contentId("goat")
                                        .build())
                        .build();
        var options = RequestOptions.builder().setIdempotencyKey("java/1").build();
        String id = emails.send(full, options).getId();
        matches(UUID, id);
        assertEquals(id, emails.send(full, options).getId(), "sent once");
        sdk.installation.awaitEvent(id, "delivered");

        Email got = emails.get(id);
        assertEquals("email", got.getObject());
        assertEquals(id, got.getId());
        assertEquals("Grüße <hello@sender.example>", got.getFrom());
        assertEquals(List.of("someone@inbox.example", "other@inbox.example"), got.getTo());
        assertEquals(List.of("copy@inbox.example"), got.getCc());
        assertEquals(List.of("hidden@inbox.example"), got.getBcc());
        assertEquals(List.of("reply@sender.example"), got.getReplyTo());
        assertEquals("From Java 🐐", got.getSubject());
        assertEquals("<p>Hello</p>", got.getHtml());
        assertEquals("Hello", got.getText());
        assertEquals("delivered", got.getLastEvent());
        assertTrue(got.getMessageId().contains(id), got.getMessageId());
        matches(TIME, got.getCreatedAt());
        var arrived =
                sdk.sink.received().stream().filter(m -> m.messageId().startsWith(id)).toList();
        assertEquals(1, arrived.size());
        assertEquals(4, arrived.getFirst().forwardPaths().size());
        assertTrue(arrived.getFirst().message().contains(base64("A goat in Java")));
        return id;
    }

    private void attachments(String id) throws Exception {
        var list = emails.listAttachments(id);
        assertEquals("list", list.getObject());
        assertFalse(list.hasMore());
        assertEquals(2, list.getData().size());
        var first = list.getData().getFirst();
        assertEquals("goat.txt", first.getFilename());
        assertEquals(14, first.getSize());
        assertTrue(first.getContentType().startsWith("text/plain"), first.getContentType());
        assertEquals("attachment", first.getContentDisposition());
        assertNull(first.getContentId());
        var picture = emails.getAttachment(id, list.getData().get(1).getId());
        assertEquals("attachment", picture.getObject());
        assertEquals("goat.png", picture.getFilename());
        assertEquals("image/png", picture.getContentType());
        assertEquals("inline", picture.getContentDisposition());
        assertEquals("goat", picture.getContentId());
        matches(ISO, picture.getExpiresAt());
        try (var in = URI.create(picture.getDownloadUrl()).toURL().openStream()) {
            assertEquals("picture", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        var page = emails.listAttachments(id, ListParams.builder().limit(1).build());
        assertTrue(page.hasMore());
        assertEquals(first.getId(), page.getData().getFirst().getId());
        refused(404, "not_found", "not found", () -> emails.getAttachment(id, UNKNOWN));
    }

    private void shareAndMetrics(String id) throws Exception {
        var shared = emails.share(id);
        assertEquals(id, shared.getId());
        assertEquals("email", shared.getObject());
        assertTrue(shared.getUrl().startsWith("http"), shared.getUrl());
        var brief = emails.share(id, ShareEmailOptions.builder().expiresIn("1 hour").build());
        assertFalse(brief.getUrl().equals(shared.getUrl()));

        var all = emails.metrics();
        assertEquals("metrics", all.getObject());
        assertEquals(MetricsGranularity.DAILY, all.getGranularity());
        assertEquals(List.of(), all.getDimensions());
        var one =
                emails.metrics(
                        GetEmailsMetricsOptions.builder()
                                .emailIds(id)
                                .metrics(MetricName.SENT, MetricName.DELIVERED)
                                .dimensions(MetricsDimension.PERIOD, MetricsDimension.EMAIL)
                                .granularity(MetricsGranularity.HOURLY)
                                .build());
        assertEquals(List.of(MetricName.SENT, MetricName.DELIVERED), one.getMetrics());
        assertEquals(List.of(MetricsDimension.PERIOD, MetricsDimension.EMAIL), one.getDimensions());
        assertEquals(MetricsGranularity.HOURLY, one.getGranularity());
        var row = one.getData().getFirst();
        assertEquals(id, row.getEmailId());
        assertTrue(row.getPeriod() != null);
        assertEquals(
                ((Number) one.getTotals().get("delivered")).intValue(),
                ((Number) row.getMetrics().get("delivered")).intValue());
    }

    private void schedule() throws Exception {
        String later = emails.send(plain("later", "in 1 hour")).getId();
        assertEquals("scheduled", emails.get(later).getLastEvent());
        var moved =
                emails.update(
                        later, UpdateEmailOptions.builder().scheduledAt("in 2 hours").build());
        assertEquals("email", moved.getObject());
        assertEquals(later, moved.getId());
        var canceled = emails.cancel(later);
        assertEquals("email", canceled.getObject());
        assertEquals(later, canceled.getId());
        assertEquals("canceled", emails.get(later).getLastEvent());
        refused(422, "validation_error", "canceled", () -> emails.cancel(later));
    }

    private void batch() throws Exception {
        var answer =
                batch.send(List.of(plain("one", null), plain("two", null), plain("three", null)));
        assertEquals(3, answer.getData().size());
        assertFalse(answer.hasErrors());
        answer.getData().forEach(item -> matches(UUID, item.getId()));
        assertEquals(1, batch.create(List.of(plain("created", null))).getData().size());
        var wrong =
                CreateEmailOptions.builder()
                        .from("a@sender.example")
                        .to("nobody")
                        .subject("x")
                        .text("x")
                        .build();
        refused(
                422,
                "validation_error",
                "`to`",
                () -> batch.send(List.of(plain("four", null), wrong)));
        var permissive =
                batch.send(
                        List.of(wrong, plain("five", null)),
                        RequestOptions.builder().add("x-batch-validation", "permissive").build());
        assertEquals(1, permissive.getData().size());
        assertEquals(1, permissive.getErrorCount());
        assertEquals(0, permissive.getErrors().getFirst().getIndex());
        assertTrue(permissive.getErrors().getFirst().getMessage().contains("`to`"));
    }

    private void pages() throws Exception {
        var all = emails.list(ListParams.builder().limit(100).build());
        var seen = new ArrayList<String>();
        var page = emails.list(ListParams.builder().limit(3).build());
        assertEquals("list", page.getObject());
        while (true) {
            page.getData().forEach(e -> seen.add(e.getId()));
            if (!page.hasMore()) {
                break;
            }
            page = emails.list(ListParams.builder().limit(3).after(seen.getLast()).build());
        }
        assertEquals(all.getData().stream().map(Email::getId).toList(), seen);
        var before = emails.list(ListParams.builder().limit(1).before(seen.get(2)).build());
        assertEquals(seen.get(1), before.getData().getFirst().getId());
        assertEquals(seen.getFirst(), emails.list().getData().getFirst().getId());
    }

    static CreateEmailOptions plain(String subject, @Nullable String at) {
        return CreateEmailOptions.builder()
                .from("a@sender.example")
                .to("someone@inbox.example")
                .subject(subject)
                .text("x")
                .scheduledAt(at)
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
