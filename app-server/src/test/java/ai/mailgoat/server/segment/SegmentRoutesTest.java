package ai.mailgoat.server.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SegmentRoutesTest {
    private static final String NOBODY = "018f0000-0000-7000-8000-00000000dead";

    private TwoTeams teams;
    private Leftovers leftovers;

    @BeforeEach
    void open(@TempDir Path directory) {
        teams = new TwoTeams(directory);
        leftovers = new Leftovers(teams.store);
        new SegmentRoutes(new Segments(teams.store, leftovers, teams.clock(), teams.ids))
                .register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @ParameterizedTest
    @CsvSource({"/segments, segment", "/audiences, audience"})
    void tellsOfASegmentFromItsCreationToItsDeletion(String path, String object) {
        var created = call("POST", path, "{'name':'VIP','filter':{},'audience_id':'x'}");
        String id = created.text("id");
        assertEquals(201, created.status());
        assertEquals(
                "{'object':'" + object + "','id':'" + id + "','name':'VIP'}", text(created.body()));
        String shown =
                "{'object':'"
                        + object
                        + "','id':'"
                        + id
                        + "','name':'VIP','created_at':'2026-03-01 10:00:00.123456+00'}";
        assertEquals(shown, text(call("GET", path + "/" + id, "").body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[" + shown + "]}",
                text(call("GET", path, "").body()));
        for (int i = 0; i < 2; i++) {
            var deleted = call("DELETE", path + "/" + id, "{}");
            assertEquals(200, deleted.status());
            assertEquals(
                    "{'object':'" + object + "','id':'" + id + "','deleted':true}",
                    text(deleted.body()));
        }
        var gone = call("GET", path + "/" + id, "");
        assertEquals(404, gone.status());
        assertEquals("not_found", gone.text("name"));
        assertEquals("Audience not found", gone.text("message"));
    }

    @Test
    void isRenamed() {
        String id = make("Old");
        assertEquals(
                "{'object':'segment','id':'" + id + "'}",
                text(call("PATCH", "/segments/" + id, "{'name':'New'}").body()));
        assertEquals("New", call("GET", "/audiences/" + id, "").text("name"));
        assertEquals(
                "Missing `name` field.",
                call("PATCH", "/segments/" + id, "{'name':' '}").text("message"));
        assertEquals("New", call("GET", "/segments/" + id, "").text("name"));
        assertEquals(404, call("PATCH", "/segments/" + NOBODY, "{'name':'New'}").status());
    }

    @Test
    void theSameBelowAnAudience() {
        String audience = make("All");
        String below = "/audiences/" + audience + "/segments";
        var created = call("POST", below, "{'name':'VIP'}");
        String id = created.text("id");
        assertEquals(201, created.status());
        assertEquals("segment", created.text("object"));
        assertEquals("VIP", call("GET", below + "/" + id, "").text("name"));
        assertEquals(List.of(id, audience), ids(below));
        assertEquals(200, call("PATCH", below + "/" + id, "{'name':'New'}").status());
        assertEquals("New", call("GET", "/segments/" + id, "").text("name"));
        assertEquals(200, call("DELETE", below + "/" + id, "").status());
        assertEquals(List.of(audience), ids("/segments"));

        String unknown = "/audiences/" + NOBODY + "/segments";
        for (String path : List.of(unknown, unknown + "/" + audience)) {
            for (String method : List.of("GET", path.equals(unknown) ? "POST" : "DELETE")) {
                var reply = call(method, path, "{'name':'x'}");
                assertEquals(404, reply.status());
                assertEquals("Audience not found", reply.text("message"));
            }
        }
        assertEquals(List.of(audience), ids("/segments"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | missing_required_field | Missing `name` field.",
                "{'name':null} | missing_required_field | Missing `name` field.",
                "{'name':' '} | missing_required_field | Missing `name` field.",
                "{'name':{}} | validation_error | The `name` field must be a string.",
                "{'name':'\\u0007'} | validation_error | Invalid `name` field. Control characters are not allowed.",
                "[] | validation_error | The request body must be a JSON object.",
            })
    void refusesWhatCannotBeASegment(String body, String name, String message) {
        for (String path : List.of("/segments", "/audiences")) {
            var reply = call("POST", path, body);
            assertEquals(message, reply.text("message"));
            assertEquals(name, reply.text("name"));
            assertEquals(422, reply.status());
        }
        assertEquals(
                "The `name` field must have at most 200 characters.",
                call("POST", "/segments", "{'name':'" + "x".repeat(201) + "'}").text("message"));
        assertEquals(List.of(), ids("/segments"));
    }

    @Test
    void pagesBothWays() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(make("S" + i));
        }
        for (String path : List.of("/segments", "/audiences")) {
            assertEquals(ids, ids(path));
            assertEquals(ids.subList(2, 4), ids(path + "?limit=2&after=" + ids.get(1)));
            assertEquals(ids.subList(1, 3), ids(path + "?limit=2&before=" + ids.get(3)));
        }
    }

    @Test
    void anotherTeamSeesNothingOfIt() {
        String id = make("Mine");
        for (String path : List.of("/segments/", "/audiences/")) {
            assertEquals(404, teams.call(teams.other, "GET", path + id, "").status());
            assertEquals(200, teams.call(teams.other, "DELETE", path + id, "").status());
        }
        assertEquals(
                404,
                teams.call(teams.other, "PATCH", "/segments/" + id, "{\"name\":\"X\"}").status());
        assertEquals(
                404, teams.call(teams.other, "GET", "/audiences/" + id + "/segments", "").status());
        assertEquals("Mine", call("GET", "/segments/" + id, "").text("name"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1_000, 2_500})
    void itsContactsAreForgottenInPieces(int contacts) {
        String id = make("Big");
        String other = make("Other");
        teams.store.write(tx -> {
            for (int i = 0; i < contacts; i++) {
                var contact = teams.ids.next();
                for (String segment : List.of(id, other)) {
                    tx.update(
                            "INSERT INTO segment_contact (segment_id, contact_id) VALUES (?, ?)",
                            java.util.UUID.fromString(segment),
                            contact);
                }
            }
            return contacts;
        });

        call("DELETE", "/segments/" + id, "");
        assertEquals(Math.max(0, contacts - 1_000), members(id));
        assertEquals(contacts >= 1_000 ? 1 : 0, count("leftover"));

        leftovers.sweep();
        assertEquals(0, members(id));
        assertEquals(0, count("leftover"));
        assertEquals(contacts, members(other));
    }

    private int members(String segment) {
        return teams.store.read(tx ->
                tx.first(
                                "SELECT COUNT(*) AS n FROM segment_contact WHERE segment_id = ?",
                                row -> row.integer("n"),
                                java.util.UUID.fromString(segment))
                        .orElseThrow());
    }

    private int count(String table) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    private String make(String name) {
        return call("POST", "/segments", "{'name':'" + name + "'}").text("id");
    }

    private List<String> ids(String path) {
        return call("GET", path, "")
                .body()
                .get("data")
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    private TwoTeams.Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body.replace('\'', '"'));
    }

    private static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
