package ai.mailgoat.server.tracking;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// The table `engagement`.
final class EngagementStore {
    private static final String SELECT =
            "SELECT id, team_id, email_id, broadcast_id, kind, url, at, ip, user_agent, verdict, reason"
                    + " FROM engagement ";

    void insert(Tx tx, Engagement e) {
        tx.update(
                """
                INSERT INTO engagement (id, team_id, email_id, broadcast_id, kind, url, at, ip, user_agent, verdict,
                    reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                e.id(),
                e.team().value(),
                e.email(),
                e.broadcast(),
                e.kind().text(),
                e.url(),
                e.at(),
                e.ip(),
                e.userAgent(),
                e.verdict().text(),
                e.verdict().reason());
    }

    /// Whether a mail has fewer than `most`.
    boolean hasRoom(Tx tx, UUID email, int most) {
        return tx.query(
                        "SELECT id FROM engagement WHERE email_id = ? ORDER BY email_id, id OFFSET ? ROWS"
                                + " FETCH FIRST 1 ROWS ONLY",
                        row -> row.uuid("id"),
                        email,
                        most - 1)
                .isEmpty();
    }

    /// Those of one mail since a time, oldest first.
    List<Engagement> ofMail(Tx tx, UUID email, Instant since, int limit) {
        return tx.query(
                SELECT
                        + "WHERE email_id = ? AND id > ? ORDER BY email_id, id FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                EngagementStore::map,
                email,
                Uuids.first(since));
    }

    /// Those of all mails after one, oldest first.
    List<Engagement> after(Tx tx, UUID id, int limit) {
        return tx.query(
                SELECT + "WHERE id > ? ORDER BY id FETCH FIRST " + limit + " ROWS ONLY",
                EngagementStore::map,
                id);
    }

    /// @return whether it was another kind of verdict before
    boolean revise(Tx tx, Engagement e, Verdict verdict) {
        return tx.update(
                        "UPDATE engagement SET verdict = ?, reason = ? WHERE team_id = ? AND id = ? AND verdict <> ?",
                        verdict.text(),
                        verdict.reason(),
                        e.team().value(),
                        e.id(),
                        verdict.text())
                == 1;
    }

    private static Engagement map(Tx.Row row) throws SQLException {
        return new Engagement(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.uuid("email_id"),
                row.uuidOrNull("broadcast_id"),
                Kind.of(row.string("kind")),
                row.stringOrNull("url"),
                row.instant("at"),
                Objects.requireNonNullElse(row.stringOrNull("ip"), ""),
                Objects.requireNonNullElse(row.stringOrNull("user_agent"), ""),
                new Verdict(row.string("verdict").equals("human"), row.string("reason")));
    }
}
