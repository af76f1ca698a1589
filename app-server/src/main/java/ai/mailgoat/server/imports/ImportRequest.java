package ai.mailgoat.server.imports;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Form;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.imports.ImportOptions.Columns;
import ai.mailgoat.server.property.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The fields beside the file: `column_map`, `segments` and `topics`, each JSON, and `on_conflict`.
///
/// @param named the columns the caller asked for by name; the file must have them
record ImportRequest(ImportOptions options, Set<String> named) {
    private static final int MAX_COLUMN = 500;
    private static final int MAX_ENTRIES = 100;

    /// How the values of a mapped property stand in the file.
    private enum ColumnType {
        STRING,
        NUMBER,
        BOOLEAN
    }

    /// @param properties those the team has, by key
    static ImportRequest read(Form form, Map<String, Property> properties) {
        var named = new LinkedHashSet<String>();
        var columns = columns(form, properties, named);
        var options = new ImportOptions(columns, segments(form), topics(form), conflict(form));
        return new ImportRequest(options, Set.copyOf(named));
    }

    private static Columns columns(Form form, Map<String, Property> properties, Set<String> named) {
        var field = form.field("column_map");
        if (field.isEmpty()) {
            return new Columns("email", "first_name", "last_name", "unsubscribed", Map.of());
        }
        var map = JsonBody.of(JsonBody.ofField("column_map", field.get()), "column_map.");
        return new Columns(
                column(map, "email", named),
                column(map, "first_name", named),
                column(map, "last_name", named),
                column(map, "unsubscribed", named),
                map.object("properties")
                        .map(object -> properties(object, properties, named))
                        .orElse(Map.of()));
    }

    // A field that is not mapped is looked for under its own name.
    private static String column(JsonBody map, String field, Set<String> named) {
        var column = map.text(field, MAX_COLUMN).map(String::strip).filter(s -> !s.isEmpty());
        column.ifPresent(named::add);
        return column.orElse(field);
    }

    private static Map<String, String> properties(
            JsonBody object, Map<String, Property> properties, Set<String> named) {
        var columns = new LinkedHashMap<String, String>();
        for (var entry : object.tree().properties()) {
            String key = entry.getKey();
            var property = properties.get(key);
            if (property == null) {
                throw ApiException.validation(
                        "The property `"
                                + shown(key)
                                + "` of `column_map` does not exist. Create it before importing.");
            }
            String column = column(object, entry.getValue(), property);
            named.add(column);
            columns.put(key, column);
        }
        return columns;
    }

    /// Either the column's name, or an object with `column` and perhaps `type`.
    private static String column(JsonBody object, JsonNode value, Property property) {
        String key = property.key();
        if (value.isString()) {
            return object.requiredText(key, MAX_COLUMN).strip();
        }
        var mapping = JsonBody.of(value, "column_map.properties." + key + ".");
        var type = mapping.constant("type", ColumnType.class);
        boolean number = type.isPresent() && type.get() == ColumnType.NUMBER;
        if (type.isPresent() && number != (property.type() == Property.Type.NUMBER)) {
            throw ApiException.validation(
                    "The property `"
                            + key
                            + "` is of type `"
                            + property.type().apiName()
                            + "`, not `"
                            + type.get().name().toLowerCase(Locale.ROOT)
                            + "`.");
        }
        return mapping.requiredText("column", MAX_COLUMN).strip();
    }

    // `[{"id":…}]`, and bare ids, too.
    private static List<UUID> segments(Form form) {
        var ids = new LinkedHashSet<UUID>();
        for (var item : items(form, "segments")) {
            var body = JsonBody.of(item.isString() ? object(item) : item, "segments[].");
            ids.add(id("segments", body));
        }
        return List.copyOf(ids);
    }

    private static List<TopicChoice> topics(Form form) {
        var choices = new LinkedHashMap<UUID, TopicChoice>();
        for (var item : items(form, "topics")) {
            var body = JsonBody.of(item, "topics[].");
            var id = id("topics", body);
            String subscription = body.requiredString("subscription");
            if (!subscription.equals("opt_in") && !subscription.equals("opt_out")) {
                throw ApiException.validation(
                        "Invalid `topics[].subscription` field. It must be one of: opt_in, opt_out.");
            }
            choices.put(id, new TopicChoice(id, subscription.equals("opt_in")));
        }
        return List.copyOf(choices.values());
    }

    private static UUID id(String field, JsonBody body) {
        return Uuids.parse(body.requiredString("id"))
                .orElseThrow(() -> ApiException.invalidId(field + "[].id"));
    }

    private static JsonNode object(JsonNode id) {
        return ai.mailgoat.common.json.Json.mapper().createObjectNode().set("id", id);
    }

    private static List<JsonNode> items(Form form, String field) {
        var text = form.field(field);
        if (text.isEmpty()) {
            return List.of();
        }
        var tree = JsonBody.ofField(field, text.get());
        if (!tree.isArray()) {
            throw ApiException.validation("The `" + field + "` field must be a JSON array.");
        }
        if (tree.size() > MAX_ENTRIES) {
            throw ApiException.validation(
                    "The `" + field + "` field can have at most " + MAX_ENTRIES + " entries.");
        }
        var items = new ArrayList<JsonNode>();
        tree.forEach(items::add);
        return items;
    }

    private static Conflict conflict(Form form) {
        return switch (form.field("on_conflict").orElse("upsert").strip()) {
            case "upsert" -> Conflict.UPSERT;
            case "skip" -> Conflict.SKIP;
            default ->
                    throw ApiException.validation(
                            "Invalid `on_conflict` field. It must be one of: upsert, skip.");
        };
    }

    private static String shown(String key) {
        String plain = key.codePoints().anyMatch(Character::isISOControl) ? "?" : key;
        return plain.length() > 50 ? plain.substring(0, 50) + "…" : plain;
    }
}
