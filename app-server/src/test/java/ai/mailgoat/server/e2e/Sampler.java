package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import ai.mailgoat.server.e2e.OpenApi.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests that the document allows, with ids of objects that are there. What a schema
/// cannot say, such as a sender that is verified, is known here by the field's name.
final class Sampler {
    static final String BOUNDARY = "mailgoat-fuzz";

    private static final int DEEPEST = 6;

    /// Names of which one alone makes sense: sent together, all are refused.
    private static final Set<String> SELDOM =
            Set.of("scheduled_at", "attachments", "topic_id", "template", "headers", "expires_in");

    private final OpenApi document;
    private final Known known;
    private final FieldValues fields;

    Sampler(OpenApi document, Known known) {
        this.document = document;
        this.known = known;
        this.fields = new FieldValues(known);
    }

    /// @param key of the caller
    Draft draft(Operation operation, String key, RandomGenerator random) {
        var ids = new ArrayList<>(known.fill(operation.path(), random));
        if (!operation.method().equals("GET")) {
            ids.replaceAll(id -> known.isKept(id) ? Known.made(random) : id);
        }
        var left = new ArrayList<>(ids);
        var segments = new ArrayList<String>();
        for (String segment : operation.path().substring(1).split("/")) {
            segments.add(segment.startsWith("{") ? left.removeFirst() : segment);
        }
        if (!ids.isEmpty() && random.nextInt(8) == 0) {
            byName(operation, segments, random);
        }
        var draft = new Draft(operation, segments, List.copyOf(ids));
        draft.header("authorization", "Bearer " + key);
        draft.header("user-agent", "mailgoat-fuzz");
        for (var parameter : document.parameters(operation)) {
            if (parameter.in().equals("query")
                    && (parameter.required() || random.nextInt(5) == 0)) {
                draft.query.add(parameter.name() + "=" + queryValue(operation, parameter, random));
            }
        }
        document.body(operation)
                .filter(body -> body.contentType().equals(OpenApi.JSON))
                .ifPresent(body -> {
                    draft.header("content-type", OpenApi.JSON);
                    draft.tree = value(operation, body.schema(), "", 0, random);
                    if (draft.tree instanceof ObjectNode object) {
                        mend(object, random);
                    }
                });
        document.body(operation)
                .filter(body -> body.contentType().startsWith("multipart/"))
                .ifPresent(body -> {
                    draft.header("content-type", "multipart/form-data; boundary=" + BOUNDARY);
                    draft.body = operation.path().equals("/brand/logo") ? logo() : form(random);
                });
        return draft;
    }

    /// A body with the fields that must be there and no others.
    JsonNode least(Operation operation, JsonNode schema, RandomGenerator random) {
        var body = value(operation, schema, "", 0, random);
        trim(schema, body);
        return body;
    }

    private void trim(JsonNode schema, JsonNode value) {
        var whole =
                document.resolved(document.option(schema, value.isArray() ? "array" : "object"));
        if (value instanceof ObjectNode object) {
            var required = new ArrayList<String>();
            whole.path("required").forEach(name -> required.add(name.stringValue()));
            object.retain(required);
            boolean mail = required.contains("to") || required.contains("subject");
            if (mail && whole.path("properties").has("html")) {
                object.put("from", "Fuzz <fuzz@sender.example>");
                object.put("subject", "Hello");
                object.put("text", "Hello");
            }
            object.properties()
                    .forEach(entry ->
                            trim(whole.path("properties").path(entry.getKey()), entry.getValue()));
        } else if (value.isArray()) {
            value.forEach(item -> trim(whole.path("items"), item));
        }
    }

    // Contacts and suppressions go by address, too, templates by alias.
    private static void byName(Operation operation, List<String> segments, RandomGenerator random) {
        String name =
                switch (segments.getFirst()) {
                    case "contacts", "suppressions" -> FieldValues.address(random);
                    case "templates" -> FieldValues.alias(random);
                    default -> segments.get(1);
                };
        if (operation.path().split("/")[2].startsWith("{")) {
            segments.set(1, name);
        }
    }

    private String queryValue(Operation operation, Parameter parameter, RandomGenerator random) {
        return switch (parameter.name()) {
            case "limit" -> String.valueOf(1 + random.nextInt(100));
            case "after", "before" ->
                    known.one(operation.shape() + "/{}", random)
                            .orElseGet(() -> Known.made(random));
            case "start_date" -> "2026-0" + (1 + random.nextInt(9)) + "-01";
            case "end_date" -> "2026-12-01T00:00:00Z";
            case "timezone" -> "Europe/Berlin";
            case "metrics" -> random.nextBoolean() ? "delivered,sent" : "bounce_rate";
            case "dimensions" -> random.nextBoolean() ? "period" : "domain,period";
            default -> {
                var value = value(operation, parameter.schema(), parameter.name(), 0, random);
                yield java.net.URLEncoder.encode(value.asString(""), StandardCharsets.UTF_8);
            }
        };
    }

