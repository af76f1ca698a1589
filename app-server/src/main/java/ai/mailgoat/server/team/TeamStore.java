package ai.mailgoat.server.team;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.team.Teams.Team;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tables `team` and `app_user`.
final class TeamStore {

    /// The team that was made first, which `setup` made.
    Optional<TeamId> first(Tx tx) {
        return tx.first(
                "SELECT id FROM team ORDER BY created_at, id FETCH FIRST 1 ROWS ONLY",
                row -> new TeamId(row.uuid("id")));
    }

    List<Team> list(Tx tx, Page page) {
        return tx.query(
                "SELECT id, name, created_at FROM team WHERE id IS NOT NULL" + page.sql("id"),
                row ->
                        new Team(
                                new TeamId(row.uuid("id")),
                                row.string("name"),
                                row.instant("created_at")),
                page.parameters());
    }

    Optional<String> name(Tx tx, TeamId id) {
        return tx.first(
                "SELECT name FROM team WHERE id = ?", row -> row.string("name"), id.value());
    }

    void insert(Tx tx, TeamId id, String name, @Nullable String adminEmail, Instant now) {
        tx.update(
                "INSERT INTO team (id, name, admin_email, created_at) VALUES (?, ?, ?, ?)",
                id.value(),
                name,
                adminEmail,
                now);
    }

    void setAdminEmail(Tx tx, TeamId id, String adminEmail) {
        tx.update("UPDATE team SET admin_email = ? WHERE id = ?", adminEmail, id.value());
    }

    int updatePassword(Tx tx, TeamId team, String email, PasswordHash hash) {
        return tx.update(
                "UPDATE app_user SET password_hash = ? WHERE email = ? AND team_id = ?",
                hash.phc(),
                email,
                team.value());
    }

    void insertUser(
            Tx tx, UUID id, TeamId team, String email, PasswordHash hash, Instant createdAt) {
        tx.update(
                """
                INSERT INTO app_user (id, team_id, email, password_hash, created_at)
                VALUES (?, ?, ?, ?, ?)\
                """,
                id,
                team.value(),
                email,
                hash.phc(),
                createdAt);
    }

    Optional<User> user(Tx tx, String email) {
        return tx.first(
                "SELECT team_id, password_hash FROM app_user WHERE email = ?",
                row ->
                        new User(
                                new TeamId(row.uuid("team_id")),
                                new PasswordHash(row.string("password_hash"))),
                email);
    }

    record User(TeamId team, PasswordHash hash) {}
}
