package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every field of every body with a value of every type that it is not: refused by its name, and
/// nothing is changed by it. The fields are those of the document.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongTypesTest {
    private static final int DEEPEST = 4;

    private static final Set<String> NAMES =
            Set.of(
                    "validation_error",
                    "missing_required_field",
                    "invalid_parameter",
                    "invalid_attachment");

    private static final Map<String, JsonNode> VALUES =
            Map.of(
                    "string", Json.tree("\"text\"".getBytes(StandardCharsets.UTF_8)),
                    "number", Json.tree("1.5".getBytes(StandardCharsets.UTF_8)),
                    "integer", Json.tree("7".getBytes(StandardCharsets.UTF_8)),
                    "boolean", Json.tree("true".getBytes(StandardCharsets.UTF_8)),
                    "array", Json.tree("[[]]".getBytes(StandardCharsets.UTF_8)),
                    "object", Json.tree("{\"a\":[]}".getBytes(StandardCharsets.UTF_8)));

    private Installation installation;
    private OpenApi document;
    private OneOfEach objects;
    private Map<String, JsonNode> before;

    /// @param path names of fields; `[]` for the first item of an array
    /// @param types that its schema allows
    private record Field(List<String> path, Set<String> types) {
        @Override
        public String toString() {
            return String.join(".", path);
        }
    }

    @BeforeAll
    void fill(@TempDir Path data) throws Exception {
        var capture = Map.of("MAILGOAT_DELIVERY__MODE", "capture");
        installation = Installation.start(data, 25, capture);
        document = OpenApi.of(installation.service());
        String other = installation.service().otherTeam("Others");
        objects = new OneOfEach(installation.service(), document, installation.key(), other);
        objects.make();
        before = objects.look();
    }

    @AfterAll
    void nothingHasChanged() {
        var after = objects.look();
        installation.close();
        before.forEach((path, node) -> assertEquals(node, after.get(path), path));
    }

    @Test
    void everyFieldTakesItsOwnTypesOnly() {
        var checks = new ArrayList<Executable>();
        for (var operation : document.operations()) {
            var body = document.body(operation);
            if (body.isEmpty() || !body.get().contentType().equals(OpenApi.JSON)) {
                continue;
            }
            var fields = new ArrayList<Field>();
            collect(body.get().schema(), List.of(), fields);
            for (var field : fields) {
                for (var value : VALUES.entrySet()) {
                    if (!allows(field.types(), value.getKey())) {
                        checks.add(() -> refuses(operation, body.get().schema(), field, value));
                    }
                }
            }
        }
        assertTrue(checks.size() > 100, "the document has few fields: " + checks.size());
        assertAll(checks);
    }

    private static boolean allows(Set<String> types, String type) {
        return types.isEmpty()
                || types.contains(type)
                || type.equals("integer") && types.contains("number");
    }

    private void refuses(
            Operation operation, JsonNode schema, Field field, Map.Entry<String, JsonNode> value)
            throws Exception {
        var body = sample(schema, field.path(), value.getValue(), operation);
        String path = OneOfEach.path(operation, objects.known().first(operation.path()));
        var answer =
                installation
                        .service()
                        .send(installation.key(), operation.method(), path, body.toString());
        String what =
                operation
                        + ", "
                        + field
                        + " as "
                        + value.getKey()
                        + ": "
                        + body
                        + " -> "
                        + answer.body();
        assertTrue(answer.statusCode() == 422 || answer.statusCode() == 400, what);
        var error = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
        assertTrue(NAMES.contains(error.get("name").stringValue()), what);
        String message = error.get("message").stringValue();
        assertTrue(
                field.path().equals(List.of("[]"))
                        || field.path().stream()
                                .filter(name -> !name.equals("[]"))
                                .anyMatch(name -> message.contains(singular(name))),
                what);
    }

    /// A body that is right but for one value.
    private JsonNode sample(
            JsonNode schema, List<String> path, JsonNode value, Operation operation) {
        var sampler = new Sampler(document, objects.known());
        String kind = path.getFirst().equals("[]") ? "array" : "object";
        JsonNode body =
                sampler.least(operation, document.option(schema, kind), new SplittableRandom(1));
        JsonNode at = body;
        for (int i = 0; i < path.size(); i++) {
            JsonNode next = i == path.size() - 1 ? value : container(path.get(i + 1));
            if (at instanceof ObjectNode object) {
                if (i == path.size() - 1 || !object.path(path.get(i)).isContainer()) {
                    object.set(path.get(i), next);
                }
                at = object.get(path.get(i));
            } else if (at instanceof ArrayNode array) {
                if (array.isEmpty()) {
                    array.add(next);
                } else if (i == path.size() - 1 || !array.get(0).isContainer()) {
                    array.set(0, next);
                }
                at = array.get(0);
            }
            if (at instanceof ObjectNode item && path.subList(0, i + 1).contains("attachments")) {
                item.putIfAbsent("content", Json.mapper().getNodeFactory().stringNode("eA=="));
            }
        }
        return body;
    }

    // One string is taken where several may stand; a message then speaks of one.
    private static String singular(String name) {
        return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }

    private static JsonNode container(String child) {
        return child.equals("[]")
                ? Json.mapper().createArrayNode()
                : Json.mapper().createObjectNode();
    }

    /// All fields below a schema, with the types that each may have.
    private void collect(JsonNode schema, List<String> path, List<Field> fields) {
        var types = new HashSet<String>();
        var below = new ArrayList<JsonNode>();
        types(schema, types, below);
        if (!path.isEmpty()) {
            fields.add(new Field(path, types));
        }
        if (path.size() >= DEEPEST) {
            return;
        }
        for (var whole : below) {
            whole.path("properties")
                    .properties()
                    .forEach(entry -> collect(entry.getValue(), and(path, entry.getKey()), fields));
            if (whole.has("items")) {
                collect(whole.get("items"), and(path, "[]"), fields);
            }
        }
    }

    private void types(JsonNode schema, Set<String> types, List<JsonNode> below) {
        var whole = document.resolved(schema);
        below.add(whole);
        for (String choice : List.of("oneOf", "anyOf")) {
            whole.path(choice).forEach(option -> types(option, types, below));
        }
        var type = whole.path("type");
        if (type.isString()) {
            types.add(type.stringValue());
        }
        type.forEach(item -> types.add(item.stringValue()));
        if (types.isEmpty() && (whole.has("enum") || whole.has("const"))) {
            types.add("string");
        }
    }

    private static List<String> and(List<String> path, String name) {
        var all = new ArrayList<>(path);
        all.add(name);
        return List.copyOf(all);
    }
}
