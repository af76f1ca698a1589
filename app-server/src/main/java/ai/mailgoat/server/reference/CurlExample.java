package ai.mailgoat.server.reference;

import ai.mailgoat.server.reference.ApiDocument.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An operation as a command for a shell that has `MAILGOAT_URL` and `MAILGOAT_API_KEY`.
final class CurlExample {
    private static final String NEXT = " \\\n  ";

    private CurlExample() {}

    /// @param parameters of the operation, resolved; those with an `example` are used
    /// @param type of the body, and its example; `null` for none
    static String of(
            Operation operation,
            List<JsonNode> parameters,
            @Nullable String type,
            @Nullable JsonNode body) {
        var curl = new StringBuilder("curl ");
        if (!operation.method().equals("GET")
                && !(operation.method().equals("POST") && body != null)) {
            curl.append("-X ").append(operation.method()).append(' ');
        }
        curl.append("\"$MAILGOAT_URL").append(target(operation, parameters)).append('"');
        if (!operation.isPublic()) {
            curl.append(NEXT).append("-H \"Authorization: Bearer $MAILGOAT_API_KEY\"");
        }
        if (type != null && body != null) {
            body(curl, type, body);
        }
        return curl.toString();
    }

    private static void body(StringBuilder curl, String type, JsonNode body) {
        if (type.startsWith("multipart/")) {
            for (var field : body.properties()) {
                curl.append(NEXT)
                        .append("-F ")
                        .append(quoted(field.getKey() + "=" + field.getValue().asString()));
            }
        } else {
            curl.append(NEXT).append("-H 'Content-Type: ").append(type).append('\'');
            curl.append(NEXT).append("-d ").append(quoted(JsonText.plain(body)));
        }
    }

    private static String target(Operation operation, List<JsonNode> parameters) {
        String path = operation.path();
        var query = new ArrayList<String>();
        for (var parameter : parameters) {
            if (!parameter.has("example")) {
                continue;
            }
            String name = parameter.path("name").asString();
            String value = parameter.path("example").asString();
            switch (parameter.path("in").asString()) {
                case "path" -> path = path.replace("{" + name + "}", value);
                case "query" ->
                        query.add(
                                name
                                        + "="
                                        + URLEncoder.encode(value, StandardCharsets.UTF_8)
                                                .replace("%2C", ","));
                default -> {}
            }
        }
        return path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
