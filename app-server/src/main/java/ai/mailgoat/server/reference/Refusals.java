package ai.mailgoat.server.reference;

import ai.mailgoat.server.reference.ApiDocument.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The errors of operations: written as `404 not_found Email not found` in the files, and as
/// responses with examples in the document.
final class Refusals {
    private static final Pattern LINE = Pattern.compile("(\\d{3}) ([a-z_]+) (.+)");
    private static final String LINES = "x-errors";
    private static final String RESPONSES = "responses";

    private final JsonNode sets;
    private final JsonNode descriptions;
    private final Set<Refusal> common = new LinkedHashSet<>();

    /// @param sets lines by the names of sets, of all files
    /// @param base the sets that many operations share
    /// @param descriptions of a response, by status
    Refusals(JsonNode sets, JsonNode base, JsonNode descriptions) {
        this.sets = sets;
        this.descriptions = descriptions;
        base.forEach(lines -> lines.forEach(line -> lines(line.asString()).forEach(common::add)));
    }

    /// One way to be refused.
    ///
    /// @param message as an example; names and numbers in it vary
    record Refusal(int status, String name, String message) {}

    List<Refusal> common() {
        return List.copyOf(common);
    }

    /// Those among the responses that are not common.
    List<Refusal> own(JsonNode responses) {
        var own = new ArrayList<Refusal>();
        for (var response : responses) {
            var examples = response.path("content").path("application/json").path("examples");
            for (var example : examples) {
                var value = example.path("value");
                if (value.has("statusCode")) {
                    own.add(
                            new Refusal(
                                    value.path("statusCode").asInt(),
                                    value.path("name").asString(),
                                    value.path("message").asString()));
                }
            }
        }
        own.removeAll(common);
        return own;
    }

    /// Turns the lines of an operation, and those that hold for its kind, into responses.
    void writeOut(Operation operation) {
        var node = operation.node();
        var all = new LinkedHashSet<Refusal>();
        var own = node.remove(LINES);
        if (own != null) {
            own.forEach(line -> lines(line.asString()).forEach(all::add));
        }
        kinds(operation).flatMap(this::lines).forEach(all::add);
        var responses = new TreeMap<String, JsonNode>();
        node.path(RESPONSES).properties().forEach(r -> responses.put(r.getKey(), r.getValue()));
        var given = Set.copyOf(responses.keySet());
        for (var refusal : all) {
            String status = Integer.toString(refusal.status());
            if (!given.contains(status)) {
                var response = responses.computeIfAbsent(status, _ -> response(node, status));
                add((ObjectNode) response, refusal);
            }
        }
        node.putObject(RESPONSES).setAll(responses);
    }

    private static Stream<String> kinds(Operation operation) {
        var kinds = new ArrayList<>(List.of("any"));
        if (!operation.isPublic()) {
            kinds.add("key");
            if (!operation.isForSending()) {
                kinds.add("full");
            }
        }
        if (operation.node().has("requestBody")) {
            kinds.add("body");
        }
        return kinds.stream();
    }

    private Stream<Refusal> lines(String text) {
        if (sets.has(text)) {
            return sets.get(text).valueStream().flatMap(line -> lines(line.asString()));
        }
        var line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalStateException("neither an error nor a set of them: " + text);
        }
        return Stream.of(
                new Refusal(Integer.parseInt(line.group(1)), line.group(2), line.group(3)));
    }

    private ObjectNode response(ObjectNode factory, String status) {
        var response = factory.objectNode();
        response.put("description", descriptions.path(status).asString());
        response.withObject("/content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/Error");
        return response;
    }

    private static void add(ObjectNode response, Refusal refusal) {
        var content = (ObjectNode) response.path("content").path("application/json");
        var examples = content.withObject("/examples");
        int n = 1;
        for (var name : examples.propertyNames()) {
            n += name.startsWith(refusal.name()) ? 1 : 0;
        }
        examples.putObject(n == 1 ? refusal.name() : refusal.name() + "_" + n)
                .putObject("value")
                .put("statusCode", refusal.status())
                .put("message", refusal.message())
                .put("name", refusal.name());
    }
}
