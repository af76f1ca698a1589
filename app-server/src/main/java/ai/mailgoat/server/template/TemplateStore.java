package ai.mailgoat.server.template;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The tables `template` and `template_version`. A published version is written once.
final class TemplateStore {
    private static final String SUMMARY =
            "SELECT id, name, alias, version_id, published_version_id, published_at, created_at,"
                    + " updated_at FROM template WHERE team_id = ?";

    void insert(Tx tx, TeamId team, Template template, TemplateContent content) {
        tx.update(
                """
                INSERT INTO template (id, team_id, name, alias, version_id, fields, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                template.id(),
                team.value(),
                template.name(),
                template.alias(),
                template.versionId(),
                Json.bytes(content),
                template.createdAt(),
                template.updatedAt());
    }

    /// @param key an id in full form, or an alias
    Optional<Template> find(Tx tx, TeamId team, String key) {
        var id = Uuids.parse(key);
        return id.isPresent()
                ? tx.first(SUMMARY + " AND id = ?", TemplateStore::map, team.value(), id.get())
                : tx.first(SUMMARY + " AND alias = ?", TemplateStore::map, team.value(), key);
    }

    List<Template> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SUMMARY + page.sql("team_id", "id"),
                TemplateStore::map,
                page.parameters(team.value()));
    }

    /// What its author works on.
    TemplateContent content(Tx tx, TeamId team, UUID template) {
        return tx.first(
                        "SELECT fields FROM template WHERE team_id = ? AND id = ?",
                        TemplateStore::content,
                        team.value(),
                        template)
                .orElseThrow();
    }

    /// A published version; none when its template was deleted.
    Optional<TemplateContent> version(Tx tx, UUID version) {
        return tx.first(
                "SELECT fields FROM template_version WHERE id = ?",
                TemplateStore::content,
                version);
    }

    void update(Tx tx, TeamId team, Template template, TemplateContent content) {
        tx.update(
                """
                UPDATE template SET name = ?, alias = ?, version_id = ?, fields = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                template.name(),
                template.alias(),
                template.versionId(),
                Json.bytes(content),
                template.updatedAt(),
                team.value(),
                template.id());
    }

    void publish(Tx tx, TeamId team, Template template, Instant at) {
        tx.update(
                """
                INSERT INTO template_version (id, template_id, fields, published_at)
                SELECT version_id, id, fields, ? FROM template WHERE team_id = ? AND id = ?\
                """,
                at,
                team.value(),
                template.id());
        tx.update(
                """
                UPDATE template SET published_version_id = version_id, published_at = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                at,
                at,
                team.value(),
                template.id());
    }

    void delete(Tx tx, TeamId team, UUID template) {
        tx.update("DELETE FROM template WHERE team_id = ? AND id = ?", team.value(), template);
    }

    private static TemplateContent content(Tx.Row row) throws SQLException {
        return Json.read(row.bytes("fields"), TemplateContent.class);
    }

    private static Template map(Tx.Row row) throws SQLException {
        return new Template(
                row.uuid("id"),
                row.string("name"),
                row.stringOrNull("alias"),
                row.uuid("version_id"),
                row.uuidOrNull("published_version_id"),
                row.instantOrNull("published_at"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
