package ai.mailgoat.server.page;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `brand`.
final class BrandStore {

    /// One team's row.
    record Row(
            BrandOptions options,
            @Nullable String logo,
            @Nullable String logoType,
            Instant updatedAt) {}

    Optional<Row> find(Tx tx, TeamId team) {
        return tx.first(
                "SELECT options, logo_blob, logo_type, updated_at FROM brand WHERE team_id = ?",
                BrandStore::map,
                team.value());
    }

    void save(Tx tx, TeamId team, Row row) {
        String options = Json.mapper().writeValueAsString(row.options());
        int known =
                tx.update(
                        "UPDATE brand SET options = ?, logo_blob = ?, logo_type = ?, updated_at = ? WHERE team_id = ?",
                        options,
                        row.logo(),
                        row.logoType(),
                        row.updatedAt(),
                        team.value());
        if (known == 0) {
            tx.update(
                    "INSERT INTO brand (options, logo_blob, logo_type, updated_at, team_id) VALUES (?, ?, ?, ?, ?)",
                    options,
                    row.logo(),
                    row.logoType(),
                    row.updatedAt(),
                    team.value());
        }
    }

    /// The media type of a logo, whoever's it is: who knows the key has seen the picture.
    Optional<String> logoType(Tx tx, String logo) {
        return tx.first(
                "SELECT logo_type FROM brand WHERE logo_blob = ?",
                row -> row.string("logo_type"),
                logo);
    }

    private static Row map(Tx.Row row) throws SQLException {
        return new Row(
                Json.read(
                        row.string("options").getBytes(StandardCharsets.UTF_8), BrandOptions.class),
                row.stringOrNull("logo_blob"),
                row.stringOrNull("logo_type"),
                row.instant("updated_at"));
    }
}
