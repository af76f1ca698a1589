package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/oauth/grants`.
public final class GrantRoutes {
    private final Grants grants;

    public GrantRoutes(Grants grants) {
        this.grants = grants;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/oauth/grants", Access.FULL, this::list)
                .delete("/oauth/grants/{id}", Access.FULL, this::revoke);
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = grants.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(Item::of).toList()));
    }

    private Answer revoke(Call call) {
        var grant =
                grants.revoke(call.principal().team(), new ApiKeyId(call.uuid("id")))
                        .orElseThrow(() -> ApiException.notFound("OAuth grant"));
        Instant at = grant.revokedAt();
        return Answer.ok(
                new Revoked(
                        "oauth_grant",
                        grant.id().value(),
                        at == null ? null : ApiTime.iso(at),
                        grant.revokedReason()));
    }

    record Item(
            String object,
            UUID id,
            String clientId,
            List<String> scopes,
            String createdAt,
            @Nullable String revokedAt,
            @Nullable String revokedReason,
            Client client) {
        static Item of(Grant grant) {
            Instant revoked = grant.revokedAt();
            return new Item(
                    "oauth_grant",
                    grant.id().value(),
                    grant.clientId(),
                    grant.scopes(),
                    ApiTime.postgres(grant.createdAt()),
                    revoked == null ? null : ApiTime.postgres(revoked),
                    grant.revokedReason(),
                    new Client(grant.clientName(), null));
        }
    }

    /// @param logoUri nothing is known of it here
    record Client(String name, @Nullable String logoUri) {}

    record Revoked(
            String object, UUID id, @Nullable String revokedAt, @Nullable String revokedReason) {}
}
