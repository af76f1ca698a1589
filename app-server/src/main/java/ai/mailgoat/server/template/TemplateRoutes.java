package ai.mailgoat.server.template;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;

/// `/templates`; a template is named by its id or its alias.
public final class TemplateRoutes {
    private static final String OBJECT = "template";

    private final Templates templates;

    public TemplateRoutes(Templates templates) {
        this.templates = templates;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/templates", Access.FULL, this::create)
                .get("/templates", Access.FULL, this::list)
                .get("/templates/{id}", Access.FULL, this::get)
                .patch("/templates/{id}", Access.FULL, this::update)
                .delete("/templates/{id}", Access.FULL, this::delete)
                .post("/templates/{id}/publish", Access.FULL, this::publish)
                .post("/templates/{id}/duplicate", Access.FULL, this::duplicate);
    }

    private Answer create(Call call) {
        return Answer.made(OBJECT, templates.create(call.principal().team(), call.body()));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = templates.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(TemplateBody.Item::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(templates.get(call.principal().team(), call.parameter("id")));
    }

    private Answer update(Call call) {
        return Answer.done(
                OBJECT,
                templates.update(call.principal().team(), call.parameter("id"), call.body()));
    }

    private Answer delete(Call call) {
        return Answer.deleted(
                OBJECT, templates.delete(call.principal().team(), call.parameter("id")));
    }

    private Answer publish(Call call) {
        return Answer.done(
                OBJECT, templates.publish(call.principal().team(), call.parameter("id")));
    }

    private Answer duplicate(Call call) {
        return Answer.done(
                OBJECT, templates.duplicate(call.principal().team(), call.parameter("id")));
    }
}
