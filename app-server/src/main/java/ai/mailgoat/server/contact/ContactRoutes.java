package ai.mailgoat.server.contact;

import ai.mailgoat.server.contact.ContactDraft.Outcome;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/contacts` and the contacts of a segment, also below `/audiences`.
public final class ContactRoutes {
    private final Contacts contacts;
    private final Choices choices;

    public ContactRoutes(Contacts contacts, Choices choices) {
        this.contacts = contacts;
        this.choices = choices;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/contacts", Access.FULL, call -> create(call, null))
                .get(
                        "/contacts",
                        Access.FULL,
                        call -> list(call, call.queryUuid("segment_id").orElse(null)))
                .get("/contacts/{id}", Access.FULL, this::get)
                .patch("/contacts/{id}", Access.FULL, this::update)
                .delete("/contacts/{id}", Access.FULL, this::delete)
                .get("/segments/{sid}/contacts", Access.FULL, call -> list(call, call.uuid("sid")))
                .post(
                        "/audiences/{aid}/contacts",
                        Access.FULL,
                        call -> create(call, call.uuid("aid")))
                .get("/audiences/{aid}/contacts", Access.FULL, call -> list(call, call.uuid("aid")))
                .get("/audiences/{aid}/contacts/{id}", Access.FULL, inside(this::get))
                .patch("/audiences/{aid}/contacts/{id}", Access.FULL, inside(this::update))
                .delete("/audiences/{aid}/contacts/{id}", Access.FULL, this::deleteInside);
    }

    private Answer create(Call call, @Nullable UUID audience) {
        var draft = ContactRequests.draft(call.body(), audience);
        var saved = contacts.save(call.principal().team(), draft);
        return Answer.created(
                new Saved("contact", saved.contact(), saved.outcome() == Outcome.CREATED));
    }

    private Answer list(Call call, @Nullable UUID segment) {
        var page = call.page();
        var filter = ContactRequests.filter(call, segment);
        var rows = contacts.list(call.principal().team(), filter, page);
        return Answer.ok(page.list(rows.stream().map(ContactBody::item).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(ContactBody.of(contacts.find(call.principal().team(), key(call))));
    }

    private Answer update(Call call) {
        var change = ContactRequests.change(call.body());
        return Answer.done("contact", contacts.update(call.principal().team(), key(call), change));
    }

    private Answer delete(Call call) {
        var id =
                contacts.delete(call.principal().team(), key(call)).orElseThrow(Contacts::notFound);
        return Answer.ok(new Deleted("contact", id.toString(), id, true));
    }

    // A contact that is not in the audience is gone from it already.
    private Answer deleteInside(Call call) {
        var team = call.principal().team();
        Optional<UUID> id =
                choices.isIn(team, key(call), call.uuid("aid"))
                        ? contacts.delete(team, key(call))
                        : Optional.empty();
        return Answer.ok(new Deleted("contact", call.parameter("id"), id.orElse(null), true));
    }

    private Endpoints.Handler inside(Endpoints.Handler handler) {
        return call -> {
            if (!choices.isIn(call.principal().team(), key(call), call.uuid("aid"))) {
                throw Contacts.notFound();
            }
            return handler.handle(call);
        };
    }

    private static ContactKey key(Call call) {
        return ContactKey.of(call.parameter("id"));
    }

    private record Saved(String object, UUID id, boolean created) {}

    /// @param contact as the path named it, or the id
    private record Deleted(String object, String contact, @Nullable UUID id, boolean deleted) {}
}
