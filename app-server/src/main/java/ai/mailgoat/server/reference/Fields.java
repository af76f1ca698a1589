package ai.mailgoat.server.reference;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// A schema as a list of fields for people.
final class Fields {
    private static final int DEEPEST = 4;

    private static final String DESCRIPTION = "description";
    private static final String ITEMS = "items";
    private static final String TYPE = "type";

    private final ApiDocument document;
    private final boolean asked;

    /// @param asked whether these are fields of requests: only then it matters which are required
    Fields(ApiDocument document, boolean asked) {
        this.document = document;
        this.asked = asked;
    }

    /// One field.
    ///
    /// @param schema as it stands in the document; refs below it are not resolved
    record Field(String name, boolean required, JsonNode schema) {}

    /// HTML; empty for a schema without fields.
    String of(JsonNode schema) {
        return list(schema, 0);
    }

    /// A parameter as such a field. What stands in a path goes without saying that it is required.
    String parameter(JsonNode parameter) {
        var field =
                new Field(
                        parameter.path("name").asString(),
                        !parameter.path("in").asString().equals("path")
                                && parameter.path("required").asBoolean(false),
                        parameter.path("schema"));
        return item(field, parameter.path(DESCRIPTION).asString(""), 0);
    }

    private String list(JsonNode schema, int depth) {
        var fields = fields(schema);
        if (fields.isEmpty() || depth >= DEEPEST) {
            return "";
        }
        var html = new StringBuilder("<ul class=\"fields\">\n");
        fields.values().forEach(field -> html.append(item(field, "", depth)));
        return html.append("</ul>\n").toString();
    }

    private String item(Field field, String description, int depth) {
        String text = description.isEmpty() ? description(field.schema()) : description;
        String below = list(below(field.schema()), depth + 1);
        return """
        <li><div class="field"><code class="name">%s</code><span class="type">%s</span>%s</div>
        %s%s%s</li>
        """
                .formatted(
                        Markup.escape(field.name()),
                        Markup.escape(type(field.schema())),
                        asked && field.required() ? "<span class=\"required\">required</span>" : "",
                        text.isEmpty() ? "" : "<p>" + Markup.line(text) + "</p>\n",
                        bounds(field.schema()),
                        below.isEmpty()
                                ? ""
                                : "<details class=\"below\"><summary>Its fields</summary>\n"
                                        + below
                                        + "</details>\n");
    }

    /// The fields of an object, those of all parts of an `allOf` together.
    private Map<String, Field> fields(JsonNode schema) {
        var resolved = document.resolve(schema);
        var fields = new LinkedHashMap<String, Field>();
        for (var part : resolved.path("allOf")) {
            fields.putAll(fields(part));
        }
        var required = required(resolved);
        for (var property : resolved.path("properties").properties()) {
            fields.put(property.getKey(), new Field(property.getKey(), false, property.getValue()));
        }
        fields.replaceAll((name, field) ->
                required.contains(name) ? new Field(name, true, field.schema()) : field);
        return fields;
    }

    private Set<String> required(JsonNode schema) {
        var names = new HashSet<String>();
        schema.path("required").forEach(name -> names.add(name.asString()));
        schema.path("allOf").forEach(part -> names.addAll(required(document.resolve(part))));
        return names;
    }

    /// The schema whose fields stand below a field: its own, its items', or its only object's.
    private JsonNode below(JsonNode schema) {
        var resolved = document.resolve(schema);
        if (resolved.has(ITEMS)) {
            return below(resolved.get(ITEMS));
        }
        for (var choice : resolved.path("anyOf")) {
            var below = below(choice);
            if (!fields(below).isEmpty()) {
                return below;
            }
        }
        return resolved;
    }

    private String type(JsonNode schema) {
        var resolved = document.resolve(schema);
        if (resolved.has("const")) {
            return "\"" + resolved.get("const").asString() + "\"";
        }
        if (resolved.has("anyOf") && !resolved.has(TYPE)) {
            return choices(resolved.get("anyOf"));
        }
        if (resolved.has("allOf") && !resolved.has(TYPE)) {
            return type(resolved.get("allOf").get(0));
        }
        var type = resolved.path(TYPE);
        if (type.isArray()) {
            var words = new StringJoiner(" or ");
            type.forEach(t -> words.add(word(resolved, t.asString())));
            return words.toString();
        }
        return word(resolved, type.asString("any"));
    }

    private String choices(JsonNode choices) {
        var words = new java.util.LinkedHashSet<String>();
        choices.forEach(choice -> words.add(type(choice)));
        return String.join(" or ", words);
    }

    private String word(JsonNode schema, String type) {
        return switch (type) {
            case "array" -> schema.has(ITEMS) ? "array of " + type(schema.get(ITEMS)) : "array";
            case "string" -> string(schema);
            default -> type;
        };
    }

    private static String string(JsonNode schema) {
        return switch (schema.path("format").asString("")) {
            case "uuid" -> "uuid";
            case "date-time" -> "time";
            case "uri" -> "URL";
            case "binary" -> "file";
            default -> "string";
        };
    }

    private String description(JsonNode schema) {
        var own = schema.path(DESCRIPTION).asString("");
        return own.isEmpty() && schema.has("$ref")
                ? document.resolve(schema).path(DESCRIPTION).asString("")
                : own;
    }

    private String bounds(JsonNode schema) {
        var bounds = new ArrayList<String>();
        bounds(schema, bounds);
        return bounds.isEmpty() ? "" : "<p class=\"bounds\">" + String.join(" ", bounds) + "</p>\n";
    }

    private void bounds(JsonNode schema, List<String> bounds) {
        var resolved = document.resolve(schema);
        resolved.path("allOf").forEach(part -> bounds(part, bounds));
        var values =
                resolved.has("enum") ? resolved.get("enum") : resolved.path(ITEMS).path("enum");
        if (!values.isMissingNode()) {
            var words = new StringJoiner(" ");
            values.forEach(
                    value -> words.add("<code>" + Markup.escape(value.asString()) + "</code>"));
            bounds.add("One of " + words + ".");
        }
        range(resolved, "minLength", "maxLength", "characters", bounds);
        range(resolved, "minItems", "maxItems", "entries", bounds);
        range(resolved, "minimum", "maximum", "", bounds);
        range(resolved, "minProperties", "maxProperties", "entries", bounds);
        if (resolved.has("default")) {
            bounds.add(
                    "Default <code>"
                            + Markup.escape(resolved.get("default").asString())
                            + "</code>.");
        }
    }

    private static void range(
            JsonNode schema, String least, String most, String unit, List<String> bounds) {
        if (!schema.has(most)) {
            return;
        }
        String from = schema.path(least).asString("");
        String to = schema.get(most).asString();
        String text =
                from.isEmpty() || from.equals("0") && !unit.isEmpty()
                        ? "At most " + to + " " + unit
                        : from + " to " + to + " " + unit;
        bounds.add(text.strip() + ".");
    }
}
