package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Principal.Permission;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/api-keys`.
public final class ApiKeyRoutes {
    private static final int MAX_NAME = 50;

    private final ApiKeys keys;

    public ApiKeyRoutes(ApiKeys keys) {
        this.keys = keys;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/api-keys", Access.FULL, this::create)
                .get("/api-keys", Access.FULL, this::list)
                .patch("/api-keys/{id}", Access.FULL, this::rename)
                .delete("/api-keys/{id}", Access.FULL, this::revoke);
    }

    private Answer create(Call call) {
        var body = call.body();
        String name = name(body);
        var permission =
                body.constant("permission", Permission.class).orElse(Permission.FULL_ACCESS);
        var domain = body.string("domain_id").filter(id -> !id.isEmpty()).map(ApiKeyRoutes::domain);
        if (domain.isPresent() && permission != Permission.SENDING_ACCESS) {
            throw ApiException.validation(
                    "The `domain_id` field can only be used with the `sending_access` permission.");
        }
        var key = keys.create(call.principal().team(), name, permission, domain.orElse(null));
        return Answer.created(new Created(key.id().value(), key.token()));
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = keys.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(Item::of).toList()));
    }

    private Answer rename(Call call) {
        var id = new ApiKeyId(call.uuid("id"));
        if (!keys.rename(call.principal().team(), id, name(call.body()))) {
            throw ApiException.notFound("API key");
        }
        return Answer.ok(new Renamed("api_key", id.value()));
    }

    private Answer revoke(Call call) {
        var id = new ApiKeyId(call.uuid("id"));
        if (!keys.revoke(call.principal().team(), id)) {
            throw ApiException.notFound("API key");
        }
        return Answer.deleted("api_key", id.value());
    }

    // An empty name is accepted, as Resend accepts it.
    private static String name(JsonBody body) {
        String name = body.string("name").orElseThrow(() -> ApiException.missingField("name"));
        if (name.codePointCount(0, name.length()) > MAX_NAME) {
            throw ApiException.validation(
                    "The `name` field must have at most " + MAX_NAME + " characters.");
        }
        return name;
    }

    private static DomainId domain(String text) {
        return DomainId.parse(text).orElseThrow(() -> ApiException.invalidId("domain_id"));
    }

    record Created(UUID id, String token) {
        @Override
        public String toString() {
            return "Created[" + id + "]";
        }
    }

    record Renamed(String object, UUID id) {}

    record Item(
            UUID id,
            String name,
            String createdAt,
            @Nullable String lastUsedAt,
            String permission,
            @Nullable UUID domainId) {
        static Item of(ApiKey key) {
            return new Item(
                    key.id().value(),
                    key.name(),
                    ApiTime.postgres(key.createdAt()),
                    key.lastUsedAt() == null ? null : ApiTime.postgres(key.lastUsedAt()),
                    key.permission().apiName(),
                    key.domain() == null ? null : key.domain().value());
        }
    }
}
