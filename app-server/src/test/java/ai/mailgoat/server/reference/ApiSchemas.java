package ai.mailgoat.server.reference;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Endpoint;
import ai.mailgoat.server.reference.ApiDocument.Operation;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Holds values to the schemas of the document, so that tests of routes also test what is said of
/// them.
public final class ApiSchemas {
    private static final ApiDocument DOCUMENT = ApiDocument.load("test");

    private static final Dialect DIALECT =
            Dialect.builder(Dialects.getDraft202012())
                    .keyword(new NonValidationKeyword("components"))
                    .keyword(new NonValidationKeyword("example"))
                    .build();

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    DIALECT,
                    builder ->
                            builder.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .formatAssertionsEnabled(true)
                                            .build()));

    private static final Map<JsonNode, Schema> KNOWN = new ConcurrentHashMap<>();

    private ApiSchemas() {}

    public static ApiDocument document() {
        return DOCUMENT;
    }

    /// The parameters of an operation, those of its path first.
    public static List<JsonNode> parameters(Operation operation) {
        return DOCUMENT.parameters(operation);
    }

    /// What is wrong with `value`, in words; empty when nothing is.
    public static List<String> faults(JsonNode schema, JsonNode value) {
        var known =
                KNOWN.computeIfAbsent(
                        schema,
                        s -> {
                            var root = Json.mapper().createObjectNode();
                            root.putArray("allOf").add(s);
                            root.set("components", DOCUMENT.root().get("components"));
                            return REGISTRY.getSchema(root);
                        });
        return known.validate(value).stream().map(Object::toString).toList();
    }

    /// The same routes, each of which fails with an {@link AssertionError} when it answers what the
    /// document does not say. Routes that are not in the document are left alone.
    public static List<Endpoint> checking(List<Endpoint> endpoints) {
        return endpoints.stream().map(ApiSchemas::checking).toList();
    }

    private static Endpoint checking(Endpoint endpoint) {
        var operation = find(endpoint.method(), endpoint.path());
        if (operation.isEmpty()) {
            return endpoint;
        }
        Endpoints.Handler handler =
                call -> {
                    try {
                        var answer = endpoint.handler().handle(call);
                        check(operation.get(), answer.status(), answer.body());
                        return answer;
                    } catch (ApiException e) {
                        check(operation.get(), e.status(), Answer.of(e).body());
                        throw e;
                    }
                };
        return new Endpoint(
                endpoint.method(), endpoint.path(), endpoint.access(), endpoint.upload(), handler);
    }

    /// Checks an answer.
    ///
    /// @throws AssertionError when the document says something else
    public static void check(Operation operation, int status, byte[] body) {
        String name = operation.method() + " " + operation.path() + " answers " + status;
        var response =
                DOCUMENT.resolve(operation.node().path("responses").path(Integer.toString(status)));
        if (response.isMissingNode()) {
            throw new AssertionError(name + ", which is not described");
        }
        var media = response.path("content").path("application/json");
        if (!media.isMissingNode()) {
            var value = Json.tree(body);
            var faults = faults(media.path("schema"), value);
            if (!faults.isEmpty()) {
                throw new AssertionError(name + ": " + faults + " in " + value);
            }
        }
    }

    /// The operation that serves a path; literal segments win over parameters.
    public static Optional<Operation> find(String method, String path) {
        return DOCUMENT.operations().stream()
                .filter(o -> o.method().equals(method) && fits(o.path(), path))
                .min(
                        java.util.Comparator.comparingInt(
                                o -> o.path().length() - o.path().replace("{", "").length()));
    }

    private static boolean fits(String pattern, String path) {
        var wanted = pattern.split("/", -1);
        var given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].startsWith("{") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
