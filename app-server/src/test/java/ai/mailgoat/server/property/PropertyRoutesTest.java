package ai.mailgoat.server.property;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PropertyRoutesTest {
    private TwoTeams teams;

    @BeforeEach
    void open(@TempDir Path directory) {
        teams = new TwoTeams(directory);
        new PropertyRoutes(new Properties(teams.store, teams.clock(), teams.ids))
                .register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void tellsOfAPropertyFromItsCreationToItsDeletion() {
        var created =
                call("POST", "", "{'key':'company_name','type':'string','fallback_value':'Acme'}");
        String id = created.text("id");
        assertEquals(201, created.status());
        assertEquals("{'object':'contact_property','id':'" + id + "'}", text(created.body()));
        String shown =
                "{'object':'contact_property','id':'"
                        + id
                        + "','key':'company_name','type':'string','fallback_value':%s,"
                        + "'created_at':'2026-03-01 10:00:00.123456+00'}";
        assertEquals(shown.formatted("'Acme'"), text(call("GET", "/" + id, "").body()));
        assertEquals(
                "{'object':'list','has_more':false,'data':[" + shown.formatted("'Acme'") + "]}",
                text(call("GET", "", "").body()));

        var updated = call("PATCH", "/" + id, "{'fallback_value':'Inc','key':'x','type':'number'}");
        assertEquals(200, updated.status());
        assertEquals("{'object':'contact_property','id':'" + id + "'}", text(updated.body()));
        assertEquals(shown.formatted("'Inc'"), text(call("GET", "/" + id, "").body()));
        call("PATCH", "/" + id, "{}");
        assertEquals(shown.formatted("'Inc'"), text(call("GET", "/" + id, "").body()));
        call("PATCH", "/" + id, "{'fallback_value':null}");
        assertEquals(shown.formatted("null"), text(call("GET", "/" + id, "").body()));

        assertEquals(
                "{'object':'contact_property','id':'" + id + "','deleted':true}",
                text(call("DELETE", "/" + id, "").body()));
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            var gone = call(method, "/" + id, "");
            assertEquals(404, gone.status());
            assertEquals("Contact property not found", gone.text("message"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "-2.5", "9007199254740991", "1.0E-7"})
    void aNumberComesBackAsItWas(String number) {
        String id = make("n", "number", number);
        assertEquals(number, text(call("GET", "/" + id, "").body().get("fallback_value")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'string'} | missing_required_field | Missing `key` field.",
                "{'key':'','type':'string'} | missing_required_field | Missing `key` field.",
                "{'key':1,'type':'string'} | validation_error | The `key` field must be a string.",
                "{'key':'a b','type':'string'} | validation_error | Invalid `key` field. Only ASCII letters, numbers and underscores are allowed.",
                "{'key':'ä','type':'string'} | validation_error | Invalid `key` field. Only ASCII letters, numbers and underscores are allowed.",
                "{'key':'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','type':'string'} | validation_error | The `key` field must have at most 50 characters.",
                "{'key':'FIRST_NAME','type':'string'} | validation_error | Invalid `key` field. The key `FIRST_NAME` is reserved.",
                "{'key':'email','type':'string'} | validation_error | Invalid `key` field. The key `email` is reserved.",
                "{'key':'a'} | missing_required_field | Missing `type` field.",
                "{'key':'a','type':'date'} | validation_error | Invalid `type` field. It must be one of: string, number.",
                "{'key':'a','type':'string','fallback_value':1} | validation_error | The `fallback_value` field must be a string of at most 1000 characters, without control characters.",
                "{'key':'a','type':'number','fallback_value':'1'} | validation_error | The `fallback_value` field must be a number between -9007199254740991 and 9007199254740991.",
                "{'key':'a','type':'number','fallback_value':9007199254740993} | validation_error | The `fallback_value` field must be a number between -9007199254740991 and 9007199254740991.",
                "{'key':'a','type':'number','fallback_value':true} | validation_error | The `fallback_value` field must be a number between -9007199254740991 and 9007199254740991.",
            })
    void refusesWhatCannotBeAProperty(String body, String name, String message) {
        var reply = call("POST", "", body);
        assertEquals(message, reply.text("message"));
        assertEquals(name, reply.text("name"));
        assertEquals(422, reply.status());
        assertEquals(0, call("GET", "", "").body().get("data").size());
    }

    @Test
    void aFallbackMustMatchTheTypeAlsoLater() {
        String id = make("age", "number", "3");
        var reply = call("PATCH", "/" + id, "{'fallback_value':'4'}");
        assertEquals(422, reply.status());
        assertEquals("3", text(call("GET", "/" + id, "").body().get("fallback_value")));
    }

    @Test
    void aKeyIsThereOnceInATeam() {
        make("age", "number", "null");
        var again = call("POST", "", "{'key':'age','type':'string'}");
        assertEquals(422, again.status());
        assertEquals(
                "Invalid `key` field. There is a contact property `age` already.",
                again.text("message"));
        assertEquals(
                201,
                teams.call(
                                teams.other,
                                "POST",
                                "/contact-properties",
                                "{\"key\":\"age\",\"type\":\"string\"}")
                        .status());
        make("AGE", "number", "null");
    }

    @Test
    void pagesThroughAsManyAsThereMayBe() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            ids.addFirst(make("p" + i, "number", "null"));
        }
        assertEquals(
                "You can have at most 100 contact properties.",
                call("POST", "", "{'key':'more','type':'string'}").text("message"));
        assertEquals(ids.subList(0, 20), ids(""));
        assertEquals(ids.subList(3, 5), ids("?limit=2&after=" + ids.get(2)));
        assertEquals(ids.subList(1, 3), ids("?limit=2&before=" + ids.get(3)));
    }

    @Test
    void anotherTeamSeesNothingOfIt() {
        String path = "/contact-properties/" + make("age", "number", "3");
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            assertEquals(404, teams.call(teams.other, method, path, "{}").status());
        }
        assertEquals(
                0,
                teams.call(teams.other, "GET", "/contact-properties", "")
                        .body()
                        .get("data")
                        .size());
        assertEquals(200, teams.call(teams.acme, "GET", path, "").status());
    }

    @Test
    void readsValuesFromText() {
        assertEquals(Optional.of("12"), Property.Type.STRING.read("12"));
        assertEquals(Optional.of(12L), Property.Type.NUMBER.read(" 12 "));
        assertEquals(Optional.of(-7L), Property.Type.NUMBER.read("-7"));
        assertEquals(Optional.of(1.5), Property.Type.NUMBER.read("+1.5"));
        assertEquals(Optional.of(200.0), Property.Type.NUMBER.read("2e2"));
        for (String text :
                List.of(
                        "",
                        "x",
                        "1,5",
                        "NaN",
                        "Infinity",
                        "0x10",
                        "1d",
                        "1e999",
                        "9007199254740993")) {
            assertEquals(Optional.empty(), Property.Type.NUMBER.read(text), text);
        }
        assertEquals(Optional.empty(), Property.Type.STRING.read("a\u0000"));
    }

    private String make(String key, String type, String fallback) {
        var reply =
                call(
                        "POST",
                        "",
                        "{'key':'"
                                + key
                                + "','type':'"
                                + type
                                + "','fallback_value':"
                                + fallback
                                + "}");
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
        return teams.call(
                teams.acme, method, "/contact-properties" + path, body.replace('\'', '"'));
    }

    private static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
