package ai.mailgoat.server.segment;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `segment`.
final class SegmentStore {
    private static final String SELECT =
            "SELECT id, name, created_at FROM segment WHERE team_id = ?";

    void insert(Tx tx, TeamId team, Segment segment) {
        tx.update(
                "INSERT INTO segment (id, team_id, name, created_at) VALUES (?, ?, ?, ?)",
                segment.id(),
                team.value(),
                segment.name(),
                segment.createdAt());
    }

    List<UUID> existing(Tx tx, TeamId team, Collection<UUID> ids) {
        return tx.queryIn(
                "SELECT id FROM segment WHERE (team_id, id) IN",
                row -> row.uuid("id"),
                team.value(),
                ids);
    }

    Optional<Segment> byId(Tx tx, TeamId team, UUID id) {
        return tx.first(SELECT + " AND id = ?", SegmentStore::map, team.value(), id);
    }

    List<Segment> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + page.sql("team_id", "id"),
                SegmentStore::map,
                page.parameters(team.value()));
    }

    List<Segment> ofContact(Tx tx, TeamId team, UUID contact, Page page) {
        return tx.query(
                """
                SELECT s.id, s.name, s.created_at FROM segment_contact sc JOIN segment s ON s.id = sc.segment_id
                WHERE sc.contact_id = ? AND s.team_id = ?\
                """
                        + page.sql("sc.contact_id", "sc.segment_id"),
                SegmentStore::map,
                page.parameters(contact, team.value()));
    }

    boolean rename(Tx tx, TeamId team, UUID id, String name) {
        return tx.update(
                        "UPDATE segment SET name = ? WHERE team_id = ? AND id = ?",
                        name,
                        team.value(),
                        id)
                == 1;
    }

    boolean delete(Tx tx, TeamId team, UUID id) {
        return tx.update("DELETE FROM segment WHERE team_id = ? AND id = ?", team.value(), id) == 1;
    }

    private static Segment map(Tx.Row row) throws SQLException {
        return new Segment(row.uuid("id"), row.string("name"), row.instant("created_at"));
    }
}
