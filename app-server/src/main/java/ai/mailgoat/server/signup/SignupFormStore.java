package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.signup.SignupForm.Options;
import ai.mailgoat.server.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `signup_form`.
final class SignupFormStore {
    private static final String SELECT =
            "SELECT id, team_id, segment_id, name, options, created_at, updated_at FROM signup_form";

    void insert(Tx tx, SignupForm form) {
        tx.update(
                """
                INSERT INTO signup_form (id, team_id, segment_id, name, options, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)\
                """,
                form.id(),
                form.team().value(),
                form.segment(),
                form.name(),
                text(form.options()),
                form.createdAt(),
                form.updatedAt());
    }

    void update(Tx tx, SignupForm form) {
        tx.update(
                """
                UPDATE signup_form SET segment_id = ?, name = ?, options = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                form.segment(),
                form.name(),
                text(form.options()),
                form.updatedAt(),
                form.team().value(),
                form.id());
    }

    Optional<SignupForm> find(Tx tx, TeamId team, UUID id) {
        return tx.first(
                SELECT + " WHERE team_id = ? AND id = ?", SignupFormStore::map, team.value(), id);
    }

    /// The form of whichever team, as whoever has its link sees it.
    Optional<SignupForm> find(Tx tx, UUID id) {
        return tx.first(SELECT + " WHERE id = ?", SignupFormStore::map, id);
    }

    List<SignupForm> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + " WHERE team_id = ?" + page.sql("team_id", "id"),
                SignupFormStore::map,
                page.parameters(team.value()));
    }

    boolean delete(Tx tx, TeamId team, UUID id) {
        return tx.update("DELETE FROM signup_form WHERE team_id = ? AND id = ?", team.value(), id)
                == 1;
    }

    private static String text(Options options) {
        return Json.mapper().writeValueAsString(options);
    }

    private static SignupForm map(Tx.Row row) throws SQLException {
        return new SignupForm(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.uuid("segment_id"),
                row.string("name"),
                Json.read(row.string("options").getBytes(StandardCharsets.UTF_8), Options.class),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
