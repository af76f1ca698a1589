package ai.mailgoat.server.webhook;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.webhook.WebhookRepairStore.Range;
import ai.mailgoat.server.webhook.WebhookRepairs.Trial;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/webhooks/{id}/test` and `/webhooks/{id}/replay`.
public final class WebhookRepairRoutes {
    private final WebhookRepairs repairs;

    public WebhookRepairRoutes(WebhookRepairs repairs) {
        this.repairs = repairs;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/webhooks/{id}/test", Access.FULL, this::test)
                .post("/webhooks/{id}/replay", Access.FULL, this::replay);
    }

    /// Which calls are made again.
    enum Which {
        FAILED,
        SUCCESS,
        ALL
    }

    private Answer test(Call call) {
        var type = call.body().string("type").filter(t -> !t.isEmpty());
        var trial =
                repairs.test(call.principal().team(), call.uuid("id"), type)
                        .orElseThrow(() -> ApiException.notFound("Webhook"));
        return Answer.ok(Tested.of(trial));
    }

    private Answer replay(Call call) {
        var body = call.body();
        var from = body.time("from").orElseThrow(() -> ApiException.missingField("from"));
        var to = body.time("to");
        if (to.isPresent() && !to.get().isAfter(from)) {
            throw ApiException.validation("The `to` field must be later than `from`.");
        }
        var which = body.constant("status", Which.class).orElse(Which.FAILED);
        var range = new Range(from, to, Set.copyOf(body.strings("types")), statuses(which));
        var count =
                repairs.replay(call.principal().team(), call.uuid("id"), range)
                        .orElseThrow(() -> ApiException.notFound("Webhook"));
        return Answer.ok(new Replayed("webhook_replay", count));
    }

    private static Optional<List<CallStatus>> statuses(Which which) {
        return switch (which) {
            case FAILED -> Optional.of(List.of(CallStatus.FAILED));
            case SUCCESS -> Optional.of(List.of(CallStatus.SUCCESS));
            case ALL -> Optional.empty();
        };
    }

    /// @param httpStatusCode 0 when there was no answer; `response` then says why
    record Tested(
            String object,
            String id,
            String type,
            String status,
            int httpStatusCode,
            String response,
            String sentAt) {
        static Tested of(Trial trial) {
            var attempt = trial.attempt();
            Integer status = attempt.statusCode();
            return new Tested(
                    "webhook_test",
                    MessageId.of(trial.call()),
                    trial.type(),
                    attempt.isAcknowledged() ? "success" : "failed",
                    status == null ? 0 : status,
                    attempt.response(),
                    ApiTime.postgres(attempt.at()));
        }
    }

    record Replayed(String object, int count) {}
}
