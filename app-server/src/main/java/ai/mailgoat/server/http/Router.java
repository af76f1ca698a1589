package ai.mailgoat.server.http;

import ai.mailgoat.server.http.Endpoints.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the route of a request: a tree of segments, in which a literal is tried before a
/// parameter. The path is chosen first and the method after it, so `GET /emails/batch` is a wrong
/// method and not the e-mail `batch`.
final class Router {
    private final Node root = new Node();

    Router(Endpoints endpoints) {
        endpoints.all().forEach(this::add);
    }

    sealed interface Match {}

    /// @param path decoded, without trailing slash
    record Found(Endpoint endpoint, String path, Map<String, String> parameters) implements Match {}

    record NoSuchPath(String path) implements Match {}

    /// @param allow the methods there are, as the `Allow` field has them
    record WrongMethod(String path, String allow) implements Match {}

    /// @param rawPath as it came, percent-encoded, without the query
    /// @throws ApiException 400 when the encoding is broken
    Match match(String method, String rawPath) {
        var segments = segments(rawPath);
        String path = "/" + String.join("/", segments);
        var values = new ArrayList<String>();
        var node = find(root, segments, 0, values);
        if (node == null) {
            return new NoSuchPath(path);
        }
        // RFC 9110, 9.3.2: HEAD is GET without the content of the answer.
        var endpoint = node.methods.get(method.equals("HEAD") ? "GET" : method);
        if (endpoint == null) {
            return new WrongMethod(path, node.allow());
        }
        return new Found(endpoint, path, bind(endpoint, values));
    }

    private void add(Endpoint endpoint) {
        var node = root;
        for (String segment : endpoint.path().substring(1).split("/", -1)) {
            node =
                    isParameter(segment)
                            ? node.parameter()
                            : node.literals.computeIfAbsent(segment, s -> new Node());
        }
        if (node.methods.putIfAbsent(endpoint.method(), endpoint) != null) {
            throw new IllegalArgumentException(
                    "declared twice: " + endpoint.method() + " " + endpoint.path());
        }
    }

    private static @Nullable Node find(
            Node node, List<String> segments, int depth, List<String> values) {
        if (depth == segments.size()) {
            return node.methods.isEmpty() ? null : node;
        }
        String segment = segments.get(depth);
        var literal = node.literals.get(segment);
        if (literal != null) {
            var found = find(literal, segments, depth + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null || segment.isEmpty()) {
            return null;
        }
        values.addLast(segment);
        var found = find(node.parameter, segments, depth + 1, values);
        if (found == null) {
            values.removeLast();
        }
        return found;
    }

    private static Map<String, String> bind(Endpoint endpoint, List<String> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        var parameters = new HashMap<String, String>();
        var rest = values.iterator();
        for (String segment : endpoint.path().substring(1).split("/", -1)) {
            if (isParameter(segment)) {
                parameters.put(segment.substring(1, segment.length() - 1), rest.next());
            }
        }
        return parameters;
    }

    // Cut first, decoded after it: an encoded slash belongs to its segment.
    private static List<String> segments(String rawPath) {
        String trimmed =
                rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
        var segments = new ArrayList<String>();
        if (trimmed.isEmpty()) {
            segments.add("");
            return segments;
        }
        for (String raw : trimmed.substring(1).split("/", -1)) {
            segments.add(PercentCoding.decodeSegment(raw));
        }
        return segments;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<String, Endpoint> methods = new TreeMap<>(Comparator.naturalOrder());
        @Nullable Node parameter;

        Node parameter() {
            if (parameter == null) {
                parameter = new Node();
            }
            return parameter;
        }

        String allow() {
            var names = new ArrayList<>(methods.keySet());
            if (names.contains("GET")) {
                names.add("HEAD");
            }
            return String.join(", ", names);
        }
    }
}
