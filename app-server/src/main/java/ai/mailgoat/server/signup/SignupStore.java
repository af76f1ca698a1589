package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.signup.Signup.Confirmation;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `signup`.
final class SignupStore {
    /// Rows deleted in one transaction.
    private static final int AT_ONCE = 500;

    private static final String SELECT =
            """
            SELECT id, team_id, form_id, address, email, first_name, last_name, consent, ip, created_at, confirmed_at,
                confirmed_ip, contact_id FROM signup\
            """;

    void insert(Tx tx, Signup signup) {
        tx.update(
                """
                INSERT INTO signup (id, team_id, form_id, address, email, first_name, last_name, consent, ip, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                signup.id(),
                signup.team().value(),
                signup.form(),
                signup.address(),
                signup.email(),
                signup.firstName(),
                signup.lastName(),
                signup.consent(),
                signup.ip(),
                signup.createdAt());
    }

    /// When the newest sign-ups of an address were asked for, on any form of the team, newest
    /// first.
    List<Instant> recent(Tx tx, TeamId team, String address, int most) {
        return tx.query(
                """
                SELECT created_at FROM signup WHERE team_id = ? AND address = ?
                ORDER BY team_id DESC, address DESC, id DESC FETCH FIRST %d ROWS ONLY\
                """
                        .formatted(most),
                row -> row.instant("created_at"),
                team.value(),
                address);
    }

    /// When this address was last written on this form.
    Optional<Instant> last(Tx tx, TeamId team, String address, UUID form) {
        return tx.first(
                """
                SELECT created_at FROM signup WHERE team_id = ? AND address = ? AND form_id = ?
                ORDER BY team_id DESC, address DESC, id DESC FETCH FIRST 1 ROWS ONLY\
                """,
                row -> row.instant("created_at"),
                team.value(),
                address,
                form);
    }

    Optional<Signup> find(Tx tx, UUID id) {
        return tx.first(SELECT + " WHERE id = ?", SignupStore::map, id);
    }

    Optional<Signup> find(Tx tx, TeamId team, UUID id) {
        return tx.first(
                SELECT + " WHERE team_id = ? AND id = ?", SignupStore::map, team.value(), id);
    }

    List<Signup> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + " WHERE team_id = ?" + page.sql("team_id", "id"),
                SignupStore::map,
                page.parameters(team.value()));
    }

    List<Signup> ofForm(Tx tx, TeamId team, UUID form, Page page) {
        return tx.query(
                SELECT + " WHERE team_id = ? AND form_id = ?" + page.sql("form_id", "id"),
                SignupStore::map,
                page.parameters(team.value(), form));
    }

    List<Signup> ofAddress(Tx tx, TeamId team, String address, Page page) {
        return tx.query(
                SELECT
                        + " WHERE team_id = ? AND address = ?"
                        + page.sql("team_id", "address", "id"),
                SignupStore::map,
                page.parameters(team.value(), address));
    }

    void confirm(Tx tx, UUID id, Confirmation confirmation) {
        tx.update(
                "UPDATE signup SET confirmed_at = ?, confirmed_ip = ?, contact_id = ? WHERE id = ?",
                confirmation.at(),
                confirmation.ip(),
                confirmation.contact(),
                id);
    }

    boolean delete(Tx tx, TeamId team, UUID id) {
        return tx.update("DELETE FROM signup WHERE team_id = ? AND id = ?", team.value(), id) == 1;
    }

    /// Deletes some that were asked for before `time` and never confirmed.
    ///
    /// @return whether there may be more
    boolean deletePending(Tx tx, Instant time) {
        var ids =
                tx.query(
                        "SELECT id FROM signup WHERE confirmed_at IS NULL AND created_at < ? FETCH FIRST "
                                + AT_ONCE
                                + " ROWS ONLY",
                        row -> row.uuid("id"),
                        time);
        var rows = new ArrayList<@Nullable Object[]>(ids.size());
        ids.forEach(id -> rows.add(new Object[] {id}));
        tx.batch("DELETE FROM signup WHERE id = ?", rows);
        return ids.size() == AT_ONCE;
    }

    private static Signup map(Tx.Row row) throws SQLException {
        return new Signup(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.uuid("form_id"),
                row.string("address"),
                row.string("email"),
                row.stringOrNull("first_name"),
                row.stringOrNull("last_name"),
                row.string("consent"),
                row.string("ip"),
                row.instant("created_at"),
                confirmation(row));
    }

    private static @Nullable Confirmation confirmation(Tx.Row row) throws SQLException {
        var at = row.instantOrNull("confirmed_at");
        return at == null
                ? null
                : new Confirmation(at, row.string("confirmed_ip"), row.uuid("contact_id"));
    }
}
