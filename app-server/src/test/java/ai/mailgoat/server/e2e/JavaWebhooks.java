package ai.mailgoat.server.e2e;

import static ai.mailgoat.server.e2e.JavaSdk.TIME;
import static ai.mailgoat.server.e2e.JavaSdk.UUID;
import static ai.mailgoat.server.e2e.JavaSdk.matches;
import static ai.mailgoat.server.e2e.JavaSdk.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.core.net.ListParams;
import com.resend.services.webhooks.Webhooks;
import com.resend.services.webhooks.model.CreateWebhookOptions;
import com.resend.services.webhooks.model.ListWebhookEventAttemptsParams;
import com.resend.services.webhooks.model.ListWebhookEventsParams;
import com.resend.services.webhooks.model.UpdateWebhookOptions;
import com.resend.services.webhooks.model.VerifyWebhookOptions;
import com.resend.services.webhooks.model.WebhookEvent;
import com.resend.services.webhooks.model.WebhookEventStatus;
import com.resend.services.webhooks.model.WebhookStatus;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Webhooks, whose calls a real server takes and two other libraries verify.
final class JavaWebhooks {
    private record Call(Map<String, String> headers, String body) {}

    private final JavaSdk sdk;
    private final Webhooks webhooks;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    JavaWebhooks(JavaSdk sdk) {
        this.sdk = sdk;
        webhooks = sdk.here(sdk.resend.webhooks());
    }

    void drive() throws Exception {
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        var server = HttpServer.create(address, 0);
        server.createContext(
                "/",
                exchange -> {
                    var headers = new HashMap<String, String>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) ->
                                    headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
                    calls.add(
                            new Call(
                                    headers,
                                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write("ok".getBytes(UTF_8));
                    exchange.close();
                });
        server.start();
        try {
            drive("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
        } finally {
            server.stop(0);
        }
    }

    private void drive(String endpoint) throws Exception {
        var made =
                webhooks.create(
                        CreateWebhookOptions.builder()
                                .endpoint(endpoint)
                                .events(WebhookEvent.EMAIL_SENT, WebhookEvent.DOMAIN_CREATED)
                                .build());
        String id = made.getId();
        assertEquals("webhook", made.getObject());
        matches(UUID, id);
        matches("whsec_[A-Za-z0-9+/]+=*", made.getSigningSecret());
        var got = webhooks.get(id);
        assertEquals("webhook", got.getObject());
        assertEquals(endpoint, got.getEndpoint());
        assertEquals(List.of("email.sent", "domain.created"), got.getEvents());
        assertEquals(WebhookStatus.ENABLED, got.getStatus());
        assertEquals(made.getSigningSecret(), got.getSigningSecret());
        matches(TIME, got.getCreatedAt());

        String mail = sdk.here(sdk.resend.emails()).send(JavaEmails.plain("told", null)).getId();
        var call = take();
        assertTrue(call.body().contains(mail), call.body());
        verify(call, made.getSigningSecret());
        events(id, call);

        var changed =
                webhooks.update(
                        id,
                        UpdateWebhookOptions.builder()
                                .events(WebhookEvent.EMAIL_BOUNCED)
                                .status(WebhookStatus.DISABLED)
                                .build());
        assertEquals("webhook", changed.getObject());
        assertEquals(id, changed.getId());
        var item = webhooks.list().getData().getFirst();
        assertEquals(id, item.getId());
        assertEquals(WebhookStatus.DISABLED, item.getStatus());
        assertEquals(List.of("email.bounced"), item.getEvents());
        assertEquals(1, webhooks.list(ListParams.builder().limit(1).build()).getData().size());
        var removed = webhooks.remove(id);
        assertEquals("webhook", removed.getObject());
        assertEquals(id, removed.getId());
        assertTrue(removed.getDeleted());
        refused(404, "not_found", "Webhook not found", () -> webhooks.get(id));
    }

    private Call take() throws InterruptedException {
        var call = calls.poll(20, TimeUnit.SECONDS);
        assertTrue(call != null, "no call within 20 s");
        return call;
    }

    private void verify(Call call, String secret) throws Exception {
        var options =
                VerifyWebhookOptions.builder()
                        .payload(call.body())
                        .addHeaders(call.headers())
                        .secret(secret)
                        .build();
        webhooks.verify(options);
        sdk.note(
                Webhooks.class,
                "verify",
                MethodType.methodType(void.class, VerifyWebhookOptions.class));
        var changed =
                VerifyWebhookOptions.builder()
                        .payload(call.body() + " ")
                        .addHeaders(call.headers())
                        .secret(secret)
                        .build();
        assertThrows(Exception.class, () -> webhooks.verify(changed));

        var standard = new HashMap<String, List<String>>();
        for (String name : List.of("id", "timestamp", "signature")) {
            standard.put("webhook-" + name, List.of(call.headers().get("svix-" + name)));
        }
        new Webhook(secret).verify(call.body(), standard);
        assertThrows(
                WebhookVerificationException.class,
                () -> new Webhook(secret).verify(call.body() + " ", standard));
    }

    private void events(String id, Call call) throws Exception {
        String event = call.headers().get("svix-id");
        Service.await(
                "acknowledged",
                Duration.ofSeconds(20),
                () ->
                        "success"
                                .equals(
                                        sdk.installation
                                                .get("/webhooks/" + id + "/events/" + event)
                                                .get("status")
                                                .stringValue()));
        var list = webhooks.listEvents(id);
        assertEquals("list", list.getObject());
        var item = list.getData().stream().filter(e -> e.getId().equals(event)).findFirst().get();
        assertEquals("email.sent", item.getType());
        assertEquals(WebhookEventStatus.SUCCESS, item.getStatus());
        matches(TIME, item.getCreatedAt());
        var page = webhooks.listEvents(id, ListWebhookEventsParams.builder().limit(1).build());
        assertEquals(1, page.getData().size());
        var got = webhooks.getEvent(id, event);
        assertEquals("webhook_event", got.getObject());
        assertEquals("email.sent", got.getType());
        assertEquals(WebhookEventStatus.SUCCESS, got.getStatus());
        assertNull(got.getNextAttemptAt());
        assertEquals("email.sent", got.getPayload().get("type"));
        var attempt = webhooks.listEventAttempts(id, event).getData().getFirst();
        matches(UUID, attempt.getId());
        assertEquals(200, attempt.getHttpStatusCode());
        assertEquals("ok", attempt.getResponse());
        matches(TIME, attempt.getSentAt());
        var params = ListWebhookEventAttemptsParams.builder().limit(1).build();
        assertEquals(1, webhooks.listEventAttempts(id, event, params).getData().size());

        var replay = webhooks.replayEvent(id, event);
        assertEquals("webhook_event", replay.getObject());
        assertEquals(event, replay.getId());
        assertEquals(call.body(), take().body());
    }
}
