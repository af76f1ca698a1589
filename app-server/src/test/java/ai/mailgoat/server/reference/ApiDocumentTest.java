package ai.mailgoat.server.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.reference.ApiDocument.Operation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

class ApiDocumentTest {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

    private final ApiDocument document = ApiSchemas.document();

    @Test
    void anotherReaderOfSuchDocumentsFindsNoFault() {
        var options = new ParseOptions();
        options.setResolve(true);
        String json = new String(document.json(), StandardCharsets.UTF_8);
        var read = new OpenAPIV3Parser().readContents(json, null, options);
        assertEquals(List.of(), read.getMessages());
        assertEquals(document.root().path("paths").size(), read.getOpenAPI().getPaths().size());
    }

    @Test
    void jsonAndYamlAreTheSameDocument() {
        assertEquals("3.1.1", document.root().path("openapi").asString());
        var yaml = new Load(LoadSettings.builder().build()).loadFromString(document.yaml());
        assertEquals(Json.tree(document.json()), Json.tree(Json.bytes(yaml)));
    }

    @Test
    void whatIsWrittenShortIsWrittenOut() {
        String json = new String(document.json(), StandardCharsets.UTF_8);
        for (String word : List.of("x-errors", "x-error-sets", "x-error-descriptions", "x-node")) {
            assertFalse(json.contains('"' + word + '"'), word);
        }
    }

    /// A comma in a text without quotes ends it, within braces.
    @Test
    void noTextIsCutInTwo() {
        visit(
                document.root(),
                "",
                (where, node) ->
                        node.propertyNames()
                                .forEach(name ->
                                        assertFalse(name.matches(".*[ .]$|.* .*"), where + name)));
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverythingIsReferredTo() {
        var used = new HashSet<String>();
        visit(
                document.root(),
                "",
                (where, node) -> {
                    if (node.has("$ref")) {
                        document.resolve(node);
                        used.add(node.get("$ref").asString());
                    }
                });
        var unused = new ArrayList<String>();
        for (var section : document.root().path("components").properties()) {
            for (String name : section.getValue().propertyNames()) {
                String ref = "#/components/" + section.getKey() + "/" + name;
                if (!used.contains(ref) && !section.getKey().equals("securitySchemes")) {
                    unused.add(ref);
                }
            }
        }
        assertEquals(List.of(), unused);
    }

    @Test
    void everySchemaIsOne() {
        var meta =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                com.networknt.schema.SchemaLocation.of(
                                        SpecificationVersion.DRAFT_2020_12.getDialectId()));
        var faults = new ArrayList<String>();
        visit(
                document.root(),
                "",
                (where, node) -> {
                    if (node.has("schema")) {
                        meta.validate(node.get("schema"))
                                .forEach(fault -> faults.add(where + " " + fault));
                    }
                });
        for (var schema : document.root().path("components").path("schemas").properties()) {
            meta.validate(schema.getValue())
                    .forEach(fault -> faults.add(schema.getKey() + " " + fault));
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void everyExampleIsWhatItsSchemaSays() {
        var faults = new ArrayList<String>();
        visit(
                document.root(),
                "",
                (where, node) -> {
                    if (node.has("schema") && !where.contains("multipart")) {
                        examples(node)
                                .forEach(example ->
                                        ApiSchemas.faults(node.get("schema"), example)
                                                .forEach(fault -> faults.add(where + " " + fault)));
                    }
                });
        assertEquals(List.of(), faults);
    }

    @Test
    void everyOperationSaysWhatItIs() {
        var ids = new HashSet<String>();
        var summaries = new HashSet<String>();
        for (var operation : document.operations()) {
            String name = operation.method() + " " + operation.path();
            assertTrue(ids.add(operation.id()), name + ": " + operation.id() + " is not unique");
            assertTrue(operation.id().matches("[a-z][A-Za-z0-9]+"), name);
            String summary = operation.node().path("summary").asString("");
            assertTrue(!summary.isEmpty() && summaries.add(summary), name + ": " + summary);
            assertFalse(operation.node().path("description").asString("").isEmpty(), name);
            assertFalse(operation.tag().isEmpty(), name);
            if (!operation.path().isEmpty()) {
                checkAnswers(name, operation);
                checkParameters(name, operation);
            }
        }
    }

    @Test
    void everyFieldOfARequestIsBoundedOrExplained() {
        var bare = new ArrayList<String>();
        for (var operation : document.operations()) {
            for (var parameter : document.parameters(operation)) {
                if (parameter.path("description").asString("").isEmpty()) {
                    bare.add(operation.id() + " " + parameter.path("name").asString());
                }
            }
        }
        assertEquals(List.of(), bare);
    }

    private void checkAnswers(String name, Operation operation) {
        var responses = operation.node().path("responses");
        int successes = 0;
        for (var response : responses.properties()) {
            var answer = document.resolve(response.getValue());
            assertFalse(answer.path("description").asString("").isEmpty(), name);
            successes += "23".indexOf(response.getKey().charAt(0)) >= 0 ? 1 : 0;
            var json = answer.path("content").path("application/json");
            if (response.getKey().compareTo("400") >= 0 && !json.isMissingNode()) {
                assertFalse(examples(json).isEmpty(), name + " " + response.getKey());
            }
        }
        assertTrue(successes > 0, name + " has no answer");
        assertTrue(responses.has("500"), name);
        boolean locked = responses.has("401") && responses.has("429");
        assertEquals(!operation.isPublic(), locked, name);
        if (operation.path().contains("{")) {
            assertTrue(responses.has("404") || name.contains("DELETE"), name + " never says 404");
        }
    }

    private void checkParameters(String name, Operation operation) {
        var declared = new HashSet<String>();
        for (var parameter : document.parameters(operation)) {
            if (parameter.path("in").asString().equals("path")) {
                assertTrue(parameter.path("required").asBoolean(), name);
                assertTrue(parameter.has("example"), name);
                declared.add(parameter.path("name").asString());
            }
        }
        assertEquals(inPath(operation.path()), declared, name);
    }

    private static Set<String> inPath(String path) {
        var names = new HashSet<String>();
        var matcher = PARAMETER.matcher(path);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static List<JsonNode> examples(JsonNode node) {
        var all = new ArrayList<JsonNode>();
        if (node.has("example")) {
            all.add(node.get("example"));
        }
        node.path("examples").forEach(example -> all.add(example.path("value")));
        return all;
    }

    // Examples may hold anything, also what looks like a part of the document.
    private static void visit(JsonNode node, String where, BiConsumer<String, JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(where, node);
            for (var entry : node.properties()) {
                if (!entry.getKey().equals("example") && !entry.getKey().equals("examples")) {
                    visit(entry.getValue(), where + "/" + entry.getKey(), visitor);
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                visit(node.get(i), where + "/" + i, visitor);
            }
        }
    }
}
