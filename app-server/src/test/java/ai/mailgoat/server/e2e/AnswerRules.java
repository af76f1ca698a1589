package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What holds for every answer of the API, whatever was asked.
final class AnswerRules {
    private static final Pattern NAME = Pattern.compile("^\\| \\d{3} \\| `([a-z_]+)` \\|");
    private static final Pattern INSIDES =
            Pattern.compile(
                    "\\b(?:java|javax|jdk|org|com|io|tools)\\.[a-z]+\\.|ai\\.mailgoat\\.|\\w(?:Exception|Error)\\b|\\bat \\[|line: \\d|"
                            + "SQL|\\b(?:SELECT .* FROM|INSERT INTO|UPDATE .* SET|DELETE FROM)\\b|\\bnull\\b.*because");
    private static final int LONGEST_MESSAGE = 1_000;

    private final OpenApi document;
    private final Set<String> names;

    AnswerRules(OpenApi document) throws IOException {
        this.document = document;
        this.names = documentedNames();
    }

    /// The names of errors in the tables of `docs/errors.md`.
    private static Set<String> documentedNames() throws IOException {
        try (var lines = Files.lines(Path.of("../docs/errors.md"))) {
            return lines.map(NAME::matcher)
                    .filter(java.util.regex.Matcher::find)
                    .map(found -> found.group(1))
                    .collect(Collectors.toSet());
        }
    }

    /// @param operation `null` when the request went to none
    /// @return what is wrong, in words that are the same for the same fault; empty when all is
    ///   right
    List<String> faults(@Nullable Operation operation, String method, Wire.Answer answer) {
        var faults = new ArrayList<String>();
        if (answer.status() >= 500) {
            faults.add("status " + answer.status());
        }
        if (answer.header("x-request-id").isEmpty()) {
            faults.add("no x-request-id");
        }
        if (method.equals("HEAD")) {
            return faults;
        }
        String type = answer.header("content-type").orElse("none");
        if (!type.equals("application/json; charset=utf-8")) {
            if (operation == null
                    || !hasType(withMethod(operation, method), answer.status(), type)) {
                faults.add("content type " + type);
            }
            return faults;
        }
        try {
            var body = Json.tree(answer.body());
            if (answer.status() >= 400) {
                error(answer.status(), body, faults);
            } else {
                success(operation, answer.status(), body, faults);
            }
        } catch (JacksonException e) {
            faults.add("no JSON: " + e.getOriginalMessage());
        }
        return faults;
    }

    private void error(int status, JsonNode body, List<String> faults) {
        if (!List.copyOf(body.propertyNames()).equals(List.of("statusCode", "message", "name"))) {
            faults.add("an error with the fields " + body.propertyNames());
            return;
        }
        if (body.get("statusCode").asInt(0) != status) {
            faults.add("statusCode " + body.get("statusCode") + " with status " + status);
        }
        String name = body.get("name").asString("");
        if (!names.contains(name)) {
            faults.add("the error name " + name + " is not documented");
        }
        String message = body.get("message").asString("");
        if (message.isBlank() || message.length() > LONGEST_MESSAGE) {
            faults.add("a message of " + message.length() + " characters");
        }
        if (message.chars().anyMatch(Character::isISOControl)) {
            faults.add("a message with control characters");
        }
        var inside = INSIDES.matcher(message);
        if (inside.find()) {
            faults.add("a message that shows insides: " + inside.group());
        }
    }

    private void success(
            @Nullable Operation operation, int status, JsonNode body, List<String> faults) {
        if (body.has("statusCode")) {
            faults.add("a success with statusCode");
        }
        if (operation == null) {
            faults.add("a success of no operation");
        } else {
            faults.addAll(document.faults(operation, status, body));
        }
    }

    /// What the path answers to another method; `operation` itself where it answers to none.
    private Operation withMethod(Operation operation, String method) {
        return document.operations().stream()
                .filter(other -> other.path().equals(operation.path()))
                .filter(other -> other.method().equals(method))
                .findFirst()
                .orElse(operation);
    }

    private boolean hasType(Operation operation, int status, String type) {
        return document.response(operation, status)
                .map(response ->
                        response.path("content").propertyNames().stream()
                                .anyMatch(known ->
                                        type.startsWith(known)
                                                || known.equals("application/octet-stream")
                                                || known.equals("*/*")))
                .orElse(false);
    }
}
