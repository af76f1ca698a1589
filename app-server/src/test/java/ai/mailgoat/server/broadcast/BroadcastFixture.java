package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.segment.SegmentRoutes;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.topic.TopicRoutes;
import ai.mailgoat.server.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Broadcasts on a fresh database, with nobody who sends them: what a sender would write is written
/// by hand. Both teams send from the reserved domain `mailgoat.test`.
final class BroadcastFixture implements AutoCloseable {
    static final String LINK = "{{{RESEND_UNSUBSCRIBE_URL}}}";
    static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

    final TwoTeams teams;
    final AtomicInteger wakes = new AtomicInteger();
    final String segment;
    final String topic;

    BroadcastFixture(Path dataDir) {
        teams = new TwoTeams(dataDir);
        var leftovers = new Leftovers(teams.store);
        var segments = new Segments(teams.store, leftovers, teams.clock(), teams.ids);
        var topics =
                new Topics(teams.store, leftovers, (tx, event) -> {}, teams.clock(), teams.ids);
        var key = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        var broadcasts =
                new Broadcasts(
                        teams.store,
                        new SendingDomains(teams.store, key),
                        segments,
                        topics,
                        wakes::incrementAndGet,
                        teams.clock(),
                        teams.ids);
        new SegmentRoutes(segments).register(teams.endpoints);
        new TopicRoutes(topics).register(teams.endpoints);
        new BroadcastRoutes(broadcasts).register(teams.endpoints);
        addDomain("mailgoat.test", null);
        segment = makeSegment(teams.acme);
        topic = makeTopic(teams.acme);
    }

    String makeSegment(TeamId team) {
        return teams.call(team, "POST", "/segments", "{\"name\":\"Customers\"}").text("id");
    }

    String makeTopic(TeamId team) {
        return teams.call(
                        team,
                        "POST",
                        "/topics",
                        "{\"name\":\"News\",\"default_subscription\":\"opt_in\"}")
                .text("id");
    }

    /// A verified domain of a team, or of none.
    void addDomain(String name, UUID team) {
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO domain (id, team_id, name, region, status, return_path_label, tls, open_tracking,
                            click_tracking, sending, receiving, created_at)
                        VALUES (?, ?, ?, 'us-east-1', 'VERIFIED', 'send', 'OPPORTUNISTIC', FALSE, FALSE, TRUE, FALSE, ?)\
                        """,
                        teams.ids.next(),
                        team,
                        name,
                        TwoTeams.START));
    }

    /// A request that lacks nothing, with more fields in JSON with single quotes.
    String request(String more) {
        var request = Json.mapper().createObjectNode();
        request.put("segment_id", segment);
        request.put("from", "Ada <ada@mailgoat.test>");
        request.put("subject", "News for {{{contact.first_name|you}}}");
        request.put("html", "<p>News</p><a href=\"" + LINK + "\">Unsubscribe</a>");
        for (var field : tree(more).properties()) {
            if (field.getValue().isString() && field.getValue().stringValue().equals("-")) {
                request.remove(field.getKey());
            } else {
                request.set(field.getKey(), field.getValue());
            }
        }
        return text(request);
    }

    /// @return the id
    String draft() {
        return make("{}");
    }

    String make(String more) {
        var reply = teams.call(teams.acme, "POST", "/broadcasts", request(more));
        if (reply.status() != 201) {
            throw new AssertionError(reply.body());
        }
        return reply.text("id");
    }

    /// A call of the first team.
    ///
    /// @param path below `/broadcasts`
    /// @param body with single quotes
    TwoTeams.Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, "/broadcasts" + path, body.replace('\'', '"'));
    }

    JsonNode get(String id) {
        return call("GET", "/" + id, "").body();
    }

    String status(String id) {
        return get(id).get("status").stringValue();
    }

    List<String> ids(String query) {
        return call("GET", query, "")
                .body()
                .get("data")
                .valueStream()
                .map(item -> item.get("id").stringValue())
                .toList();
    }

    /// Writes what became of a broadcast.
    void end(String id, String status, int sent, int failed) {
        teams.store.write(tx ->
                tx.update(
                        """
                        UPDATE broadcast SET status = ?, audience = ?, sent = ?, failed = ?, frozen = TRUE, sent_at = ?
                        WHERE id = ?\
                        """,
                        status,
                        sent + failed,
                        sent,
                        failed,
                        teams.clock().instant(),
                        UUID.fromString(id)));
    }

    void addRecipient(String id, int ordinal, String state, String bounce) {
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO broadcast_recipient (broadcast_id, ordinal, contact_id, address, state, bounce_type,
                            complained, unsubscribed, opens, clicks)
                        VALUES (?, ?, ?, 'ann@x.example', ?, ?, FALSE, FALSE, 0, 0)\
                        """,
                        UUID.fromString(id),
                        ordinal,
                        teams.ids.next(),
                        state,
                        bounce));
    }

    static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8);
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        teams.close();
    }
}
