package ai.mailgoat.server.http;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/// A JSON object of a request, read field by field. A field of the wrong type is refused with its
/// name; `null` counts as absent; fields nobody asks for are ignored.
public final class JsonBody {
    private final JsonNode object;
    private final String where;

    private JsonBody(JsonNode object, String where) {
        this.object = object;
        this.where = where;
    }

    static JsonBody object(byte[] body) {
        return of(body.length == 0 ? Json.mapper().createObjectNode() : tree(body), "");
    }

    /// The body as a JSON array, as `POST /emails/batch` has it; its items are read one by one with
    /// {@link #of}.
    public static List<JsonNode> items(byte[] body) {
        var tree = body.length == 0 ? Json.mapper().createArrayNode() : tree(body);
        if (!tree.isArray()) {
            throw ApiException.validation("The request body must be a JSON array.");
        }
        var items = new ArrayList<JsonNode>();
        tree.forEach(items::add);
        return items;
    }

    /// A body whose array may stand bare, or in `field` of an object.
    ///
    /// @return the object, or one with nothing but that array
    public static JsonBody wrapped(byte[] body, String field) {
        var tree = body.length == 0 ? Json.mapper().createObjectNode() : tree(body);
        return of(tree.isArray() ? Json.mapper().createObjectNode().set(field, tree) : tree, "");
    }

    /// JSON inside of a field of a form.
    ///
    /// @throws ApiException 422 when it is none
    public static JsonNode ofField(String field, String text) {
        try {
            return Json.tree(text.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw ApiException.validation("The `" + field + "` field is not valid JSON.");
        }
    }

    /// @param where prefix of the field's name in messages, such as `attachments[0].`, or empty
    public static JsonBody of(JsonNode node, String where) {
        if (!node.isObject()) {
            String name =
                    where.isEmpty()
                            ? "The request body"
                            : "`" + where.substring(0, where.length() - 1) + "`";
            throw ApiException.validation(name + " must be a JSON object.");
        }
        return new JsonBody(node, where);
    }

    /// The raw value, absent when missing or `null`.
    public Optional<JsonNode> node(String field) {
        var node = object.get(field);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    /// Whether the field is there, if only as `null`.
    public boolean has(String field) {
        return object.has(field);
    }

    public Optional<String> string(String field) {
        return node(field).map(node -> text(field, node));
    }

    /// A string that must be there and not be empty.
    public String requiredString(String field) {
        return string(field)
                .filter(s -> !s.isEmpty())
                .orElseThrow(() -> ApiException.missingField(where + field));
    }

    /// A string of at most `max` characters without control characters other than line breaks and
    /// tabs.
    public Optional<String> text(String field, int max) {
        return string(field)
                .map(text -> {
                    if (text.length() > max) {
                        throw ApiException.validation(
                                "The `"
                                        + where
                                        + field
                                        + "` field must have at most "
                                        + max
                                        + " characters.");
                    }
                    if (text.chars().anyMatch(JsonBody::isControl)) {
                        throw ApiException.validation(
                                "Invalid `"
                                        + where
                                        + field
                                        + "` field. Control characters are not allowed.");
                    }
                    return text;
                });
    }

    /// As {@link #text}, and it must be there and not be blank.
    public String requiredText(String field, int max) {
        return text(field, max)
                .filter(s -> !s.isBlank())
                .orElseThrow(() -> ApiException.missingField(where + field));
    }

    /// A UUID in its full form.
    public Optional<UUID> uuid(String field) {
        return string(field)
                .map(text ->
                        Uuids.parse(text).orElseThrow(() -> ApiException.invalidId(where + field)));
    }

    /// A point in time: a date (its midnight, UTC) or a date and time of ISO 8601.
    public Optional<Instant> time(String field) {
        return string(field)
                .filter(text -> !text.isEmpty())
                .map(text -> IsoTime.parse("`" + where + field + "` field", text, ZoneOffset.UTC));
    }

    /// One string or an array of strings, as addresses come.
    public List<String> strings(String field) {
        var node = node(field);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            return List.of(text(field, node.get()));
        }
        var all = new ArrayList<String>();
        node.get().forEach(item -> all.add(text(field, item)));
        return all;
    }

    public Optional<Boolean> bool(String field) {
        return node(field)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw wrongType(field, "a boolean");
                    }
                    return node.booleanValue();
                });
    }

    /// A whole number from `min` to `max`.
    public Optional<Integer> wholeNumber(String field, int min, int max) {
        return node(field)
                .map(node -> {
                    if (!node.isIntegralNumber()
                            || !node.canConvertToInt()
                            || node.intValue() < min
                            || node.intValue() > max) {
                        throw wrongType(field, "a whole number from " + min + " to " + max);
                    }
                    return node.intValue();
                });
    }

    public Optional<JsonBody> object(String field) {
        return node(field).map(node -> of(node, where + field + "."));
    }

    public List<JsonBody> objects(String field) {
        var node = node(field);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            throw wrongType(field, "an array");
        }
        var all = new ArrayList<JsonBody>();
        for (int i = 0; i < node.get().size(); i++) {
            all.add(of(node.get().get(i), where + field + "[" + i + "]."));
        }
        return all;
    }

    /// A string that names a constant of `type`: in lower case, but Java's client writes
    /// `ENFORCED`.
    public <E extends Enum<E>> Optional<E> constant(String field, Class<E> type) {
        return string(field).map(text -> constant("`" + where + field + "` field", text, type));
    }

    /// @param what names the value in the message
    static <E extends Enum<E>> E constant(String what, String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        var names =
                Arrays.stream(type.getEnumConstants())
                        .map(c -> c.name().toLowerCase(Locale.ROOT))
                        .toList();
        throw ApiException.validation(
                "Invalid " + what + ". It must be one of: " + String.join(", ", names) + ".");
    }

    /// The whole object.
    public JsonNode tree() {
        return object;
    }

    public ApiException wrongType(String field, String expected) {
        return ApiException.validation(
                "The `" + where + field + "` field must be " + expected + ".");
    }

    private String text(String field, JsonNode node) {
        if (!node.isString()) {
            throw wrongType(field, "a string");
        }
        return node.stringValue();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
    }

    private static JsonNode tree(byte[] body) {
        try {
            return Json.tree(body);
        } catch (JacksonException e) {
            throw new ApiException(
                    400, "validation_error", "The request body is not valid JSON: " + place(e));
        }
    }

    // The parser's own words name its classes and switches.
    private static String place(JacksonException e) {
        var at = e.getLocation();
        String place =
                at == null
                        ? "it ends early"
                        : "line " + at.getLineNr() + ", column " + at.getColumnNr();
        return e instanceof StreamConstraintsException
                ? "nested too deeply, or with a number or name that is too long."
                : place + ".";
    }
}
