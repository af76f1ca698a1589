package ai.mailgoat.server.segment;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.util.UUID;

/// `/segments`, the same below an audience, and `/audiences`, which shows segments under their
/// older name.
public final class SegmentRoutes {
    private static final int MAX_NAME = 200;

    private final Segments segments;

    public SegmentRoutes(Segments segments) {
        this.segments = segments;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/segments", Access.FULL, call -> create("segment", call))
                .get("/segments", Access.FULL, call -> list("segment", call))
                .get("/segments/{id}", Access.FULL, call -> get("segment", call))
                .patch("/segments/{id}", Access.FULL, this::update)
                .delete("/segments/{id}", Access.FULL, call -> delete("segment", call))
                .post("/audiences", Access.FULL, call -> create("audience", call))
                .get("/audiences", Access.FULL, call -> list("audience", call))
                .get("/audiences/{id}", Access.FULL, call -> get("audience", call))
                .delete("/audiences/{id}", Access.FULL, call -> delete("audience", call))
                .post("/audiences/{aid}/segments", Access.FULL, below(c -> create("segment", c)))
                .get("/audiences/{aid}/segments", Access.FULL, below(c -> list("segment", c)))
                .get("/audiences/{aid}/segments/{id}", Access.FULL, below(c -> get("segment", c)))
                .patch("/audiences/{aid}/segments/{id}", Access.FULL, below(this::update))
                .delete(
                        "/audiences/{aid}/segments/{id}",
                        Access.FULL,
                        below(c -> delete("segment", c)));
    }

    private Answer create(String object, Call call) {
        String name = call.body().requiredText("name", MAX_NAME);
        var made = segments.create(call.principal().team(), name);
        return Answer.created(new Made(object, made.id(), made.name()));
    }

    private Answer list(String object, Call call) {
        var page = call.page();
        var rows = segments.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(row -> SegmentBody.of(object, row)).toList()));
    }

    private Answer get(String object, Call call) {
        return Answer.ok(SegmentBody.of(object, find(call, "id")));
    }

    private Answer update(Call call) {
        UUID id = call.uuid("id");
        String name = call.body().requiredText("name", MAX_NAME);
        if (!segments.rename(call.principal().team(), id, name)) {
            throw Segments.notFound();
        }
        return Answer.done("segment", id);
    }

    private Answer delete(String object, Call call) {
        segments.delete(call.principal().team(), call.uuid("id"));
        return Answer.deleted(object, call.uuid("id"));
    }

    private Endpoints.Handler below(Endpoints.Handler handler) {
        return call -> {
            find(call, "aid");
            return handler.handle(call);
        };
    }

    private Segment find(Call call, String parameter) {
        return segments.find(call.principal().team(), call.uuid(parameter))
                .orElseThrow(Segments::notFound);
    }

    private record Made(String object, UUID id, String name) {}
}
