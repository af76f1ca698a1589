package ai.mailgoat.server.console;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.email.Emails;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/// `/v1`: what has no route in Resend's API.
public final class AdminRoutes {
    private final Store store;
    private final Emails emails;
    private final Queue queue;
    private final Function<JsonBody, Object> setup;
    private final String version;

    /// @param setup runs the set-up that a body asks for
    public AdminRoutes(
            Store store,
            Emails emails,
            Queue queue,
            Function<JsonBody, Object> setup,
            String version) {
        this.store = store;
        this.emails = emails;
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
                .get("/v1/emails/{id}/raw", Access.FULL, this::raw);
    }

    private Answer timeline(Call call) {
        return Answer.ok(emails.timeline(call.principal().team(), new EmailId(call.uuid("id"))));
    }

    // Octets above 127 stand only in mail for SMTPUTF8 peers, whose header is UTF-8.
    private Answer raw(Call call) {
        byte[] raw = emails.raw(call.principal().team(), new EmailId(call.uuid("id")));
        return Answer.ok(Map.of("raw", new String(raw, StandardCharsets.UTF_8)));
    }
}
