package ai.mailgoat.server.webhook;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.webhook.Webhook.Status;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredAttempt;
import ai.mailgoat.server.webhook.WebhookCallStore.StoredCall;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/webhooks`.
public final class WebhookRoutes {
    private final Webhooks webhooks;

    public WebhookRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/webhooks", Access.FULL, this::create)
                .get("/webhooks", Access.FULL, this::list)
                .get("/webhooks/{id}", Access.FULL, this::get)
                .patch("/webhooks/{id}", Access.FULL, this::update)
                .delete("/webhooks/{id}", Access.FULL, this::delete)
                .post("/webhooks/{id}/signing-secret/rotate", Access.FULL, this::rotate)
                .get("/webhooks/{id}/events", Access.FULL, this::events)
                .get("/webhooks/{id}/events/{event_id}", Access.FULL, this::event)
                .post("/webhooks/{id}/events/{event_id}/replay", Access.FULL, this::replay)
                .get("/webhooks/{id}/events/{event_id}/attempts", Access.FULL, this::attempts);
    }

    private Answer create(Call call) {
        var body = call.body();
        String endpoint = body.requiredString("endpoint");
        var types = types(body).orElseThrow(() -> ApiException.missingField("events"));
        var webhook = webhooks.create(call.principal().team(), endpoint, types);
        return Answer.created(
                new WithSecret("webhook", webhook.id(), webhooks.signingSecret(webhook)));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = webhooks.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(Item::of).toList()));
    }

    private Answer get(Call call) {
        var webhook =
                webhooks.find(call.principal().team(), call.uuid("id"))
                        .orElseThrow(WebhookRoutes::notFound);
        return Answer.ok(Full.of(webhook, webhooks.signingSecret(webhook)));
    }

    private Answer update(Call call) {
        var id = call.uuid("id");
        var body = call.body();
        boolean found =
                webhooks.update(
                        call.principal().team(),
                        id,
                        body.string("endpoint"),
                        types(body),
                        body.constant("status", Status.class));
        if (!found) {
            throw notFound();
        }
        return Answer.ok(new Named("webhook", id.toString()));
    }

    private Answer delete(Call call) {
        var id = call.uuid("id");
        if (!webhooks.delete(call.principal().team(), id)) {
            throw notFound();
        }
        return Answer.deleted("webhook", id);
    }

    private Answer rotate(Call call) {
        var webhook =
                webhooks.rotate(call.principal().team(), call.uuid("id"))
                        .orElseThrow(WebhookRoutes::notFound);
        return Answer.ok(new WithSecret("webhook", webhook.id(), webhooks.signingSecret(webhook)));
    }

    private Answer events(Call call) {
        var page = call.page(MessageId::parse);
        var rows =
                webhooks.calls(call.principal().team(), call.uuid("id"), page)
                        .orElseThrow(WebhookRoutes::notFound);
        return Answer.ok(page.list(rows.stream().map(EventItem::of).toList()));
    }

    private Answer event(Call call) {
        var event =
                webhooks.call(call.principal().team(), call.uuid("id"), eventId(call))
                        .orElseThrow(WebhookRoutes::eventNotFound);
        var payload = webhooks.payload(event).orElseThrow(WebhookRoutes::eventNotFound);
        byte[] envelope = Envelope.of(payload.type(), payload.at(), payload.data());
        return Answer.ok(EventFull.of(event, Json.tree(envelope)));
    }

    private Answer replay(Call call) {
        var event = eventId(call);
        if (!webhooks.replay(call.principal().team(), call.uuid("id"), event)) {
            throw eventNotFound();
        }
        return Answer.ok(new Named("webhook_event", MessageId.of(event)));
    }

    private Answer attempts(Call call) {
        var page = call.page();
        var rows =
                webhooks.attempts(call.principal().team(), call.uuid("id"), eventId(call), page)
                        .orElseThrow(WebhookRoutes::eventNotFound);
        return Answer.ok(page.list(rows.stream().map(AttemptItem::of).toList()));
    }

    private static Optional<List<String>> types(JsonBody body) {
        return body.node("events").map(present -> body.strings("events"));
    }

    private static UUID eventId(Call call) {
        return MessageId.parse(call.parameter("event_id"))
                .orElseThrow(WebhookRoutes::eventNotFound);
    }

    private static ApiException notFound() {
        return ApiException.notFound("Webhook");
    }

    private static ApiException eventNotFound() {
        return ApiException.notFound("Webhook event");
    }

    record Named(String object, String id) {}

    record WithSecret(String object, UUID id, String signingSecret) {}

    record Item(UUID id, String endpoint, List<String> events, String status, String createdAt) {
        static Item of(Webhook webhook) {
            return new Item(
                    webhook.id(),
                    webhook.endpoint(),
                    webhook.events(),
                    webhook.status().apiName(),
                    ApiTime.postgres(webhook.createdAt()));
        }
    }

    record Full(
            String object,
            UUID id,
            String endpoint,
            List<String> events,
            String status,
            String createdAt,
            String signingSecret) {
        static Full of(Webhook webhook, String signingSecret) {
            return new Full(
                    "webhook",
                    webhook.id(),
                    webhook.endpoint(),
                    webhook.events(),
                    webhook.status().apiName(),
                    ApiTime.postgres(webhook.createdAt()),
                    signingSecret);
        }
    }

    record EventItem(String id, String type, String createdAt, String status, boolean test) {
        static EventItem of(StoredCall call) {
            return new EventItem(
                    MessageId.of(call.id()),
                    call.type(),
                    ApiTime.postgres(call.createdAt()),
                    call.status().apiName(),
                    call.test());
        }
    }

    record EventFull(
            String object,
            String id,
            String type,
            String createdAt,
            String status,
            @Nullable String nextAttemptAt,
            boolean test,
            JsonNode payload) {
        static EventFull of(StoredCall call, JsonNode payload) {
            Instant due = call.dueAt();
            return new EventFull(
                    "webhook_event",
                    MessageId.of(call.id()),
                    call.type(),
                    ApiTime.postgres(call.createdAt()),
                    call.status().apiName(),
                    due == null ? null : ApiTime.postgres(due),
                    call.test(),
                    payload);
        }
    }

    /// @param httpStatusCode 0 when there was no answer: clients want a number
    /// @param response the beginning of the answer, or why there was none
    record AttemptItem(UUID id, int httpStatusCode, String response, String sentAt) {
        static AttemptItem of(StoredAttempt attempt) {
            Integer status = attempt.statusCode();
            return new AttemptItem(
                    attempt.id(),
                    status == null ? 0 : status,
                    attempt.response(),
                    ApiTime.postgres(attempt.at()));
        }
    }
}
