package ai.mailgoat.server.console;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.email.Emails;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.receiving.Envelope;
import ai.mailgoat.server.receiving.ReceivedEmails;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

/// `/v1`: what has no route in Resend's API.
public final class AdminRoutes {
    /// Octets of a body with a message in Base64.
    private static final long MAX_RECEIVED = 60L * 1024 * 1024;

    private static final int MAX_RECIPIENTS = 100;

    private final Store store;
    private final Emails emails;
    private final ReceivedEmails received;
    private final Queue queue;
    private final Function<JsonBody, Object> setup;
    private final String version;

    /// @param setup runs the set-up that a body asks for
    public AdminRoutes(
            Store store,
            Emails emails,
            ReceivedEmails received,
            Queue queue,
            Function<JsonBody, Object> setup,
            String version) {
        this.store = store;
        this.emails = emails;
        this.received = received;
        this.queue = queue;
        this.setup = setup;
        this.version = version;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/v1/setup", Access.FULL, call -> Answer.ok(setup.apply(call.body())))
                .get("/v1/version", Access.FULL, call -> Answer.ok(Map.of("version", version)))
                .get("/v1/queue", Access.FULL, call -> Answer.ok(store.read(queue::state)))
                .get("/v1/emails/{id}/timeline", Access.FULL, this::timeline)
                .get("/v1/emails/{id}/raw", Access.FULL, this::raw)
                .upload("/v1/received", Access.FULL, MAX_RECEIVED, this::receive);
    }

    private Answer timeline(Call call) {
        return Answer.ok(emails.timeline(call.principal().team(), new EmailId(call.uuid("id"))));
    }

    // Octets above 127 stand only in mail for SMTPUTF8 peers, whose header is UTF-8.
    private Answer raw(Call call) {
        byte[] raw = emails.raw(call.principal().team(), new EmailId(call.uuid("id")));
        return Answer.ok(Map.of("raw", new String(raw, StandardCharsets.UTF_8)));
    }

    /// Takes a message in as if it had come by SMTP.
    private Answer receive(Call call) {
        var body = call.body();
        var to = body.strings("to").stream().map(address -> mailbox("to", address)).toList();
        if (to.isEmpty()) {
            throw ApiException.missingField("to");
        }
        if (to.size() > MAX_RECIPIENTS) {
            throw ApiException.validation("The `to` field can have at most 100 entries.");
        }
        String from =
                body.string("from")
                        .filter(address -> !address.isEmpty())
                        .map(address -> mailbox("from", address))
                        .orElse("");
        byte[] message = octets(body.requiredString("message"));
        var id = received.store(call.principal().team(), new Envelope(from, to), message);
        return Answer.made("email", id.value());
    }

    private static String mailbox(String field, String address) {
        try {
            return Mailbox.parse(address).toString();
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. The email address needs to follow the `email@example.com` format.");
        }
    }

    private static byte[] octets(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw ApiException.validation("Invalid `message` field. It must be Base64.");
        }
    }
}
