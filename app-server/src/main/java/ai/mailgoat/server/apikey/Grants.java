package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What teams let applications do (RFC 6749): each grant has one access token, which {@link
/// ApiKeys} recognises. Two scopes: `full_access`, and `emails:send`, which is as much as a
/// `sending_access` key may.
public final class Grants {
    private static final String FULL = "full_access";
    private static final String SEND = "emails:send";
    private static final List<String> SCOPES = List.of(FULL, SEND);

    private static final String BY_TEAM = "revoked_by_team";

    private final Store store;
    private final ApiKeys keys;
    private final GrantStore grants = new GrantStore();
    private final InstantSource clock;
    private final Uuids ids;
    private final SecureRandom random;

    public Grants(Store store, ApiKeys keys, InstantSource clock, Uuids ids, SecureRandom random) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
    }

    /// Makes a grant.
    ///
    /// @param clientId what the application goes by; several grants may name the same
    /// @return with the token, which is kept nowhere
    /// @throws ApiException 422 when a scope is unknown, or none is named
    public NewApiKey create(TeamId team, String clientId, String clientName, List<String> scopes) {
        var distinct = scopes.stream().distinct().toList();
        if (distinct.isEmpty()) {
            throw ApiException.missingField("scopes");
        }
        if (!SCOPES.containsAll(distinct)) {
            throw ApiException.validation(
                    "Invalid `scopes` field. It must be one of: "
                            + String.join(", ", SCOPES)
                            + ".");
        }
        var token = Token.random(random, Token.GRANT);
        var grant =
                new Grant(
                        new ApiKeyId(ids.next()),
                        clientId,
                        clientName,
                        distinct,
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        null,
                        null);
        return store.write(tx -> {
            grants.insert(tx, grant, team, token);
            return new NewApiKey(grant.id(), token.text());
        });
    }

    List<Grant> list(TeamId team, Page page) {
        return store.read(tx -> grants.list(tx, team, page));
    }

    /// Revokes a grant. When this returns, no request gets in with its token any more. One that is
    /// revoked already stays as it is.
    ///
    /// @return empty when the team has no such grant
    Optional<Grant> revoke(TeamId team, ApiKeyId id) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return store.write(tx -> revoke(tx, team, id, now));
    }

    private Optional<Grant> revoke(Tx tx, TeamId team, ApiKeyId id, java.time.Instant now) {
        grants.revoke(tx, team, id, now, BY_TEAM);
        grants.prefix(tx, team, id).ifPresent(prefix -> keys.forget(tx, List.of(prefix)));
        return grants.find(tx, team, id);
    }

    static Permission permission(List<String> scopes) {
        return scopes.contains(FULL) ? Permission.FULL_ACCESS : Permission.SENDING_ACCESS;
    }
}
