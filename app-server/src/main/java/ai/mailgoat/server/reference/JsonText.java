package ai.mailgoat.server.reference;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// JSON for people: what fits on a line stands on one, the rest is broken and indented.
final class JsonText {
    /// What a column of the page holds.
    private static final int WIDTH = 56;

    private static final String STEP = "  ";

    private final boolean colours;
    private final StringBuilder out = new StringBuilder();

    private JsonText(boolean colours) {
        this.colours = colours;
    }

    static String plain(JsonNode value) {
        return new JsonText(false).value(value, "", 0).out.toString();
    }

    /// HTML with a class on each key and value: `k`, `s` for strings, `n` for all else.
    static String html(JsonNode value) {
        return new JsonText(true).value(value, "", 0).out.toString();
    }

    private JsonText value(JsonNode value, String indent, int before) {
        if (value.isContainer()
                && !value.isEmpty()
                && Json.bytes(value).length + indent.length() + before > WIDTH) {
            container(value, indent, "\n" + indent + STEP, "\n" + indent);
        } else if (value.isContainer()) {
            container(value, indent, "", "");
        } else {
            scalar(value);
        }
        return this;
    }

    private void container(JsonNode value, String indent, String before, String end) {
        boolean lines = !before.isEmpty();
        String comma = lines ? "," : ", ";
        String space = lines || value.isEmpty() || value.isArray() ? "" : " ";
        out.append(value.isObject() ? "{" : "[").append(space);
        boolean first = true;
        if (value.isObject()) {
            for (var entry : value.properties()) {
                out.append(first ? "" : comma).append(before);
                coloured("k", string(entry.getKey()));
                out.append(": ");
                value(entry.getValue(), indent + STEP, entry.getKey().length() + 4);
                first = false;
            }
        } else {
            for (var item : value) {
                out.append(first ? "" : comma).append(before);
                value(item, indent + STEP, 0);
                first = false;
            }
        }
        out.append(end).append(space).append(value.isObject() ? "}" : "]");
    }

    private void scalar(JsonNode value) {
        coloured(
                value.isString() ? "s" : "n",
                new String(Json.bytes(value), StandardCharsets.UTF_8));
    }

    private void coloured(String kind, String text) {
        if (colours) {
            out.append("<span class=\"")
                    .append(kind)
                    .append("\">")
                    .append(Markup.escape(text))
                    .append("</span>");
        } else {
            out.append(text);
        }
    }

    private static String string(String text) {
        return new String(Json.bytes(text), StandardCharsets.UTF_8);
    }
}
