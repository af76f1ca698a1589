package ai.mailgoat.server.topic;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topic.Visibility;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `topic`.
final class TopicStore {
    private static final String COLUMNS =
            """
            t.id, t.name, t.description, t.default_subscription, t.visibility, t.created_at, t.updated_at\
            """;

    private static final String SELECT = "SELECT " + COLUMNS + " FROM topic t WHERE t.team_id = ?";

    void insert(Tx tx, TeamId team, Topic topic) {
        tx.update(
                """
                INSERT INTO topic (id, team_id, name, description, default_subscription, visibility, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                topic.id(),
                team.value(),
                topic.name(),
                topic.description(),
                topic.standard(),
                topic.visibility(),
                topic.createdAt(),
                topic.updatedAt());
    }

    List<UUID> existing(Tx tx, TeamId team, Collection<UUID> ids) {
        return tx.queryIn(
                "SELECT id FROM topic WHERE (team_id, id) IN",
                row -> row.uuid("id"),
                team.value(),
                ids);
    }

    Optional<Topic> byId(Tx tx, TeamId team, UUID id) {
        return tx.first(SELECT + " AND t.id = ?", TopicStore::map, team.value(), id);
    }

    List<Topic> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                SELECT + page.sql("t.team_id", "t.id"),
                TopicStore::map,
                page.parameters(team.value()));
    }

    List<Topic.Of> ofContact(Tx tx, TeamId team, UUID contact, Page page) {
        return tx.query(
                "SELECT "
                        + COLUMNS
                        + """
                        , ct.subscription FROM topic t
                        LEFT JOIN contact_topic ct ON ct.contact_id = ? AND ct.topic_id = t.id
                        WHERE t.team_id = ?\
                        """
                        + page.sql("t.team_id", "t.id"),
                row -> {
                    var topic = map(row);
                    String chosen = row.stringOrNull("subscription");
                    return new Topic.Of(
                            topic,
                            chosen == null ? topic.standard() : Subscription.valueOf(chosen));
                },
                page.parameters(contact, team.value()));
    }

    void update(Tx tx, TeamId team, Topic topic) {
        tx.update(
                """
                UPDATE topic SET name = ?, description = ?, visibility = ?, updated_at = ?
                WHERE team_id = ? AND id = ?\
                """,
                topic.name(),
                topic.description(),
                topic.visibility(),
                topic.updatedAt(),
                team.value(),
                topic.id());
    }

    void delete(Tx tx, TeamId team, UUID id) {
        tx.update("DELETE FROM topic WHERE team_id = ? AND id = ?", team.value(), id);
    }

    private static Topic map(Tx.Row row) throws SQLException {
        return new Topic(
                row.uuid("id"),
                row.string("name"),
                row.stringOrNull("description"),
                Subscription.valueOf(row.string("default_subscription")),
                Visibility.valueOf(row.string("visibility")),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
