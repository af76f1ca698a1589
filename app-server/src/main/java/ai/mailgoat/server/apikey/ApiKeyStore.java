package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `api_key`. A revoked key has no row.
final class ApiKeyStore {

    void insert(Tx tx, ApiKey key, TeamId team, Token token) {
        tx.update(
                """
                INSERT INTO api_key
                    (id, team_id, name, prefix, secret_hash, permission, domain_id, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                key.id().value(),
                team.value(),
                key.name(),
                token.prefix(),
                token.hash(),
                key.permission(),
                key.domain() == null ? null : key.domain().value(),
                key.createdAt());
    }

    Optional<Secret> byPrefix(Tx tx, String prefix) {
        return tx.first(
                """
                SELECT id, team_id, permission, domain_id, secret_hash
                FROM api_key WHERE prefix = ?\
                """,
                row ->
                        new Secret(
                                new Principal(
                                        new TeamId(row.uuid("team_id")),
                                        new ApiKeyId(row.uuid("id")),
                                        Permission.valueOf(row.string("permission")),
                                        domain(row)),
                                row.bytes("secret_hash")),
                prefix);
    }

    List<ApiKey> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                """
                SELECT id, name, permission, domain_id, created_at, last_used_at
                FROM api_key WHERE team_id = ?\
                """
                        + page.sql("team_id", "id"),
                row ->
                        new ApiKey(
                                new ApiKeyId(row.uuid("id")),
                                row.string("name"),
                                Permission.valueOf(row.string("permission")),
                                domain(row),
                                row.instant("created_at"),
                                row.instantOrNull("last_used_at")),
                page.parameters(team.value()));
    }

    Optional<Holder> holder(Tx tx, TeamId team, ApiKeyId id) {
        return tx.first(
                """
                SELECT k.name AS name, d.name AS domain_name
                FROM api_key k LEFT JOIN domain d ON d.id = k.domain_id
                WHERE k.id = ? AND k.team_id = ?\
                """,
                row -> new Holder(row.string("name"), row.stringOrNull("domain_name")),
                id.value(),
                team.value());
    }

    int rename(Tx tx, TeamId team, ApiKeyId id, String name) {
        return tx.update(
                "UPDATE api_key SET name = ? WHERE id = ? AND team_id = ?",
                name,
                id.value(),
                team.value());
    }

    Optional<String> prefix(Tx tx, TeamId team, ApiKeyId id) {
        return tx.first(
                "SELECT prefix FROM api_key WHERE id = ? AND team_id = ?",
                row -> row.string("prefix"),
                id.value(),
                team.value());
    }

    List<String> prefixesBoundTo(Tx tx, DomainId domain) {
        return tx.query(
                "SELECT prefix FROM api_key WHERE domain_id = ?",
                row -> row.string("prefix"),
                domain.value());
    }

    void deleteByPrefix(Tx tx, String prefix) {
        tx.update("DELETE FROM api_key WHERE prefix = ?", prefix);
    }

    boolean teamHasDomain(Tx tx, TeamId team, DomainId domain) {
        return tx.first(
                        "SELECT id FROM domain WHERE id = ? AND team_id = ?",
                        row -> row.uuid("id"),
                        domain.value(),
                        team.value())
                .isPresent();
    }

    void used(Tx tx, Map<ApiKeyId, Instant> uses) {
        var rows = new ArrayList<@Nullable Object[]>();
        uses.forEach((id, at) -> rows.add(new @Nullable Object[] {at, id.value()}));
        tx.batch("UPDATE api_key SET last_used_at = ? WHERE id = ?", rows);
    }

    private static @Nullable DomainId domain(Tx.Row row) throws SQLException {
        var id = row.uuidOrNull("domain_id");
        return id == null ? null : new DomainId(id);
    }

    /// @param domain the name of the only domain the key may send from
    record Holder(String name, @Nullable String domain) {}

    /// What authentication needs of a key.
    record Secret(Principal principal, byte[] hash) {}
}
