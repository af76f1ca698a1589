package ai.mailgoat.server.signup;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.util.UUID;

/// `/signup-forms`.
public final class SignupFormRoutes {
    private static final String OBJECT = "signup_form";

    private final SignupForms forms;
    private final String publicUrl;

    /// @param publicUrl base of the forms' addresses, without trailing slash
    public SignupFormRoutes(SignupForms forms, String publicUrl) {
        this.forms = forms;
        this.publicUrl = publicUrl;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/signup-forms", Access.FULL, this::create)
                .get("/signup-forms", Access.FULL, this::list)
                .get("/signup-forms/{id}", Access.FULL, this::get)
                .patch("/signup-forms/{id}", Access.FULL, this::update)
                .delete("/signup-forms/{id}", Access.FULL, this::delete);
    }

    private Answer create(Call call) {
        var request = new SignupFormRequest(call.body());
        var team = call.principal().team();
        String name = request.name();
        UUID id = forms.create(team, request.segment(), name, request.options());
        return Answer.created(SignupFormBody.of(forms.find(team, id), publicUrl));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = forms.list(call.principal().team(), page);
        return Answer.ok(
                page.list(rows.stream().map(v -> SignupFormBody.of(v, publicUrl)).toList()));
    }

    private Answer get(Call call) {
        var view = forms.find(call.principal().team(), call.uuid("id"));
        return Answer.ok(SignupFormBody.of(view, publicUrl));
    }

    private Answer update(Call call) {
        UUID id = call.uuid("id");
        var request = new SignupFormRequest(call.body());
        forms.update(call.principal().team(), id, request::changed);
        return Answer.done(OBJECT, id);
    }

    private Answer delete(Call call) {
        UUID id = call.uuid("id");
        if (!forms.delete(call.principal().team(), id)) {
            throw SignupForms.notFound();
        }
        return Answer.deleted(OBJECT, id);
    }
}
