package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;

/// `/broadcasts`.
public final class BroadcastRoutes {
    private static final String OBJECT = "broadcast";

    private final Broadcasts broadcasts;

    public BroadcastRoutes(Broadcasts broadcasts) {
        this.broadcasts = broadcasts;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/broadcasts", Access.FULL, this::create)
                .get("/broadcasts", Access.FULL, this::list)
                .get("/broadcasts/{id}", Access.FULL, this::get)
                .patch("/broadcasts/{id}", Access.FULL, this::update)
                .delete("/broadcasts/{id}", Access.FULL, this::delete)
                .post("/broadcasts/{id}/send", Access.FULL, this::send)
                .post("/broadcasts/{id}/cancel", Access.FULL, this::cancel)
                .post("/broadcasts/{id}/pause", Access.FULL, this::pause)
                .post("/broadcasts/{id}/resume", Access.FULL, this::resume)
                .post("/broadcasts/{id}/duplicate", Access.FULL, this::duplicate)
                .post("/broadcasts/{id}/retry", Access.FULL, this::retry);
    }

    private Answer create(Call call) {
        return Answer.made(OBJECT, broadcasts.create(call.principal(), call.body()));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = broadcasts.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(BroadcastBody.Item::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(
                BroadcastBody.of(broadcasts.get(call.principal().team(), call.uuid("id"))));
    }

    private Answer update(Call call) {
        broadcasts.update(call.principal().team(), call.uuid("id"), call.body());
        return Answer.done(OBJECT, call.uuid("id"));
    }

    private Answer delete(Call call) {
        broadcasts.delete(call.principal().team(), call.uuid("id"));
        return Answer.deleted(OBJECT, call.uuid("id"));
    }

    private Answer send(Call call) {
        broadcasts.send(call.principal(), call.uuid("id"), call.body());
        return Answer.done(OBJECT, call.uuid("id"));
    }

    private Answer cancel(Call call) {
        broadcasts.cancel(call.principal().team(), call.uuid("id"));
        return Answer.done(OBJECT, call.uuid("id"));
    }

    private Answer pause(Call call) {
        broadcasts.pause(call.principal().team(), call.uuid("id"));
        return Answer.done(OBJECT, call.uuid("id"));
    }

    private Answer resume(Call call) {
        broadcasts.resume(call.principal().team(), call.uuid("id"));
        return Answer.done(OBJECT, call.uuid("id"));
    }

    private Answer duplicate(Call call) {
        return Answer.done(OBJECT, broadcasts.duplicate(call.principal().team(), call.uuid("id")));
    }

    private Answer retry(Call call) {
        return Answer.made(OBJECT, broadcasts.retry(call.principal(), call.uuid("id")));
    }
}
