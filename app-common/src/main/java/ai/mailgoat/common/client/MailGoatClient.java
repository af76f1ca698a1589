package ai.mailgoat.common.client;

import ai.mailgoat.common.api.ApiKeyCreated;
import ai.mailgoat.common.api.ApiKeyView;
import ai.mailgoat.common.api.CreateApiKey;
import ai.mailgoat.common.api.CreateDomain;
import ai.mailgoat.common.api.Created;
import ai.mailgoat.common.api.DomainView;
import ai.mailgoat.common.api.EmailView;
import ai.mailgoat.common.api.ListOf;
import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.common.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// The public API. Every method throws {@link ApiError} when the service refuses and {@link
/// UnreachableException} when it does not answer. Safe for several threads.
public final class MailGoatClient implements AutoCloseable {
    private final Exchange exchange;

    /// @param base such as `http://localhost:8080`
    /// @param apiKey `re_…`
    public MailGoatClient(URI base, String apiKey) {
        this.exchange = new Exchange(base, apiKey);
    }

    /// Any request, for what has no method here.
    ///
    /// @param path from the `/` on, with its query, percent-encoded
    public JsonNode call(
            String method, String path, @Nullable Object body, Map<String, String> headers) {
        return exchange.call(method, path, body, headers);
    }

    public Created send(SendEmail email) {
        return as(call("POST", "/emails", email, Map.of()), Created.class);
    }

    /// @param idempotencyKey the same key within 24 hours sends once and answers the same
    public Created send(SendEmail email, String idempotencyKey) {
        return as(
                call("POST", "/emails", email, Map.of("Idempotency-Key", idempotencyKey)),
                Created.class);
    }

    /// All or none are accepted.
    ///
    /// @return their ids, in the order of `emails`
    public List<Created> sendBatch(List<SendEmail> emails) {
        record Batch(List<Created> data) {}
        return as(call("POST", "/emails/batch", emails, Map.of()), Batch.class).data();
    }

    public EmailView email(String id) {
        return as(get("/emails/" + segment(id)), EmailView.class);
    }

    /// @param after the id of the last one of the page before, or `null` for the newest
    public ListOf<EmailView> emails(int limit, @Nullable String after) {
        return list(get("/emails" + page(limit, after)), new TypeReference<>() {});
    }

    /// Calls back an e-mail that is scheduled.
    public Created cancelEmail(String id) {
        return as(
                call("POST", "/emails/" + segment(id) + "/cancel", null, Map.of()), Created.class);
    }

    public DomainView createDomain(CreateDomain domain) {
        return as(call("POST", "/domains", domain, Map.of()), DomainView.class);
    }

    public DomainView domain(String id) {
        return as(get("/domains/" + segment(id)), DomainView.class);
    }

    public ListOf<DomainView> domains() {
        return list(get("/domains" + page(100, null)), new TypeReference<>() {});
    }

    /// Asks for a look at the domain's records; its status tells the result a little later.
    public Created verifyDomain(String id) {
        return as(
                call("POST", "/domains/" + segment(id) + "/verify", null, Map.of()), Created.class);
    }

    public void deleteDomain(String id) {
        call("DELETE", "/domains/" + segment(id), null, Map.of());
    }

    public ApiKeyCreated createApiKey(CreateApiKey key) {
        return as(call("POST", "/api-keys", key, Map.of()), ApiKeyCreated.class);
    }

    public ListOf<ApiKeyView> apiKeys() {
        return list(get("/api-keys" + page(100, null)), new TypeReference<>() {});
    }

    public void revokeApiKey(String id) {
        call("DELETE", "/api-keys/" + segment(id), null, Map.of());
    }

    @Override
    public void close() {
        exchange.close();
    }

    /// Percent-encodes one segment of a path.
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static <T> T as(JsonNode node, Class<T> type) {
        return Json.mapper().treeToValue(node, type);
    }

    private JsonNode get(String path) {
        return call("GET", path, null, Map.of());
    }

    private static String page(int limit, @Nullable String after) {
        return "?limit=" + limit + (after == null ? "" : "&after=" + segment(after));
    }

    private static <T> ListOf<T> list(JsonNode node, TypeReference<ListOf<T>> type) {
        return Json.mapper().treeToValue(node, type);
    }
}
