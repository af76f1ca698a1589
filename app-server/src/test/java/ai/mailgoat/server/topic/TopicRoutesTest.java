package ai.mailgoat.server.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRoutesTest {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private TwoTeams teams;
    private Topics topics;

    @BeforeEach
    void open(@TempDir Path directory) {
        teams = new TwoTeams(directory);
        topics =
                new Topics(
                        teams.store,
                        new Leftovers(teams.store),
                        (tx, event) -> tx.afterCommit(() -> events.add(event)),
                        teams.clock(),
                        teams.ids);
        new TopicRoutes(topics).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void tellsOfATopicFromItsCreationToItsDeletion() {
        var created =
                call(
                        "POST",
                        "",
                        "{'name':'News','default_subscription':'opt_in','description':'Weekly','visibility':'public'}");
        String id = created.text("id");
        assertEquals(201, created.status());
        assertEquals("{'object':'topic','id':'" + id + "'}", text(created.body()));
        String shown =
                "{'object':'topic','id':'"
                        + id
                        + "','name':'News','description':'Weekly','default_subscription':'opt_in',"
                        + "'visibility':'public','created_at':'2026-03-01 10:00:00.123456+00',"
                        + "'updated_at':'2026-03-01 10:00:00.123456+00'}";
        assertEquals(shown, text(call("GET", "/" + id, "").body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[" + shown + "]}",
                text(call("GET", "", "").body()));

        teams.pass(Duration.ofSeconds(1));
        var updated =
                call(
                        "PATCH",
                        "/" + id,
                        "{'name':'Old news','description':null,'visibility':'private','default_subscription':'opt_out'}");
        assertEquals(200, updated.status());
        assertEquals("{'object':'topic','id':'" + id + "'}", text(updated.body()));
        assertEquals(
                "{'object':'topic','id':'"
                        + id
                        + "','name':'Old news','description':null,'default_subscription':'opt_in',"
                        + "'visibility':'private','created_at':'2026-03-01 10:00:00.123456+00',"
                        + "'updated_at':'2026-03-01 10:00:01.123456+00'}",
                text(call("GET", "/" + id, "").body()));

        assertEquals(
                "{'object':'topic','id':'" + id + "','deleted':true}",
                text(call("DELETE", "/" + id, "").body()));
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            var gone = call(method, "/" + id, "{}");
            assertEquals(404, gone.status());
            assertEquals("Topic not found", gone.text("message"));
        }
        assertEquals(
                List.of("topic.created", "topic.updated", "topic.deleted"),
                events.stream().map(Event::type).toList());
        assertEquals(
                "{'id':'"
                        + id
                        + "','name':'Old news','description':null,'default_subscription':'opt_in',"
                        + "'visibility':'private','deleted':true,'created_at':'2026-03-01T10:00:00.123Z',"
                        + "'updated_at':'2026-03-01T10:00:01.123Z'}",
                text(Json.tree(Json.bytes(events.getLast().data()))));
        assertEquals(id, events.getLast().subject().toString());
    }

    @Test
    void isPrivateUnlessItSaysOtherwise() {
        String id = make("News");
        assertEquals("private", call("GET", "/" + id, "").text("visibility"));
        assertEquals("null", call("GET", "/" + id, "").text("description"));
        call("PATCH", "/" + id, "{}");
        assertEquals("News", call("GET", "/" + id, "").text("name"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'default_subscription':'opt_in'} | missing_required_field | Missing `name` field.",
                "{'name':'','default_subscription':'opt_in'} | missing_required_field | Missing `name` field.",
                "{'name':7,'default_subscription':'opt_in'} | validation_error | The `name` field must be a string.",
                "{'name':'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','default_subscription':'opt_in'} | validation_error | The `name` field must have at most 50 characters.",
                "{'name':'\\u0000','default_subscription':'opt_in'} | validation_error | Invalid `name` field. Control characters are not allowed.",
                "{'name':'News'} | missing_required_field | Missing `default_subscription` field.",
                "{'name':'News','default_subscription':'maybe'} | validation_error | Invalid `default_subscription` field. It must be one of: opt_in, opt_out.",
                "{'name':'News','default_subscription':true} | validation_error | The `default_subscription` field must be a string.",
                "{'name':'News','default_subscription':'opt_in','visibility':'secret'} | validation_error | Invalid `visibility` field. It must be one of: public, private.",
                "{'name':'News','default_subscription':'opt_in','description':[]} | validation_error | The `description` field must be a string.",
            })
    void refusesWhatCannotBeATopic(String body, String name, String message) {
        var reply = call("POST", "", body);
        assertEquals(message, reply.text("message"));
        assertEquals(name, reply.text("name"));
        assertEquals(422, reply.status());
        assertEquals(List.of(), ids(""));
        assertEquals(List.of(), events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':''} | Missing `name` field.",
                "{'name':7} | The `name` field must be a string.",
                "{'visibility':'secret'} | Invalid `visibility` field. It must be one of: public, private.",
            })
    void refusesAChangeThatIsNotOne(String body, String message) {
        String id = make("News");
        var before = call("GET", "/" + id, "").body();
        var reply = call("PATCH", "/" + id, body);
        assertEquals(422, reply.status());
        assertEquals(message, reply.text("message"));
        assertEquals(before, call("GET", "/" + id, "").body());
        assertEquals(1, events.size());
    }

    @Test
    void listsAHundredAtOnceAndPages() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            ids.addFirst(make("T" + i));
        }
        assertEquals(ids, ids(""));
        assertEquals(ids.subList(2, 4), ids("?limit=2&after=" + ids.get(1)));
        assertEquals(ids.subList(1, 3), ids("?limit=2&before=" + ids.get(3)));
    }

    @Test
    void anotherTeamSeesNothingOfIt() {
        String id = make("Mine");
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            assertEquals(
                    404,
                    teams.call(teams.other, method, "/topics/" + id, "{\"name\":\"X\"}").status());
        }
        assertEquals(0, teams.call(teams.other, "GET", "/topics", "").body().get("data").size());
        assertEquals("Mine", call("GET", "/" + id, "").text("name"));
        assertTrue(exists(teams.acme, id));
        assertFalse(exists(teams.other, id));
    }

    @Test
    void choicesGoWithTheTopic() {
        String id = make("News");
        teams.store.write(tx -> {
            for (int i = 0; i < 3; i++) {
                tx.update(
                        "INSERT INTO contact_topic (contact_id, topic_id, subscription) VALUES (?, ?, ?)",
                        teams.ids.next(),
                        UUID.fromString(id),
                        Subscription.OPT_OUT);
            }
            return id;
        });
        call("DELETE", "/" + id, "");
        assertEquals(
                List.of(),
                teams.store.read(tx ->
                        tx.query(
                                "SELECT contact_id FROM contact_topic",
                                row -> row.uuid("contact_id"))));
    }

    private boolean exists(TeamId team, String id) {
        return teams.store.read(tx -> topics.exists(tx, team, UUID.fromString(id)));
    }

    private String make(String name) {
        var reply = call("POST", "", "{'name':'" + name + "','default_subscription':'opt_out'}");
        assertEquals(201, reply.status());
        return reply.text("id");
    }

    private List<String> ids(String query) {
        return call("GET", query, "")
                .body()
                .get("data")
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    private TwoTeams.Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, "/topics" + path, body.replace('\'', '"'));
    }

    private static String text(tools.jackson.databind.JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
