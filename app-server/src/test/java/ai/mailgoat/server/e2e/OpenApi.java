package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI document that a service gives of itself, and whether an answer is as it says.
final class OpenApi {
    static final String JSON = "application/json";

    private static final String PLACE = "https://mailgoat.example/openapi.json";
    private static final String STREAM = "text/event-stream";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode root;
    private final SchemaRegistry registry;
    private final Map<String, Schema> schemas = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    /// @param pointer where the operation stands in the document
    /// @param successTypes content types of its successes
    record Operation(
            String method, String path, JsonNode node, String pointer, Set<String> successTypes) {
        /// The path with nameless parameters: `/emails/{}/attachments`.
        String shape() {
            return shapeOf(path);
        }

        /// Whether some success is of this content type.
        boolean answers(String contentType) {
            return successTypes.contains(contentType);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /// @param in `path`, `query` or `header`
    record Parameter(String name, String in, boolean required, JsonNode schema) {}

    /// @param contentType such as `application/json`
    record Body(String contentType, JsonNode schema) {}

    OpenApi(JsonNode document) {
        this.root = document;
        this.registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of(PLACE, document.toString())));
        document.get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(entry ->
                                        add(path.getKey(), entry.getKey(), entry.getValue())));
    }

    private void add(String path, String method, JsonNode node) {
        if (METHODS.contains(method)) {
            var operation =
                    new Operation(
                            method.toUpperCase(Locale.ROOT),
                            path,
                            node,
                            "/paths/" + escaped(path) + "/" + method,
                            successTypes(node));
            if (!operation.answers(STREAM)) {
                operations.add(operation);
            }
        }
    }

    private Set<String> successTypes(JsonNode operation) {
        return operation.path("responses").properties().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .flatMap(response ->
                        resolved(response.getValue()).path("content").propertyNames().stream())
                .collect(Collectors.toSet());
    }

    static OpenApi of(Service service) throws Exception {
        String document = service.get("none", "/openapi.json").body();
        return new OpenApi(Json.tree(document.getBytes(StandardCharsets.UTF_8)));
    }

    static String shapeOf(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }

    /// All but those whose answer does not end.
    List<Operation> operations() {
        return operations;
    }

    /// Those of the operation and those of its path.
    List<Parameter> parameters(Operation operation) {
        var all = new ArrayList<Parameter>();
        for (var list : List.of(root.at("/paths/" + escaped(operation.path())), operation.node())) {
            for (var item : list.path("parameters")) {
                var parameter = resolved(item);
                all.add(
                        new Parameter(
                                parameter.get("name").stringValue(),
                                parameter.get("in").stringValue(),
                                parameter.path("required").asBoolean(false),
                                parameter.path("schema")));
            }
        }
        return all;
    }

    Optional<Body> body(Operation operation) {
        var content = resolved(operation.node().path("requestBody")).path("content");
        return content.properties().stream()
                .findFirst()
                .map(entry -> new Body(entry.getKey(), entry.getValue().path("schema")));
    }

    /// Follows `$ref`, and puts the parts of an `allOf` together.
    JsonNode resolved(JsonNode schema) {
        var node = schema;
        while (node.has("$ref")) {
            node = root.at(node.get("$ref").stringValue().substring(1));
        }
        if (!node.has("allOf")) {
            return node;
        }
        var whole = (ObjectNode) node.deepCopy();
        for (var part : whole.remove("allOf")) {
            var from = resolved(part);
            from.properties()
                    .forEach(entry -> {
                        if (entry.getKey().equals("properties")) {
                            whole.withObjectProperty("properties")
                                    .setAll((ObjectNode) entry.getValue());
                        } else if (entry.getKey().equals("required")) {
                            var names = whole.withArrayProperty("required");
                            entry.getValue().forEach(names::add);
                        } else {
                            whole.putIfAbsent(entry.getKey(), entry.getValue());
                        }
                    });
        }
        return whole;
    }

    /// The alternative of a schema that is of this type, or else the schema itself.
    ///
    /// @param type such as `array`
    JsonNode option(JsonNode schema, String type) {
        var whole = resolved(schema);
        for (String choice : List.of("oneOf", "anyOf")) {
            for (var option : whole.path(choice)) {
                if (resolved(option).path("type").asString("").equals(type)) {
                    return option;
                }
            }
        }
        return whole;
    }

    /// Whether the document has this status for the operation, by number, by class or by default.
    Optional<JsonNode> response(Operation operation, int status) {
        return responsePointer(operation, status).map(root::at).map(this::resolved);
    }

    /// What of an answer is not as the document says; empty when all is.
    List<String> faults(Operation operation, int status, JsonNode answer) {
        var pointer = responsePointer(operation, status);
        if (pointer.isEmpty()) {
            return List.of("the document has no answer " + status);
        }
        var response = root.at(pointer.get());
        String at =
                response.has("$ref")
                        ? response.get("$ref").stringValue().substring(1)
                        : pointer.get();
        at += "/content/application~1json/schema";
        if (root.at(at).isMissingNode()) {
            return List.of("the document has no schema for " + status);
        }
        return schema(at).validate(answer).stream().map(Object::toString).limit(5).toList();
    }

    private Schema schema(String pointer) {
        return schemas.computeIfAbsent(
                pointer, at -> registry.getSchema(SchemaLocation.of(PLACE + "#" + at)));
    }

    private static Optional<String> responsePointer(Operation operation, int status) {
        var responses = operation.node().path("responses");
        return List.of(String.valueOf(status), status / 100 + "XX", "default").stream()
                .filter(responses::has)
                .findFirst()
                .map(key -> operation.pointer() + "/responses/" + key);
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
