package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A request whose body is still a tree, so that it can be spoiled.
final class Draft {
    final Operation operation;
    String method;
    final List<String> segments;

    /// What filled the parameters of the path.
    final List<String> ids;

    final List<String> query = new ArrayList<>();
    final List<Wire.Header> headers = new ArrayList<>();
    @Nullable JsonNode tree;
    byte[] body = new byte[0];

    Draft(Operation operation, List<String> segments, List<String> ids) {
        this.operation = operation;
        this.method = operation.method();
        this.segments = new ArrayList<>(segments);
        this.ids = ids;
    }

    void header(String name, String value) {
        headers.removeIf(header -> header.name().equalsIgnoreCase(name));
        headers.add(new Wire.Header(name, value));
    }

    /// Makes the tree the body, unless something else is.
    void write() {
        if (tree != null && body.length == 0) {
            body = Json.bytes(tree);
        }
    }

    Wire.Request request() {
        String target = "/" + String.join("/", segments);
        return new Wire.Request(
                method,
                query.isEmpty() ? target : target + "?" + String.join("&", query),
                headers,
                body);
    }
}