    private JsonNode value(
            Operation operation, JsonNode schema, String field, int depth, RandomGenerator random) {
        var made = fields.value(operation, field, random);
        if (made.isPresent() && depth > 0) {
            return made.get();
        }
        var whole = document.resolved(schema);
        for (String choice : List.of("oneOf", "anyOf")) {
            if (whole.has(choice) && !whole.has("properties")) {
                var options = whole.get(choice);
                return value(
                        operation,
                        options.get(random.nextInt(options.size())),
                        field,
                        depth,
                        random);
            }
        }
        if (whole.has("const")) {
            return whole.get("const");
        }
        if (whole.has("enum")) {
            return whole.get("enum").get(random.nextInt(whole.get("enum").size()));
        }
        return switch (type(whole, random)) {
            case "object" -> object(operation, whole, depth, random);
            case "array" -> array(operation, whole, field, depth, random);
            case "boolean" -> Json.mapper().getNodeFactory().booleanNode(random.nextBoolean());
            case "integer", "number" ->
                    Json.mapper()
                            .getNodeFactory()
                            .numberNode(whole.path("minimum").asInt(1) + random.nextInt(5));
            case "null" -> Json.mapper().nullNode();
            default -> FieldValues.text(string(whole, field, random));
        };
    }

    private static String type(JsonNode schema, RandomGenerator random) {
        var type = schema.path("type");
        if (type.isArray()) {
            return type.get(random.nextInt(type.size())).stringValue();
        }
        return type.asString(schema.has("properties") ? "object" : "string");
    }

    private JsonNode object(
            Operation operation, JsonNode schema, int depth, RandomGenerator random) {
        var object = Json.mapper().createObjectNode();
        if (depth > DEEPEST) {
            return object;
        }
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.stringValue()));
        schema.path("properties")
                .properties()
                .forEach(entry -> {
                    int odds = SELDOM.contains(entry.getKey()) ? 8 : 2;
                    if (required.contains(entry.getKey()) || random.nextInt(odds) == 0) {
                        object.set(
                                entry.getKey(),
                                value(
                                        operation,
                                        entry.getValue(),
                                        entry.getKey(),
                                        depth + 1,
                                        random));
                    }
                });
        if (schema.path("additionalProperties").isObject()) {
            object.set(
                    "key_" + random.nextInt(20),
                    value(
                            operation,
                            schema.get("additionalProperties"),
                            "value",
                            depth + 1,
                            random));
        }
        return object;
    }

    private JsonNode array(
            Operation operation, JsonNode schema, String field, int depth, RandomGenerator random) {
        var array = Json.mapper().createArrayNode();
        int most = depth > DEEPEST ? 0 : schema.path("maxItems").asInt(3);
        int count =
                Math.min(most, Math.max(schema.path("minItems").asInt(0), 1 + random.nextInt(3)));
        for (int i = 0; i < count; i++) {
            array.add(value(operation, schema.path("items"), field, depth + 1, random));
        }
        return array;
    }

    private static String string(JsonNode schema, String field, RandomGenerator random) {
        return switch (schema.path("format").asString("")) {
            case "uuid" -> Known.made(random);
            case "email" -> FieldValues.address(random);
            case "date-time" -> "2026-12-01T00:00:00Z";
            case "uri" -> "https://hooks.example/";
            default -> field + "-" + random.nextInt(1000);
        };
    }

    // Exclusive fields: what is there twice goes.
    private static void mend(ObjectNode object, RandomGenerator random) {
        if (object.has("template")) {
            object.remove(List.of("html", "text"));
        } else if (object.has("subject") && object.has("to") && !object.has("html")) {
            object.put("text", "Hello");
        }
        if (object.has("ids") && object.has("emails")) {
            object.remove(random.nextBoolean() ? "ids" : "emails");
        }
    }

    private byte[] form(RandomGenerator random) {
        var csv = new StringBuilder("email,first_name,last_name,unsubscribed\n");
        for (int i = random.nextInt(20); i > 0; i--) {
            csv.append(FieldValues.address(random)).append(",Ann,\"Lee, B.\",false\n");
        }
        var form = new StringBuilder();
        part(form, "file\"; filename=\"contacts.csv", csv.toString());
        if (random.nextBoolean()) {
            part(form, "on_conflict", random.nextBoolean() ? "upsert" : "skip");
        }
        var segment = known.one("/segments/{}", random);
        if (segment.isPresent() && random.nextBoolean()) {
            part(form, "segments", "[{\"id\":\"" + segment.get() + "\"}]");
        }
        return form.append("--" + BOUNDARY + "--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// A GIF of one pixel.
    private static byte[] logo() {
        var form = new StringBuilder();
        part(
                form,
                "file\"; filename=\"logo.gif",
                "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377,\0\0\0\0\1\0\1\0\0\2\2D\1\0;");
        return form.append("--" + BOUNDARY + "--\r\n")
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void part(StringBuilder form, String name, String content) {
        form.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(content)
                .append("\r\n");
    }
}
