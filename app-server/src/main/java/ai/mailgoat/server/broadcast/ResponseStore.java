package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the table `broadcast_recipient` holds of how the mail was taken, the events it comes from,
/// and the clicks of the table `engagement`. Whose a broadcast is has been asked before.
final class ResponseStore {
    private static final String CLICKS_OF_PEOPLE = " kind = 'clicked' AND verdict = 'human' ";

    /// @param data `null` unless it is a bounce
    record EventRow(UUID id, UUID email, String type, Instant at, byte @Nullable [] data) {}

    record RecipientRow(
            long ordinal,
            UUID contact,
            String address,
            @Nullable UUID email,
            @Nullable String bounceType,
            int opens,
            int clicks) {}

    /// @param unique mails in which it was followed
    record LinkRow(String url, long clicks, long unique) {}

    /// The last event that was followed.
    Optional<UUID> progress(Tx tx) {
        return tx.first(
                "SELECT event_id FROM response_progress WHERE id = 1", row -> row.uuid("event_id"));
    }

    /// @param from what {@link #progress} told, if it told something
    /// @return whether nobody else was faster
    boolean advance(Tx tx, Optional<UUID> from, UUID to) {
        if (from.isPresent()) {
            return tx.update(
                            "UPDATE response_progress SET event_id = ? WHERE id = 1 AND event_id = ?",
                            to,
                            from.get())
                    == 1;
        }
        if (progress(tx).isPresent()) {
            return false;
        }
        return tx.update("INSERT INTO response_progress (id, event_id) VALUES (1, ?)", to) == 1;
    }

    /// The events after one, in their order, of all kinds.
    List<EventRow> events(Tx tx, UUID after, int limit) {
        return tx.query(
                "SELECT id, subject_id, type, at, CASE WHEN type = 'email.bounced' THEN data END AS data"
                        + " FROM event WHERE id > ? ORDER BY id FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                row ->
                        new EventRow(
                                row.uuid("id"),
                                row.uuid("subject_id"),
                                row.string("type"),
                                row.instant("at"),
                                row.bytesOrNull("data")),
                after);
    }

    /// These and the following touch nobody when the mail is none of a broadcast.
    void delivered(Tx tx, List<@Nullable Object[]> atAndEmail) {
        tx.batch(
                "UPDATE broadcast_recipient SET delivered_at = ? WHERE email_id = ? AND delivered_at IS NULL",
                atAndEmail);
    }

    void bounced(Tx tx, List<@Nullable Object[]> typeAndEmail) {
        tx.batch("UPDATE broadcast_recipient SET bounce_type = ? WHERE email_id = ?", typeAndEmail);
    }

    void complained(Tx tx, List<@Nullable Object[]> email) {
        tx.batch("UPDATE broadcast_recipient SET complained = TRUE WHERE email_id = ?", email);
    }

    /// Counts again what people did with a mail: verdicts may have changed.
    ///
    /// @param emailThreeTimes the same in all three places
    void engaged(Tx tx, List<@Nullable Object[]> emailThreeTimes) {
        tx.batch(
                """
                UPDATE broadcast_recipient SET
                    opens = (SELECT COUNT(*) FROM engagement e
                        WHERE e.email_id = ? AND e.kind = 'opened' AND e.verdict = 'human'),
                    clicks = (SELECT COUNT(*) FROM engagement e
                        WHERE e.email_id = ? AND e.kind = 'clicked' AND e.verdict = 'human')
                WHERE email_id = ?\
                """,
                emailThreeTimes);
    }

    boolean exists(Tx tx, TeamId team, UUID broadcast) {
        return tx.first(
                        "SELECT id FROM broadcast WHERE team_id = ? AND id = ?",
                        row -> row.uuid("id"),
                        team.value(),
                        broadcast)
                .isPresent();
    }

    Optional<String> name(Tx tx, TeamId team, UUID broadcast) {
        return tx.first(
                "SELECT name FROM broadcast WHERE team_id = ? AND id = ?",
                row -> row.string("name"),
                team.value(),
                broadcast);
    }

    /// Up to one more than the page holds, in the order of the audience; for `before` the other way
    /// round.
    ///
    /// @param page its cursors carry ordinals
    List<RecipientRow> recipients(
            Tx tx, UUID broadcast, Response response, @Nullable String address, Page page) {
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(broadcast);
        var sql =
                new StringBuilder(
                        """
                        SELECT ordinal, contact_id, address, email_id, bounce_type, opens, clicks
                        FROM broadcast_recipient WHERE broadcast_id = ? AND\
                        """);
        sql.append(' ').append(condition(response));
        if (address != null) {
            sql.append(" AND address = ?");
            parameters.add(address);
        }
        if (response.bounceType() != null) {
            sql.append(" AND bounce_type = ?");
            parameters.add(response.bounceType());
        }
        boolean back = page.before() != null;
        var cursor = back ? page.before() : page.after();
        parameters.add(cursor == null ? -1L : cursor.getLeastSignificantBits());
        String order = back ? " DESC" : " ASC";
        sql.append(back ? " AND ordinal < ?" : " AND ordinal > ?")
                .append(" ORDER BY broadcast_id")
                .append(order)
                .append(", ordinal")
                .append(order)
                .append(" FETCH FIRST ")
                .append(page.limit() + 1)
                .append(" ROWS ONLY");
        return tx.query(sql.toString(), ResponseStore::recipient, parameters.toArray());
    }

    /// The links that people followed in one mail, most clicks first.
    List<LinkRow> linksOf(Tx tx, UUID email, int limit) {
        return tx.query(
                "SELECT url, COUNT(*) AS clicks, 1 AS mails FROM engagement WHERE email_id = ? AND"
                        + CLICKS_OF_PEOPLE
                        + "GROUP BY url ORDER BY clicks DESC, url FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                ResponseStore::link,
                email);
    }

    /// The links that people followed, most clicks first.
    List<LinkRow> links(Tx tx, UUID broadcast, int limit) {
        return tx.query(
                "SELECT url, COUNT(*) AS clicks, COUNT(DISTINCT email_id) AS mails FROM engagement"
                        + " WHERE broadcast_id = ? AND"
                        + CLICKS_OF_PEOPLE
                        + "GROUP BY url ORDER BY clicks DESC, url FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                ResponseStore::link,
                broadcast);
    }

    private static String condition(Response response) {
        return switch (response.type()) {
            case SENT -> "state = 'sent'";
            case DELIVERED -> "delivered_at IS NOT NULL";
            case OPENED -> "opens > 0";
            case CLICKED -> "clicks > 0";
            case BOUNCED -> "bounce_type IS NOT NULL";
            case COMPLAINED -> "complained";
            case UNSUBSCRIBED -> "unsubscribed";
            case SUPPRESSED -> "state = 'suppressed'";
        };
    }

    private static RecipientRow recipient(Tx.Row row) throws SQLException {
        return new RecipientRow(
                row.number("ordinal"),
                row.uuid("contact_id"),
                row.string("address"),
                row.uuidOrNull("email_id"),
                row.stringOrNull("bounce_type"),
                row.integer("opens"),
                row.integer("clicks"));
    }

    private static LinkRow link(Tx.Row row) throws SQLException {
        return new LinkRow(row.string("url"), row.number("clicks"), row.number("mails"));
    }
}
