package ai.mailgoat.server.email;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.email.EmailFilter.Address;
import ai.mailgoat.server.email.EmailFilter.Tag;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.store.Tx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Parts of the table `email`, read in the order of ids.
final class EmailSearchStore {

    /// The ids above `low` and below `high`, neither of them included.
    record Slice(UUID low, UUID high) {

        /// What of it comes first, up to `edge` and with it: the newest, unless `older` is false.
        Slice upTo(UUID edge, boolean older) {
            return older
                    ? new Slice(neighbour(edge, -1), high)
                    : new Slice(low, neighbour(edge, 1));
        }

        /// What of it comes after `edge`.
        Slice from(UUID edge, boolean older) {
            return older ? new Slice(low, edge) : new Slice(edge, high);
        }

        // Of a UUIDv7, whose low half begins with its variant: there is no carry.
        private static UUID neighbour(UUID id, int step) {
            return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + step);
        }
    }

    /// The id that ends a part of `rows` mails, in the direction travelled; empty when the slice
    /// has fewer.
    Optional<UUID> edge(Tx tx, TeamId team, Slice slice, boolean older, int rows) {
        return tx.first(
                "SELECT id FROM email WHERE team_id = ? AND id > ? AND id < ?"
                        + order(older)
                        + " OFFSET "
                        + (rows - 1)
                        + " ROWS FETCH FIRST 1 ROWS ONLY",
                row -> row.uuid("id"),
                team.value(),
                slice.low(),
                slice.high());
    }

    /// The mails of a slice that pass the filter, `limit` at most; `content` is left empty.
    List<EmailRow> select(
            Tx tx, TeamId team, EmailFilter filter, Slice slice, boolean older, int limit) {
        var where = new Where();
        where.and("team_id = ?", team.value());
        where.and("id > ?", slice.low());
        where.and("id < ?", slice.high());
        filter.createdAfter().ifPresent(time -> where.and("created_at > ?", time));
        filter.createdBefore().ifPresent(time -> where.and("created_at < ?", time));
        if (!filter.status().isEmpty()) {
            String marks = String.join(", ", Collections.nCopies(filter.status().size(), "?"));
            where.and("last_event IN (" + marks + ")", filter.status().toArray());
        }
        filter.from().ifPresent(from -> from(where, from));
        filter.tags().forEach(tag -> tag(where, tag));
        filter.subject()
                .ifPresent(text -> where.and("LOWER(subject) LIKE ? ESCAPE '!'", within(text)));
        filter.to().ifPresent(to -> to(where, to));
        return tx.query(
                EmailStore.LISTED
                        + where.sql
                        + order(older)
                        + " FETCH FIRST "
                        + limit
                        + " ROWS ONLY",
                EmailStore::listed,
                where.parameters.toArray());
    }

    // The sender stands as `a@b` or as `Name <a@b>`; no name ends in a bracket.
    private static void from(Where where, Address from) {
        if (from.isDomain()) {
            where.and(
                    "(LOWER(sender) LIKE ? ESCAPE '!' OR LOWER(sender) LIKE ? ESCAPE '!')",
                    "%" + escaped(from.text()),
                    "%" + escaped(from.text()) + ">");
        } else {
            where.and(
                    "(LOWER(sender) = ? OR LOWER(sender) LIKE ? ESCAPE '!')",
                    from.text(),
                    "%<" + escaped(from.text()) + ">");
        }
    }

    // The address lists of the row itself hold whoever can be found, and others: only what passes
    // there is looked up in the table of recipients.
    private static void to(Where where, Address to) {
        where.and("LOWER(recipients) LIKE ? ESCAPE '!'", within(to.text()));
        where.and(
                "EXISTS (SELECT 1 FROM recipient WHERE email_id = email.id AND LOWER(address) "
                        + (to.isDomain() ? "LIKE ? ESCAPE '!')" : "= ?)"),
                to.isDomain() ? "%" + escaped(to.text()) : to.text());
    }

    // Names and values have no character that JSON would escape.
    private static void tag(Where where, Tag tag) {
        String json =
                tag.value()
                        .map(v -> "{\"name\":\"" + tag.name() + "\",\"value\":\"" + v + "\"}")
                        .orElse("{\"name\":\"" + tag.name() + "\",");
        where.and("tags LIKE ? ESCAPE '!'", within(json));
    }

    // Both columns of the index, or H2 sorts.
    private static String order(boolean older) {
        return older ? " ORDER BY team_id DESC, id DESC" : " ORDER BY team_id, id";
    }

    private static String within(String text) {
        return "%" + escaped(text) + "%";
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    private static final class Where {
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> parameters = new ArrayList<>();

        void and(String condition, Object... values) {
            sql.append(sql.isEmpty() ? "WHERE " : " AND ").append(condition);
            Collections.addAll(parameters, values);
        }
    }
}
