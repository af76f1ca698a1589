package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.Resend;
import com.resend.core.exception.ResendException;
import com.resend.core.net.ListParams;
import com.resend.core.net.RequestOptions;
import com.resend.core.net.impl.HttpClient;
import com.resend.core.service.BaseService;
import com.resend.services.apikeys.ApiKeys;
import com.resend.services.apikeys.model.CreateApiKeyOptions;
import com.resend.services.apikeys.model.UpdateApiKeyOptions;
import com.resend.services.batch.Batch;
import com.resend.services.domains.Domains;
import com.resend.services.domains.model.CreateDomainOptions;
import com.resend.services.domains.model.Tls;
import com.resend.services.domains.model.UpdateDomainOptions;
import com.resend.services.emails.Emails;
import com.resend.services.emails.model.Attachment;
import com.resend.services.emails.model.CreateEmailOptions;
import com.resend.services.emails.model.Email;
import com.resend.services.emails.model.Tag;
import com.resend.services.emails.model.UpdateEmailOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Resend's own client for Java, unchanged. Its address is a constant, so its inner client gets an
/// interceptor that turns each request to the service.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResendJavaTest {
    private SmtpSink sink;
    private Installation installation;
    private Resend resend;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        sink = new SmtpSink(true);
        installation = Installation.start(data, sink.port(), Map.of());
        TestZone.receives(installation.dns(), "inbox.example");
        resend = new Resend(installation.key());
    }

    @AfterAll
    void stop() {
        installation.close();
        sink.close();
    }

    @Test
    void emailsAreSentReadMovedAndCanceled() throws Exception {
        Emails emails = here(resend.emails());
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
                                        .build())
                        .build();
        var options = RequestOptions.builder().setIdempotencyKey("java/1").build();
        String id = emails.send(full, options).getId();
        assertEquals(id, emails.send(full, options).getId(), "sent once");
        installation.awaitEvent(id, "delivered");

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
        assertNotNull(got.getCreatedAt());
        var arrived = sink.received().stream().filter(m -> m.messageId().startsWith(id)).toList();
        assertEquals(1, arrived.size());
        assertEquals(4, arrived.getFirst().forwardPaths().size());
        assertTrue(arrived.getFirst().message().contains(base64("A goat in Java")));

        String later = emails.send(plain("later", "in 1 hour")).getId();
        assertEquals("scheduled", emails.get(later).getLastEvent());
        var move = UpdateEmailOptions.builder().scheduledAt("in 2 hours").build();
        var moved = emails.update(later, move);
        assertEquals("email", moved.getObject());
        assertEquals(later, moved.getId());
        assertEquals(later, emails.cancel(later).getId());
        assertEquals("canceled", emails.get(later).getLastEvent());
        var refused = assertThrows(ResendException.class, () -> emails.cancel(later));
        assertEquals(422, refused.getStatusCode());
        assertEquals("validation_error", refused.getErrorName());
    }

    @Test
    void aBatchIsSentAndTheListHasPages() throws Exception {
        Emails emails = here(resend.emails());
        Batch batch = here(resend.batch());
        var answer =
                batch.send(List.of(plain("one", null), plain("two", null), plain("three", null)));
        var ids = answer.getData().stream().map(e -> e.getId()).toList();
        assertEquals(3, ids.size());
        assertFalse(answer.hasErrors());
        var wrong =
                CreateEmailOptions.builder()
                        .from("a@sender.example")
                        .to("nobody")
                        .subject("x")
                        .text("x")
                        .build();
        var refused =
                assertThrows(
                        ResendException.class,
                        () -> batch.send(List.of(plain("four", null), wrong)));
        assertEquals(422, refused.getStatusCode());
        var permissive =
                batch.send(
                        List.of(wrong, plain("five", null)),
                        RequestOptions.builder().add("x-batch-validation", "permissive").build());
        assertEquals(1, permissive.getData().size());
        assertEquals(1, permissive.getErrorCount());
        assertEquals(0, permissive.getErrors().getFirst().getIndex());
        assertTrue(permissive.getErrors().getFirst().getMessage().contains("`to`"));

        var seen = new ArrayList<String>();
        var page = emails.list(ListParams.builder().limit(2).build());
        assertEquals("list", page.getObject());
        while (true) {
            page.getData().forEach(e -> seen.add(e.getId()));
            if (!page.hasMore()) {
                break;
            }
            page = emails.list(ListParams.builder().limit(2).after(seen.getLast()).build());
        }
        assertEquals(emails.list().getData().stream().map(Email::getId).toList(), seen);
        assertTrue(seen.containsAll(ids), seen + " " + ids);
        assertTrue(seen.indexOf(ids.get(2)) < seen.indexOf(ids.get(0)), "the newest is first");
    }

    @Test
    void domainsAreMadeReadChangedVerifiedAndRemoved() throws Exception {
        Domains domains = here(resend.domains());
        var made =
                domains.create(
                        CreateDomainOptions.builder()
                                .name("java.example.org")
                                .region("sa-east-1")
                                .customReturnPath("back")
                                .build());
        assertEquals("java.example.org", made.getName());
        assertEquals("sa-east-1", made.getRegion());
        assertEquals("not_started", made.getStatus());
        assertEquals(4, made.getRecords().size());
        var mx = made.getRecords().stream().filter(r -> r.getType().equals("MX")).findFirst();
        assertEquals(10, mx.orElseThrow().getPriority());
        assertEquals("back.java", mx.get().getName());

        var got = domains.get(made.getId());
        assertEquals("domain", got.getObject());
        assertEquals(4, got.getRecords().size());
        assertNotNull(got.getCreatedAt());
        var list = domains.list();
        assertEquals("list", list.getObject());
        assertEquals(
                List.of("java.example.org", "sender.example"),
                list.getData().stream().map(d -> d.getName()).toList());
        var changed =
                domains.update(
                        UpdateDomainOptions.builder()
                                .id(made.getId())
                                .openTracking(true)
                                .tls(Tls.ENFORCED)
                                .build());
        assertEquals(made.getId(), changed.getId());
        assertTrue(domains.get(made.getId()).getOpenTracking());
        assertEquals(made.getId(), domains.verify(made.getId()).getId());
        assertEquals("pending", domains.get(made.getId()).getStatus());
        assertTrue(domains.remove(made.getId()).isDeleted());
        var refused = assertThrows(ResendException.class, () -> domains.get(made.getId()));
        assertEquals(404, refused.getStatusCode());
        assertEquals("not_found", refused.getErrorName());
    }

    @Test
    void apiKeysAreMadeRenamedListedAndRemoved() throws Exception {
        ApiKeys keys = here(resend.apiKeys());
        var made =
                keys.create(
                        CreateApiKeyOptions.builder()
                                .name("of java")
                                .permission("sending_access")
                                .domainId(installation.domainId())
                                .build());
        assertTrue(made.getToken().matches("re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"));
        Emails restricted = here(new Resend(made.getToken()).emails());
        String id = restricted.send(plain("restricted", null)).getId();
        var refused = assertThrows(ResendException.class, () -> restricted.get(id));
        assertEquals(401, refused.getStatusCode());
        assertEquals("restricted_api_key", refused.getErrorName());
        keys.update(made.getId(), UpdateApiKeyOptions.builder().name("renamed").build());
        var newest = keys.list().getData().getFirst();
        assertEquals(made.getId(), newest.getId());
        assertEquals("renamed", newest.getName());
        assertTrue(keys.remove(made.getId()));
        assertTrue(keys.list().getData().stream().noneMatch(k -> k.getId().equals(made.getId())));
        var gone = assertThrows(ResendException.class, () -> restricted.send(plain("x", null)));
        assertEquals(401, gone.getStatusCode());
    }

    private static CreateEmailOptions plain(
            String subject, @org.jspecify.annotations.Nullable String at) {
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

    /// Turns a service of the client, which must be kept: the client makes a new one at each call.
    private <T extends BaseService> T here(T service) throws ReflectiveOperationException {
        URI url = installation.service().url();
        var inner =
                new OkHttpClient.Builder()
                        .addInterceptor(chain -> {
                            var request = chain.request();
                            var turned =
                                    request.url()
                                            .newBuilder()
                                            .scheme(url.getScheme())
                                            .host(url.getHost())
                                            .port(url.getPort())
                                            .build();
                            return chain.proceed(request.newBuilder().url(turned).build());
                        })
                        .build();
        var field = HttpClient.class.getDeclaredField("httpClient");
        field.setAccessible(true);
        field.set(service.getHttpClient(), inner);
        return service;
    }
}
