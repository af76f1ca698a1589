package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.email.Acceptance.Prepared;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.usage.Usage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// `/emails`: send one or many, list and search, retrieve, attachments, reschedule, cancel.
public final class EmailRoutes {
    /// All that a mail can have, unless `limit` asks for fewer.
    private static final int MAX_ATTACHMENTS = 100;

    private final Acceptance acceptance;
    private final Emails emails;
    private final Usage usage;
    private final Idempotency idempotency;
    private final InstantSource clock;

    public EmailRoutes(
            Acceptance acceptance, Emails emails, Usage usage, Store store, InstantSource clock) {
        this.acceptance = acceptance;
        this.emails = emails;
        this.usage = usage;
        this.idempotency = new Idempotency(store, clock);
        this.clock = clock;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/emails", Access.SENDING, this::send)
                .post("/emails/batch", Access.SENDING, this::sendBatch)
                .get("/emails", Access.FULL, this::list)
                .get(
                        "/emails/{id}",
                        Access.FULL,
                        call -> Answer.ok(emails.get(call.principal().team(), id(call))))
                .patch("/emails/{id}", Access.FULL, this::reschedule)
                .post("/emails/{id}/cancel", Access.FULL, this::cancel)
                .get("/emails/{id}/attachments", Access.FULL, this::attachments)
                .get("/emails/{id}/attachments/{aid}", Access.FULL, this::attachment);
    }

    /// Forgets idempotency keys whose day is over; called now and then.
    public void sweep() {
        int swept = 1;
        while (swept > 0) {
            swept = idempotency.sweep();
        }
    }

    private Answer list(Call call) {
        var team = call.principal().team();
        return Answer.ok(emails.list(team, EmailFilter.read(call), call.page()));
    }

    private Answer attachments(Call call) {
        var page = call.page(MAX_ATTACHMENTS);
        return Answer.ok(emails.attachments(call.principal().team(), id(call), page));
    }

    private Answer attachment(Call call) {
        var team = call.principal().team();
        return Answer.ok(emails.attachment(team, id(call), call.uuid("aid")));
    }

    private Answer send(Call call) {
        return once(
                call,
                () -> {
                    var mail = acceptance.prepare(call.principal(), call.body());
                    return tx -> {
                        acceptance.accept(tx, mail);
                        return Answer.ok(Map.of("id", mail.id().toString()));
                    };
                });
    }

    private Answer once(Call call, Supplier<Function<Tx, Answer>> work) {
        var team = call.principal().team();
        var answer =
                idempotency.once(
                        call,
                        () -> {
                            usage.require(team);
                            return work.get();
                        });
        return usage.tell(team, answer);
    }

    private Answer sendBatch(Call call) {
        return once(call, () -> batch(call));
    }

    // One transaction for all: a batch is accepted whole, or, where it is permissive, all that is
    // right in it.
    private Function<Tx, Answer> batch(Call call) {
        boolean permissive = call.isPermissiveBatch();
        var items = JsonBody.items(call.rawBody());
        int max = acceptance.limits().maxBatch();
        if (items.isEmpty() || items.size() > max) {
            throw ApiException.validation("A batch must have between 1 and " + max + " emails.");
        }
        var prepared = new ArrayList<Prepared>();
        var errors = new ArrayList<ItemError>();
        for (int i = 0; i < items.size(); i++) {
            try {
                prepared.add(prepare(call.principal(), items.get(i)));
            } catch (ApiException e) {
                if (!permissive) {
                    throw e;
                }
                errors.add(new ItemError(i, String.valueOf(e.getMessage())));
            }
        }
        return tx -> {
            prepared.forEach(mail -> acceptance.accept(tx, mail));
            var body = new LinkedHashMap<String, Object>();
            body.put(
                    "data",
                    prepared.stream().map(mail -> Map.of("id", mail.id().toString())).toList());
            if (permissive) {
                body.put("errors", List.copyOf(errors));
            }
            return Answer.ok(body);
        };
    }

    private Prepared prepare(Principal sender, tools.jackson.databind.JsonNode item) {
        return acceptance.prepare(sender, JsonBody.of(item, ""));
    }

    private Answer reschedule(Call call) {
        var at = ScheduleTime.parse(call.body().requiredString("scheduled_at"), clock.instant());
        emails.reschedule(call.principal().team(), id(call), at);
        return Answer.done("email", call.uuid("id"));
    }

    private Answer cancel(Call call) {
        emails.cancel(call.principal().team(), id(call));
        return Answer.done("email", call.uuid("id"));
    }

    private static EmailId id(Call call) {
        return new EmailId(call.uuid("id"));
    }

    private record ItemError(int index, String message) {}
}
