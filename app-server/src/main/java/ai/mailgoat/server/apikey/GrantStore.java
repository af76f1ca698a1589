package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.apikey.ApiKeyStore.Holder;
import ai.mailgoat.server.apikey.ApiKeyStore.Secret;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `oauth_grant`. A revoked grant keeps its row.
final class GrantStore {
    private static final String SELECT =
            """
            SELECT id, client_id, client_name, scopes, created_at, revoked_at, revoked_reason
            FROM oauth_grant WHERE team_id = ?\
            """;

    void insert(Tx tx, Grant grant, TeamId team, Token token) {
        tx.update(
                """
                INSERT INTO oauth_grant
                    (id, team_id, client_id, client_name, scopes, prefix, secret_hash, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                grant.id().value(),
                team.value(),
                grant.clientId(),
                grant.clientName(),
                String.join(" ", grant.scopes()),
                token.prefix(),
                token.hash(),
                grant.createdAt());
    }

    Optional<Secret> byPrefix(Tx tx, String prefix) {
        return tx.first(
                """
                SELECT id, team_id, scopes, secret_hash FROM oauth_grant
                WHERE prefix = ? AND revoked_at IS NULL\
                """,
                row ->
                        new Secret(
                                new Principal(
                                        new TeamId(row.uuid("team_id")),
                                        new ApiKeyId(row.uuid("id")),
                                        Grants.permission(scopes(row)),
                                        null,
                                        Principal.Kind.GRANT),
                                row.bytes("secret_hash")),
                prefix);
    }

    Optional<Holder> holder(Tx tx, TeamId team, ApiKeyId id) {
        return tx.first(
                """
                SELECT client_name FROM oauth_grant
                WHERE team_id = ? AND id = ? AND revoked_at IS NULL\
                """,
                row -> new Holder(row.string("client_name"), null),
                team.value(),
                id.value());
    }

    List<Grant> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + page.sql("team_id", "id"),
                GrantStore::grant,
                page.parameters(team.value()));
    }

    Optional<Grant> find(Tx tx, TeamId team, ApiKeyId id) {
        return tx.first(SELECT + " AND id = ?", GrantStore::grant, team.value(), id.value());
    }

    Optional<String> prefix(Tx tx, TeamId team, ApiKeyId id) {
        return tx.first(
                "SELECT prefix FROM oauth_grant WHERE team_id = ? AND id = ?",
                row -> row.string("prefix"),
                team.value(),
                id.value());
    }

    void revoke(Tx tx, TeamId team, ApiKeyId id, Instant at, String reason) {
        tx.update(
                """
                UPDATE oauth_grant SET revoked_at = ?, revoked_reason = ?
                WHERE team_id = ? AND id = ? AND revoked_at IS NULL\
                """,
                at,
                reason,
                team.value(),
                id.value());
    }

    void used(Tx tx, Map<ApiKeyId, Instant> uses) {
        var rows = new ArrayList<@Nullable Object[]>();
        uses.forEach((id, at) -> rows.add(new @Nullable Object[] {at, id.value()}));
        tx.batch("UPDATE oauth_grant SET last_used_at = ? WHERE id = ?", rows);
    }

    private static Grant grant(Tx.Row row) throws SQLException {
        return new Grant(
                new ApiKeyId(row.uuid("id")),
                row.string("client_id"),
                row.string("client_name"),
                scopes(row),
                row.instant("created_at"),
                row.instantOrNull("revoked_at"),
                row.stringOrNull("revoked_reason"));
    }

    private static List<String> scopes(Tx.Row row) throws SQLException {
        return List.of(row.string("scopes").split(" "));
    }
}
