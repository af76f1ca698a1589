package ai.mailgoat.common.client;

import static ai.mailgoat.common.client.MailGoatClient.as;
import static ai.mailgoat.common.client.MailGoatClient.segment;

import ai.mailgoat.common.api.QueueStatus;
import ai.mailgoat.common.api.RawMessage;
import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.common.api.Timeline;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The admin API: what only an operator of this machine may ask. Throws as {@link MailGoatClient}
/// does.
public final class AdminClient implements AutoCloseable {
    private final Exchange exchange;

    /// @param base such as `http://127.0.0.1:8081`
    /// @param token what `admin.token` in the data directory holds
    public AdminClient(URI base, String token) {
        this.exchange = new Exchange(base, token);
    }

    /// Any request, for what has no method here.
    public JsonNode call(String method, String path, @Nullable Object body) {
        return exchange.call(method, path, body, Map.of());
    }

    public SetupResult setup(SetupRequest request) {
        return as(call("POST", "/v1/setup", request), SetupResult.class);
    }

    public Timeline timeline(String emailId) {
        return as(
                call("GET", "/v1/emails/" + segment(emailId) + "/timeline", null), Timeline.class);
    }

    /// The message as captured, or as it would be sent.
    public RawMessage raw(String emailId) {
        return as(call("GET", "/v1/emails/" + segment(emailId) + "/raw", null), RawMessage.class);
    }

    public QueueStatus queue() {
        return as(call("GET", "/v1/queue", null), QueueStatus.class);
    }

    /// The version of the service that runs.
    public String version() {
        return call("GET", "/v1/version", null).path("version").asString("");
    }

    @Override
    public void close() {
        exchange.close();
    }
}
