package ai.mailgoat.server.reference;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI 3.1 document of the whole API, merged from `base.yaml` and one file for each tag.
/// What those files write short is written out here.
public final class ApiDocument {
    /// In the order in which the page shows them.
    private static final List<String> PARTS =
            List.of(
                    "emails",
                    "sent-emails",
                    "receiving",
                    "templates",
                    "domains",
                    "domain-claims",
                    "broadcast-results",
                    "contacts",
                    "contact-imports",
                    "contact-properties",
                    "segments",
                    "topics",
                    "signup-forms",
                    "audiences",
                    "broadcasts",
                    "suppressions",
                    "webhooks",
                    "events",
                    "api-keys",
                    "oauth-grants",
                    "logs",
                    "brand",
                    "pages",
                    "links",
                    "front",
                    "health",
                    "reference");

    private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete");

    private static final String TAGS = "tags";
    private static final String PATHS = "paths";
    private static final String PARAMETERS = "parameters";
    private static final String COMPONENTS = "components";
    private static final String WEBHOOKS = "webhooks";
    private static final String NODE_SAMPLE = "x-node";

    private final ObjectNode root;
    private final Refusals refusals;
    private final List<Operation> operations = new ArrayList<>();

    private ApiDocument(ObjectNode root, Refusals refusals) {
        this.root = root;
        this.refusals = refusals;
    }

    /// One operation.
    ///
    /// @param method in upper case
    /// @param path with `{name}` for a parameter; empty for what a webhook gets
    /// @param node its object in the document, written out
    public record Operation(String method, String path, ObjectNode node) {
        public String id() {
            return node.path("operationId").asString();
        }

        public String tag() {
            return node.path(TAGS).path(0).asString();
        }

        /// Whether it needs no key.
        public boolean isPublic() {
            return node.has("security") && node.get("security").isEmpty();
        }

        /// Whether a `sending_access` key may call it.
        public boolean isForSending() {
            return node.path("x-permission").asString("").equals("sending_access");
        }
    }

    /// Reads and merges the files.
    ///
    /// @param version of the service, shown as the document's
    /// @throws IllegalStateException when two files say the same thing
    public static ApiDocument load(String version) {
        var root = part("base");
        root.withObject("info").put("version", version);
        root.putArray(TAGS);
        root.putObject(PATHS);
        var sets = root.withObject("x-error-sets");
        var base = sets.deepCopy();
        var descriptions = root.withObject("x-error-descriptions");
        for (String name : PARTS) {
            merge(root, part(name));
        }
        root.remove(List.of("x-error-sets", "x-error-descriptions"));
        var document = new ApiDocument(root, new Refusals(sets, base, descriptions));
        document.writeOut(PATHS);
        document.writeOut(WEBHOOKS);
        return document;
    }

    /// The document.
    public ObjectNode root() {
        return root;
    }

    /// All operations, in the order of the page.
    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /// What an operation refuses beyond what every one of its kind does.
    List<Refusals.Refusal> ownRefusals(Operation operation) {
        return refusals.own(operation.node().path("responses"));
    }

    /// What operations have in common to refuse.
    List<Refusals.Refusal> commonRefusals() {
        return refusals.common();
    }

    public byte[] json() {
        return Json.bytes(root);
    }

    public String yaml() {
        var settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDereferenceAliases(true)
                        .setWidth(160)
                        .build();
        return new Dump(settings).dumpToString(Json.mapper().treeToValue(root, Object.class));
    }

    /// The node itself, or what its `$ref` names.
    ///
    /// @throws IllegalStateException when nothing is there
    public JsonNode resolve(JsonNode node) {
        var at = node;
        while (at.has("$ref")) {
            String ref = at.get("$ref").asString();
            at = root.at(ref.substring(1));
            if (at.isMissingNode()) {
                throw new IllegalStateException("nothing is at " + ref);
            }
        }
        return at;
    }

    /// The parameters of an operation, those of its path first.
    List<JsonNode> parameters(Operation operation) {
        var all = new ArrayList<JsonNode>();
        root.path(PATHS).path(operation.path()).path(PARAMETERS).forEach(p -> all.add(resolve(p)));
        operation.node().path(PARAMETERS).forEach(p -> all.add(resolve(p)));
        return all;
    }

    /// The first status of success; empty when there is none.
    static String successStatus(Operation operation) {
        return operation.node().path("responses").propertyNames().stream()
                .filter(status -> status.startsWith("2"))
                .findFirst()
                .orElse("");
    }

    /// The response of success.
    JsonNode success(Operation operation) {
        return resolve(operation.node().path("responses").path(successStatus(operation)));
    }

    private static ObjectNode part(String name) {
        try (var in = ApiDocument.class.getResourceAsStream(name + ".yaml")) {
            var load = new Load(LoadSettings.builder().setLabel(name + ".yaml").build());
            var value = load.loadFromInputStream(Objects.requireNonNull(in, name));
            return Json.mapper().valueToTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void merge(ObjectNode root, ObjectNode part) {
        var tags = (ArrayNode) part.get(TAGS);
        root.withArray(TAGS).addAll(tags);
        for (String section : List.of(PATHS, WEBHOOKS)) {
            for (var path : part.path(section)) {
                operations((ObjectNode) path)
                        .forEach(o -> o.putArray(TAGS).add(tags.path(0).path("name")));
            }
            add(root.withObject("/" + section), part.path(section));
        }
        for (var section : part.path(COMPONENTS).properties()) {
            add(root.withObject("/" + COMPONENTS + "/" + section.getKey()), section.getValue());
        }
        add(root.withObject("/x-error-sets"), part.path("x-error-sets"));
    }

    private static void add(ObjectNode to, JsonNode from) {
        for (var entry : from.properties()) {
            if (to.has(entry.getKey())) {
                throw new IllegalStateException(entry.getKey() + " is described twice");
            }
            to.set(entry.getKey(), entry.getValue());
        }
    }

    private static List<ObjectNode> operations(ObjectNode path) {
        return path.properties().stream()
                .filter(entry -> METHODS.contains(entry.getKey()))
                .map(entry -> (ObjectNode) entry.getValue())
                .toList();
    }

    private void writeOut(String section) {
        for (var path : root.path(section).properties()) {
            for (var entry : path.getValue().properties()) {
                if (METHODS.contains(entry.getKey())) {
                    boolean called = section.equals(WEBHOOKS);
                    var operation =
                            new Operation(
                                    entry.getKey().toUpperCase(java.util.Locale.ROOT),
                                    called ? "" : path.getKey(),
                                    (ObjectNode) entry.getValue());
                    if (!called) {
                        refusals.writeOut(operation);
                    }
                    writeOutSample(operation.node());
                    operations.add(operation);
                }
            }
        }
    }

    // The name under which other tools that draw such documents look for it.
    private static void writeOutSample(ObjectNode operation) {
        var source = operation.remove(NODE_SAMPLE);
        if (source != null) {
            operation
                    .putArray("x-codeSamples")
                    .addObject()
                    .put("lang", "JavaScript")
                    .put("label", "Node")
                    .set("source", source);
        }
    }
}
