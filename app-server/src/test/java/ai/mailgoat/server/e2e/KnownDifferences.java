package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.RecordingProxy.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/// The table of what is known to differ from an OpenAPI document.
final class KnownDifferences {
    private final List<JsonNode> differences = new ArrayList<>();
    private final List<Operation> beyond = new ArrayList<>();
    private final Set<String> absent = new TreeSet<>();
    private final Set<JsonNode> used = new HashSet<>();

    private final boolean allIsRequired;

    private KnownDifferences(boolean allIsRequired) {
        this.allIsRequired = allIsRequired;
    }

    static KnownDifferences none() {
        return new KnownDifferences(false);
    }

    boolean allIsRequired() {
        return allIsRequired;
    }

    static KnownDifferences ofResend() {
        var known = new KnownDifferences(true);
        var load = new Load(LoadSettings.builder().build());
        try (var in = KnownDifferences.class.getResourceAsStream("openapi-exceptions.yaml")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            JsonNode table = Json.mapper().valueToTree(load.loadFromString(text));
            table.get("differences").forEach(known.differences::add);
            table.get("beyond")
                    .forEach(group ->
                            group.get("operations")
                                    .forEach(operation ->
                                            known.beyond.add(
                                                    Operation.of(operation.stringValue()))));
            table.get("absent")
                    .forEach(group ->
                            group.get("operations")
                                    .forEach(operation ->
                                            known.absent.add(operation.stringValue())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return known;
    }

    boolean beyond(Exchange exchange) {
        var path = Operation.segments(exchange.path());
        return beyond.stream().anyMatch(operation -> operation.fits(exchange.method(), path));
    }

    boolean absent(String operation) {
        return absent.contains(operation)
                || absent.stream()
                        .filter(pattern -> pattern.endsWith("*"))
                        .anyMatch(pattern ->
                                operation
                                        .substring(operation.indexOf(' ') + 1)
                                        .startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    boolean covers(String operation, String at, String says) {
        for (var difference : differences) {
            if (named(difference.get("operation"), operation)
                    && at.matches(pattern(difference.get("at").stringValue()))
                    && says.contains(difference.get("says").stringValue())) {
                used.add(difference);
                return true;
            }
        }
        return false;
    }

    Collection<String> outdated() {
        return differences.stream().filter(d -> !used.contains(d)).map(String::valueOf).toList();
    }

    private static boolean named(JsonNode names, String operation) {
        return names.isArray()
                ? names.valueStream().anyMatch(name -> name.stringValue().equals(operation))
                : names.stringValue().equals(operation);
    }

    /// A star stands for one segment.
    private static String pattern(String pointer) {
        return pointer.replace("*", "[^/]+");
    }
}
