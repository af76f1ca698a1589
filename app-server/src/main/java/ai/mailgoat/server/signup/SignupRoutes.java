package ai.mailgoat.server.signup;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import java.util.UUID;

/// `/signups`: who asked, and what they agreed to.
public final class SignupRoutes {
    private static final String OBJECT = "signup";

    private final Signups signups;

    public SignupRoutes(Signups signups) {
        this.signups = signups;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/signups", Access.FULL, this::list)
                .get("/signups/{id}", Access.FULL, this::get)
                .delete("/signups/{id}", Access.FULL, this::delete);
    }

    private Answer list(Call call) {
        var page = call.page();
        var form = call.queryUuid("form_id").orElse(null);
        var address = call.query("email").map(SignupRoutes::address).orElse(null);
        if (form != null && address != null) {
            throw ApiException.validation(
                    "You can only use one of `form_id` or `email`, not both.");
        }
        var rows = signups.list(call.principal().team(), form, address, page);
        return Answer.ok(page.list(rows.stream().map(SignupBody::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(
                SignupBody.of(
                        signups.find(call.principal().team(), call.uuid("id"))
                                .orElseThrow(Signups::notFound)));
    }

    private Answer delete(Call call) {
        UUID id = call.uuid("id");
        if (!signups.delete(call.principal().team(), id)) {
            throw Signups.notFound();
        }
        return Answer.deleted(OBJECT, id);
    }

    private static String address(String email) {
        try {
            return Mailbox.parse(email).folded();
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `email` parameter. The email address needs to follow the"
                            + " `email@example.com` format.");
        }
    }
}
