package ai.mailgoat.server.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.broadcast.Broadcast.Counts;
import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponsesTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private Events events;
    private Responses responses;
    private UUID news;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        events = new Events(teams.ids, new WebhookCalls(teams.ids));
        responses = new Responses(teams.store);
        new ResponseRoutes(responses).register(teams.endpoints);
        news = broadcast(teams.acme);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void eachRecipientStandsWhereItsMailTookIt() {
        var ann = recipient(1, "ann@x.example", "sent");
        var bob = recipient(2, "bob@x.example", "sent");
        var cid = recipient(3, "cid@x.example", "sent");
        recipient(4, "dot@x.example", "suppressed");
        recipient(5, "eve@x.example", "skipped");
        recipient(6, "fay@x.example", "waiting");
        happened(ann, "delivered", Map.of());
        happened(cid, "delivered", Map.of());
        happened(teams.ids.next(), "delivered", Map.of());
        happened(bob, "bounced", Map.of("bounce", Map.of("type", "Permanent")));
        happened(cid, "complained", Map.of());
        engaged(ann, "opened", null, "human");
        engaged(ann, "opened", null, "human");
        engaged(cid, "opened", null, "machine");
        engaged(ann, "clicked", "https://a.example", "human");
        engaged(ann, "clicked", "https://a.example", "human");
        engaged(ann, "clicked", "https://b.example", "human");
        engaged(cid, "clicked", "https://b.example", "machine");

        assertEquals(List.of("ann@x.example", "bob@x.example", "cid@x.example"), who("sent"));
        assertEquals(List.of("ann@x.example", "cid@x.example"), who("delivered"));
        assertEquals(List.of("ann@x.example"), who("opened"));
        assertEquals(List.of("ann@x.example"), who("clicked"));
        assertEquals(List.of("bob@x.example"), who("bounced"));
        assertEquals(List.of("bob@x.example"), who("bounced&bounce_type=permanent"));
        assertEquals(List.of(), who("bounced&bounce_type=transient"));
        assertEquals(List.of("cid@x.example"), who("complained"));
        assertEquals(List.of(), who("unsubscribed"));
        assertEquals(List.of("dot@x.example"), who("suppressed"));
        assertEquals(List.of("cid@x.example"), who("sent&email=CID@x.example"));
        assertEquals(List.of(), who("sent&email=eve@x.example"));

        var row = get("?type=clicked").body().get("data").get(0);
        assertEquals(
                "{\"id\":\"1\",\"contact_id\":\""
                        + new UUID(9, 1)
                        + "\",\"email\":\"ann@x.example\",\"email_id\":\""
                        + ann
                        + "\",\"count\":3,\"clicked_links\":[{\"url\":\"https://a.example\",\"clicks\":2},"
                        + "{\"url\":\"https://b.example\",\"clicks\":1}]}",
                row.toString());
        assertEquals(2, get("?type=opened").body().get("data").get(0).get("count").asInt());
        var bounced = get("?type=bounced").body().get("data").get(0);
        assertEquals("permanent", bounced.get("bounce_type").asString());
        assertNull(bounced.get("count"));
        assertTrue(get("?type=suppressed").body().get("data").get(0).get("email_id").isNull());
    }

    @Test
    void aVerdictThatIsChangedIsFollowed() {
        var ann = recipient(1, "ann@x.example", "sent");
        engaged(ann, "clicked", "https://a.example", "human");
        assertEquals(List.of("ann@x.example"), who("clicked"));
        teams.store.write(tx -> tx.update("UPDATE engagement SET verdict = 'machine'"));
        happened(ann, "engagement_revised", Map.of());
        assertEquals(List.of(), who("clicked"));
        assertEquals(0, links().body().get("data").size());
    }

    @Test
    void whatWasFollowedIsNotFollowedAgain() {
        var ann = recipient(1, "ann@x.example", "sent");
        happened(ann, "bounced", Map.of("bounce", Map.of("type", "Transient")));
        responses.catchUp();
        assertEquals(List.of("ann@x.example"), who("bounced&bounce_type=transient"));
        happened(ann, "bounced", Map.of("bounce", Map.of("type", "Odd")));
        new Responses(teams.store).catchUp();
        assertEquals(List.of("ann@x.example"), who("bounced&bounce_type=undetermined"));
        teams.store.write(tx -> tx.update("UPDATE broadcast_recipient SET bounce_type = NULL"));
        new Responses(teams.store).catchUp();
        assertEquals(List.of(), who("bounced"));
    }

    @Test
    void linksStandWithTheirClicks() {
        var ann = recipient(1, "ann@x.example", "sent");
        var bob = recipient(2, "bob@x.example", "sent");
        engaged(ann, "clicked", "https://a.example", "human");
        engaged(ann, "clicked", "https://b.example", "human");
        engaged(ann, "clicked", "https://b.example", "human");
        engaged(bob, "clicked", "https://b.example", "human");
        engaged(bob, "clicked", "https://c.example", "machine");
        var data = links().body().get("data");
        assertEquals(2, data.size());
        assertEquals("https://b.example", data.get(0).get("url").asString());
        assertEquals(3, data.get(0).get("clicks").asInt());
        assertEquals(2, data.get(0).get("unique_clicks").asInt());
        assertEquals(1, data.get(1).get("clicks").asInt());
        String first = data.get(0).get("id").asString();
        String path = "/broadcasts/" + news + "/clicked-links";
        var next = teams.call(teams.acme, "GET", path + "?after=" + first, "");
        assertEquals(1, next.body().get("data").size());
        assertEquals("https://a.example", next.body().get("data").get(0).get("url").asString());
    }

    @Test
    void theListIsPagedInTheOrderOfTheAudience() {
        for (int i = 1; i <= 5; i++) {
            recipient(i * 10, "u" + i + "@x.example", "sent");
        }
        var first = get("?type=sent&limit=2").body();
        assertEquals(List.of("u1@x.example", "u2@x.example"), addresses(first));
        assertTrue(first.get("has_more").asBoolean());
        var next = get("?type=sent&limit=2&after=20").body();
        assertEquals(List.of("u3@x.example", "u4@x.example"), addresses(next));
        var last = get("?type=sent&limit=2&after=40").body();
        assertEquals(List.of("u5@x.example"), addresses(last));
        assertEquals(false, last.get("has_more").asBoolean());
        var back = get("?type=sent&limit=2&before=50").body();
        assertEquals(List.of("u3@x.example", "u4@x.example"), addresses(back));
        assertTrue(back.get("has_more").asBoolean());
        assertEquals(
                List.of("u1@x.example"), addresses(get("?type=sent&limit=2&before=20").body()));
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        refused("", 422, "missing_required_parameter", "Missing `type` parameter.");
        refused(
                "?type=read",
                422,
                "validation_error",
                "Invalid `type` parameter. It must be one of: sent, delivered, opened, clicked, bounced,"
                        + " complained, unsubscribed, suppressed, failed, skipped, waiting.");
        refused(
                "?type=sent&bounce_type=permanent",
                422,
                "validation_error",
                "The `bounce_type` parameter can only be used when `type` is `bounced`.");
        refused(
                "?type=bounced&bounce_type=hard",
                422,
                "validation_error",
                "Invalid `bounce_type` parameter. It must be one of: permanent, transient, undetermined.");
        refused(
                "?type=sent&after=x",
                422,
                "validation_error",
                "The `after` cursor must be a valid UUID.");
        for (String path : List.of("/recipients?type=sent", "/clicked-links")) {
            var other = teams.call(teams.other, "GET", "/broadcasts/" + news + path, "");
            assertEquals(404, other.status());
            assertEquals("Broadcast not found", other.text("message"));
            assertEquals(
                    404,
                    teams.call(teams.acme, "GET", "/broadcasts/" + teams.ids.next() + path, "")
                            .status());
            assertEquals(422, teams.call(teams.acme, "GET", "/broadcasts/7" + path, "").status());
        }
        assertEquals(Optional.of("News"), responses.name(teams.acme, news));
        assertEquals(Optional.empty(), responses.name(teams.other, news));
    }

    private void refused(String query, int status, String name, String message) {
        var reply = get(query);
        assertEquals(status, reply.status(), query);
        assertEquals(name, reply.text("name"));
        assertEquals(message, reply.text("message"));
    }

    private Reply get(String query) {
        return teams.call(teams.acme, "GET", "/broadcasts/" + news + "/recipients" + query, "");
    }

    private Reply links() {
        return teams.call(teams.acme, "GET", "/broadcasts/" + news + "/clicked-links", "");
    }

    private List<String> who(String type) {
        return addresses(get("?type=" + type).body());
    }

    private static List<String> addresses(tools.jackson.databind.JsonNode body) {
        var all = new ArrayList<String>();
        body.get("data").forEach(row -> all.add(row.get("email").asString()));
        return all;
    }

    private UUID broadcast(TeamId team) {
        var id = teams.ids.next();
        var now = TwoTeams.START;
        teams.store.<@Nullable Void>write(tx -> {
            new BroadcastStore()
                    .insert(
                            tx,
                            new Broadcast(
                                    id,
                                    team,
                                    "News",
                                    null,
                                    null,
                                    new BroadcastContent(null, null, List.of(), null, null, null),
                                    Status.SENT,
                                    false,
                                    0,
                                    null,
                                    null,
                                    null,
                                    null,
                                    now,
                                    now,
                                    true,
                                    null,
                                    0,
                                    new Counts(0, 0, 0, 0, 0),
                                    null));
            return null;
        });
        return id;
    }

    /// @return its mail
    private UUID recipient(long ordinal, String address, String state) {
        var email = teams.ids.next();
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO broadcast_recipient (broadcast_id, ordinal, contact_id, address, state, email_id,
                            complained, unsubscribed, opens, clicks)
                        VALUES (?, ?, ?, ?, ?, ?, FALSE, FALSE, 0, 0)\
                        """,
                        news,
                        ordinal,
                        new UUID(9, ordinal),
                        address,
                        state,
                        state.equals("sent") ? email : null));
        return email;
    }

    private void happened(UUID email, String type, Map<String, Object> data) {
        teams.store.<@Nullable Void>write(tx -> {
            events.note(tx, new Event(teams.acme, email, "email." + type, TwoTeams.START, data));
            return null;
        });
    }

    private void engaged(UUID email, String kind, @Nullable String url, String verdict) {
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO engagement (id, team_id, email_id, broadcast_id, kind, url, at, verdict, reason)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'person')\
                        """,
                        teams.ids.next(),
                        teams.acme.value(),
                        email,
                        news,
                        kind,
                        url,
                        TwoTeams.START,
                        verdict));
        happened(email, kind, Map.of("verdict", verdict));
    }
}
