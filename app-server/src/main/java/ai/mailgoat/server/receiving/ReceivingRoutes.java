package ai.mailgoat.server.receiving;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.receiving.ReceivedEmails.HtmlFormat;

/// `/emails/receiving`, also known as `/inbound/emails`.
public final class ReceivingRoutes {
    /// As many as a page can have, unless `limit` asks for fewer.
    private static final int ATTACHMENTS = 100;

    private final ReceivedEmails emails;

    public ReceivingRoutes(ReceivedEmails emails) {
        this.emails = emails;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/emails/receiving", Access.FULL, this::list)
                .get("/emails/receiving/{id}", Access.FULL, this::get)
                .get("/emails/receiving/{id}/attachments", Access.FULL, this::attachments)
                .get("/emails/receiving/{id}/attachments/{aid}", Access.FULL, this::attachment)
                .get("/inbound/emails", Access.FULL, this::list)
                .get("/inbound/emails/{id}", Access.FULL, this::get);
    }

    private Answer list(Call call) {
        return Answer.ok(emails.list(call.principal().team(), call.page()));
    }

    private Answer get(Call call) {
        var format = call.query("html_format", HtmlFormat.class).orElse(HtmlFormat.DATA_URI);
        return Answer.ok(emails.get(call.principal().team(), id(call), format));
    }

    private Answer attachments(Call call) {
        var page = call.page(ATTACHMENTS);
        return Answer.ok(emails.attachments(call.principal().team(), id(call), page));
    }

    private Answer attachment(Call call) {
        var team = call.principal().team();
        return Answer.ok(emails.attachment(team, id(call), call.uuid("aid")));
    }

    private static EmailId id(Call call) {
        return new EmailId(call.uuid("id"));
    }
}
