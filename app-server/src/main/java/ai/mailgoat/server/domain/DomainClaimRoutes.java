package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/domains/claim` and below. `{id}` is the `domain_id` of the claim.
public final class DomainClaimRoutes {
    private final DomainClaims claims;

    public DomainClaimRoutes(DomainClaims claims) {
        this.claims = claims;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/domains/claim", Access.FULL, this::claim)
                .get("/domains/{id}/claim", Access.FULL, this::get)
                .delete("/domains/{id}/claim", Access.FULL, this::cancel)
                .post("/domains/{id}/claim/verify", Access.FULL, this::verify);
    }

    private Answer claim(Call call) {
        var asked = DomainRequests.create(call.body());
        var claimed = claims.claim(call.principal().team(), asked);
        var body = Body.of(claimed.claim());
        return claimed.isNew() ? Answer.created(body) : Answer.ok(body);
    }

    private Answer get(Call call) {
        return answer(claims.find(call.principal().team(), id(call)));
    }

    private Answer verify(Call call) {
        return answer(claims.verify(call.principal().team(), id(call)));
    }

    private Answer cancel(Call call) {
        if (!claims.cancel(call.principal().team(), id(call))) {
            throw notFound();
        }
        return answer(claims.find(call.principal().team(), id(call)));
    }

    private static Answer answer(Optional<DomainClaim> claim) {
        return Answer.ok(Body.of(claim.orElseThrow(DomainClaimRoutes::notFound)));
    }

    private static ApiException notFound() {
        return ApiException.notFound("Domain claim");
    }

    private static DomainId id(Call call) {
        return new DomainId(call.uuid("id"));
    }

    /// @param blockedReason always `null`: nothing but the missing record keeps a claim back
    record Body(
            String object,
            UUID id,
            String name,
            String status,
            UUID domainId,
            String region,
            TxtRecord record,
            @Nullable String blockedReason,
            @Nullable String failureReason,
            String createdAt,
            String expiresAt) {
        static Body of(DomainClaim claim) {
            return new Body(
                    "domain_claim",
                    claim.id(),
                    claim.name().ascii(),
                    claim.status().apiName(),
                    claim.domainId().value(),
                    DomainClaims.region(claim),
                    new TxtRecord("TXT", claim.name().ascii(), claim.record(), "Auto"),
                    null,
                    claim.failureReason(),
                    ApiTime.postgres(claim.createdAt()),
                    ApiTime.postgres(claim.expiresAt()));
        }
    }

    record TxtRecord(String type, String name, String value, String ttl) {}
}
