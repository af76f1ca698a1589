package ai.mailgoat.server.requestlog;

import ai.mailgoat.common.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Makes a body fit to be kept: still one JSON object, of a bounded size, without secrets and
/// without the content of attachments.
final class LoggedBody {
    /// Octets of a kept body.
    static final int MAX = 16 * 1024;

    /// From mild to harsh; each is tried until the body fits.
    private static final int[] LONGEST_STRINGS = {1_000, 200, 40};

    private static final int ITEMS_PER_CHARACTER = 40;

    private static final Set<String> SECRETS =
            Set.of(
                    "token",
                    "accesstoken",
                    "signingsecret",
                    "secret",
                    "password",
                    "adminpassword",
                    "authorization");

    private LoggedBody() {}

    /// @return `null` when there is nothing, or nothing that is JSON
    static byte @Nullable [] of(byte[] body) {
        if (body.length == 0) {
            return null;
        }
        try {
            var tree = Json.tree(body);
            // Clients read an object here; a batch is an array.
            var object =
                    tree.isObject() ? tree : Json.mapper().createObjectNode().set("items", tree);
            for (int longest : LONGEST_STRINGS) {
                byte[] cut = Json.bytes(cut(object, longest));
                if (cut.length <= MAX) {
                    return cut;
                }
            }
            return Json.bytes(Map.of("cut", "a body of " + body.length + " octets"));
        } catch (JacksonException e) {
            return null;
        }
    }

    private static JsonNode cut(JsonNode node, int longest) {
        if (node.isObject()) {
            return cutObject(node, longest);
        }
        if (node.isArray()) {
            var array = Json.mapper().createArrayNode();
            for (var item : node) {
                if (array.size() == longest / ITEMS_PER_CHARACTER) {
                    break;
                }
                array.add(cut(item, longest));
            }
            return array;
        }
        return node.isString() ? text(shortened(node.stringValue(), longest)) : node;
    }

    private static JsonNode cutObject(JsonNode node, int longest) {
        var object = Json.mapper().createObjectNode();
        for (var field : node.properties()) {
            if (object.size() > longest / ITEMS_PER_CHARACTER + ITEMS_PER_CHARACTER) {
                break;
            }
            String name = shortened(field.getKey(), longest);
            object.set(name, value(field.getKey(), field.getValue(), longest));
        }
        return object;
    }

    private static JsonNode value(String name, JsonNode value, int longest) {
        String plain = name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
        if (value.isNull()) {
            return value;
        }
        if (SECRETS.contains(plain)) {
            return text("(taken out)");
        }
        return plain.equals("content") ? text(size(value)) : cut(value, longest);
    }

    // The content of an attachment comes as base64, as an array of octets, or as Node writes a
    // Buffer.
    private static String size(JsonNode content) {
        if (content.isString()) {
            return "(" + content.stringValue().length() + " characters)";
        }
        var data = content.isObject() && content.has("data") ? content.get("data") : content;
        return "(" + data.size() + " octets)";
    }

    private static String shortened(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }

    private static JsonNode text(String text) {
        return Json.mapper().getNodeFactory().stringNode(text);
    }
}
