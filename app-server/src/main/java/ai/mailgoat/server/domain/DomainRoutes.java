package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;

/// `/domains`.
public final class DomainRoutes {
    private final Domains domains;

    public DomainRoutes(Domains domains) {
        this.domains = domains;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/domains", Access.FULL, this::create)
                .get("/domains", Access.FULL, this::list)
                .get("/domains/{id}", Access.FULL, this::get)
                .patch("/domains/{id}", Access.FULL, this::update)
                .delete("/domains/{id}", Access.FULL, this::delete)
                .post("/domains/{id}/verify", Access.FULL, this::verify);
    }

    private Answer create(Call call) {
        var asked = DomainRequests.create(call.body());
        return Answer.created(domains.body(domains.create(call.principal().team(), asked)));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = domains.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(DomainBody::item).toList()));
    }

    private Answer get(Call call) {
        var view =
                domains.find(call.principal().team(), id(call))
                        .orElseThrow(() -> ApiException.notFound("Domain"));
        return Answer.ok(domains.body(view));
    }

    private Answer update(Call call) {
        var id = id(call);
        var body = call.body();
        boolean found =
                domains.update(
                        call.principal().team(),
                        id,
                        settings -> DomainRequests.settings(body, settings));
        return done(found, id);
    }

    private Answer verify(Call call) {
        var id = id(call);
        return done(domains.verify(call.principal().team(), id), id);
    }

    private Answer delete(Call call) {
        var id = id(call);
        if (!domains.delete(call.principal().team(), id)) {
            throw ApiException.notFound("Domain");
        }
        return Answer.deleted("domain", id.value());
    }

    private static Answer done(boolean found, DomainId id) {
        if (!found) {
            throw ApiException.notFound("Domain");
        }
        return Answer.done("domain", id.value());
    }

    private static DomainId id(Call call) {
        return new DomainId(call.uuid("id"));
    }
}
