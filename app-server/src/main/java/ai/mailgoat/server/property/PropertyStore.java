package ai.mailgoat.server.property;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `contact_property`, unique by team and key.
final class PropertyStore {
    private static final String SELECT =
            "SELECT id, prop_key, type, fallback, created_at FROM contact_property WHERE team_id = ?";

    void insert(Tx tx, TeamId team, Property property) {
        tx.update(
                """
                INSERT INTO contact_property (id, team_id, prop_key, type, fallback, created_at)
                VALUES (?, ?, ?, ?, ?, ?)\
                """,
                property.id(),
                team.value(),
                property.key(),
                property.type(),
                text(property.fallback()),
                property.createdAt());
    }

    List<Property> all(Tx tx, TeamId team, int max) {
        return tx.query(
                SELECT + " ORDER BY prop_key FETCH FIRST " + max + " ROWS ONLY",
                PropertyStore::map,
                team.value());
    }

    List<Property> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + page.sql("team_id", "id"),
                PropertyStore::map,
                page.parameters(team.value()));
    }

    Optional<Property> byId(Tx tx, TeamId team, UUID id) {
        return tx.first(SELECT + " AND id = ?", PropertyStore::map, team.value(), id);
    }

    void setFallback(Tx tx, TeamId team, UUID id, @Nullable Object fallback) {
        tx.update(
                "UPDATE contact_property SET fallback = ? WHERE team_id = ? AND id = ?",
                text(fallback),
                team.value(),
                id);
    }

    boolean delete(Tx tx, TeamId team, UUID id) {
        return tx.update(
                        "DELETE FROM contact_property WHERE team_id = ? AND id = ?",
                        team.value(),
                        id)
                == 1;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static Property map(Tx.Row row) throws SQLException {
        var type = Property.Type.valueOf(row.string("type"));
        String fallback = row.stringOrNull("fallback");
        return new Property(
                row.uuid("id"),
                row.string("prop_key"),
                type,
                fallback == null ? null : type.read(fallback).orElse(null),
                row.instant("created_at"));
    }
}
