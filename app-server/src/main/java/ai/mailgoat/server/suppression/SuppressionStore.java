package ai.mailgoat.server.suppression;

import ai.mailgoat.common.id.SuppressionId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppression.Origin;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The table `suppression`, unique by team and address.
final class SuppressionStore {
    private static final String COLUMNS =
            "SELECT id, address, origin, source_id, created_at FROM suppression WHERE team_id = ?";

    /// Which of `addresses` are on the list.
    Set<String> among(Tx tx, TeamId team, List<String> addresses) {
        return new HashSet<>(
                tx.queryIn(
                        "SELECT address FROM suppression WHERE (team_id, address) IN",
                        row -> row.string("address"),
                        team.value(),
                        addresses));
    }

    void insert(Tx tx, TeamId team, Suppression entry) {
        tx.update(
                """
                INSERT INTO suppression (id, team_id, address, origin, source_id, created_at)
                VALUES (?, ?, ?, ?, ?, ?)\
                """,
                entry.id().value(),
                team.value(),
                entry.address(),
                entry.origin(),
                entry.sourceId(),
                entry.createdAt());
    }

    Optional<Suppression> byId(Tx tx, TeamId team, SuppressionId id) {
        return tx.first(COLUMNS + " AND id = ?", SuppressionStore::map, team.value(), id.value());
    }

    Optional<Suppression> byAddress(Tx tx, TeamId team, String address) {
        return tx.first(COLUMNS + " AND address = ?", SuppressionStore::map, team.value(), address);
    }

    List<Suppression> list(Tx tx, TeamId team, @Nullable Origin origin, Page page) {
        return origin == null
                ? tx.query(
                        COLUMNS + page.sql("team_id", "id"),
                        SuppressionStore::map,
                        page.parameters(team.value()))
                : tx.query(
                        COLUMNS + " AND origin = ?" + page.sql("team_id", "origin", "id"),
                        SuppressionStore::map,
                        page.parameters(team.value(), origin));
    }

    void delete(Tx tx, TeamId team, SuppressionId id) {
        tx.update("DELETE FROM suppression WHERE id = ? AND team_id = ?", id.value(), team.value());
    }

    private static Suppression map(Tx.Row row) throws SQLException {
        return new Suppression(
                new SuppressionId(row.uuid("id")),
                row.string("address"),
                Origin.valueOf(row.string("origin")),
                row.uuidOrNull("source_id"),
                row.instant("created_at"));
    }
}
