package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.property.Property;
import ai.mailgoat.server.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `contact`, unique by team and address.
final class ContactStore {
    private static final String NO_VALUES = "{}";

    private static final String SELECT =
            """
            SELECT c.id, c.email, c.address, c.first_name, c.last_name, c.unsubscribed, c.properties, c.created_at,
                c.updated_at FROM\
            """;

    private static final String BY_TEAM = SELECT + " contact c WHERE c.team_id = ?";

    void insert(Tx tx, TeamId team, Collection<Contact> contacts) {
        var rows = new ArrayList<@Nullable Object[]>(contacts.size());
        for (var c : contacts) {
            rows.add(
                    new @Nullable Object[] {
                        c.id(),
                        team.value(),
                        c.email(),
                        c.address(),
                        c.firstName(),
                        c.lastName(),
                        c.unsubscribed(),
                        json(c.values()),
                        c.createdAt(),
                        c.updatedAt()
                    });
        }
        tx.batch(
                """
                INSERT INTO contact (id, team_id, email, address, first_name, last_name, unsubscribed, properties,
                    created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                rows);
    }

    void update(Tx tx, TeamId team, Collection<Contact> contacts) {
        var rows = new ArrayList<@Nullable Object[]>(contacts.size());
        for (var c : contacts) {
            rows.add(
                    new @Nullable Object[] {
                        c.firstName(),
                        c.lastName(),
                        c.unsubscribed(),
                        json(c.values()),
                        c.updatedAt(),
                        team.value(),
                        c.id()
                    });
        }
        tx.batch(
                """
                UPDATE contact SET first_name = ?, last_name = ?, unsubscribed = ?, properties = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                rows);
    }

    void delete(Tx tx, TeamId team, UUID id) {
        tx.update("DELETE FROM contact WHERE team_id = ? AND id = ?", team.value(), id);
    }

    Optional<Contact> find(Tx tx, TeamId team, ContactKey key) {
        return switch (key) {
            case ContactKey.Id(var id) ->
                    tx.first(BY_TEAM + " AND c.id = ?", ContactStore::map, team.value(), id);
            case ContactKey.Address(var address) ->
                    tx.first(
                            BY_TEAM + " AND c.address = ?",
                            ContactStore::map,
                            team.value(),
                            address);
        };
    }

    List<Contact> byAddress(Tx tx, TeamId team, Collection<String> addresses) {
        return tx.queryIn(
                SELECT + " contact c WHERE (c.team_id, c.address) IN",
                ContactStore::map,
                team.value(),
                addresses);
    }

    List<Contact> byId(Tx tx, TeamId team, Collection<UUID> ids) {
        return tx.queryIn(
                SELECT + " contact c WHERE (c.team_id, c.id) IN",
                ContactStore::map,
                team.value(),
                ids);
    }

    // A segment is walked in its own index, unless another condition leaves fewer rows: few
    // contacts
    // have unsubscribed. H2 walks an index backwards only when ORDER BY names all its columns.
    List<Contact> list(Tx tx, TeamId team, ContactFilter filter, Page page) {
        return filter.segment() == null
                        || filter.address() != null
                        || Boolean.TRUE.equals(filter.unsubscribed())
                ? ofTeam(tx, team, filter, page)
                : ofSegment(tx, team, filter.segment(), filter.unsubscribed(), page);
    }

    private static List<Contact> ofTeam(Tx tx, TeamId team, ContactFilter filter, Page page) {
        var sql = new StringBuilder(BY_TEAM);
        var parameters = new ArrayList<Object>();
        parameters.add(team.value());
        if (filter.address() != null) {
            sql.append(" AND c.address = ?");
            parameters.add(filter.address());
        }
        if (filter.unsubscribed() != null) {
            sql.append(" AND c.unsubscribed = ?");
            parameters.add(filter.unsubscribed());
        }
        if (filter.segment() != null) {
            sql.append(
                    """
                     AND EXISTS (SELECT 1 FROM segment_contact sc WHERE sc.segment_id = ? AND sc.contact_id = c.id)\
                    """);
            parameters.add(filter.segment());
        }
        sql.append(
                filter.unsubscribed() == null
                        ? page.sql("c.team_id", "c.id")
                        : page.sql("c.team_id", "c.unsubscribed", "c.id"));
        return tx.query(sql.toString(), ContactStore::map, page.parameters(parameters.toArray()));
    }

    private static List<Contact> ofSegment(
            Tx tx, TeamId team, UUID segment, @Nullable Boolean unsubscribed, Page page) {
        String members =
                SELECT
                        + """
                         segment_contact sc JOIN contact c ON c.id = sc.contact_id
                        WHERE sc.segment_id = ? AND c.team_id = ?\
                        """;
        String order = page.sql("sc.segment_id", "sc.contact_id");
        return unsubscribed == null
                ? tx.query(
                        members + order, ContactStore::map, page.parameters(segment, team.value()))
                : tx.query(
                        members + " AND c.unsubscribed = ?" + order,
                        ContactStore::map,
                        page.parameters(segment, team.value(), unsubscribed));
    }

    List<Contacts.Addressee> addressees(
            Tx tx, TeamId team, UUID segment, @Nullable UUID after, int atMost) {
        var parameters = new ArrayList<Object>(List.of(segment, team.value()));
        if (after != null) {
            parameters.add(after);
        }
        return tx.query(
                """
                SELECT c.id, c.email FROM segment_contact sc JOIN contact c ON c.id = sc.contact_id
                WHERE sc.segment_id = ? AND c.team_id = ?\
                """
                        + (after == null ? "" : " AND sc.contact_id > ?")
                        + " ORDER BY sc.segment_id, sc.contact_id FETCH FIRST "
                        + atMost
                        + " ROWS ONLY",
                row -> new Contacts.Addressee(row.uuid("id"), row.string("email")),
                parameters.toArray());
    }

    private static Contact map(Tx.Row row) throws SQLException {
        return new Contact(
                row.uuid("id"),
                row.string("email"),
                row.string("address"),
                row.stringOrNull("first_name"),
                row.stringOrNull("last_name"),
                row.bool("unsubscribed"),
                values(row.string("properties")),
                row.instant("created_at"),
                row.instant("updated_at"));
    }

    private static String json(Map<UUID, Object> values) {
        return values.isEmpty() ? NO_VALUES : Json.mapper().writeValueAsString(values);
    }

    private static Map<UUID, Object> values(String json) {
        if (json.equals(NO_VALUES)) {
            return Map.of();
        }
        var values = new HashMap<UUID, Object>();
        Json.tree(json.getBytes(StandardCharsets.UTF_8))
                .properties()
                .forEach(entry ->
                        values.put(
                                UUID.fromString(entry.getKey()),
                                Property.value(entry.getValue()).orElseThrow()));
        return values;
    }
}
