package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.RecordingProxy.Exchange;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/// Holds recorded answers to an OpenAPI 3.1 document: each answer to the schema of its operation
/// and status, each refusal to the one shape that refusals have.
///
/// Resend's document calls nearly nothing required. Of it a field that is described must be there:
/// clients read what is described. What is known to differ from it is in `openapi-exceptions.yaml`,
/// each with its reason.
final class ResponseSchemas {
    private static final String DOCUMENT = "https://openapi.example/document";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /// The names that refusals have, from Resend's list of errors.
    private static final Set<String> ERROR_NAMES =
            Set.of(
                    "application_error",
                    "concurrent_idempotent_requests",
                    "daily_quota_exceeded",
                    "email_above_quota",
                    "invalid_attachment",
                    "invalid_idempotency_key",
                    "invalid_idempotent_request",
                    "invalid_parameter",
                    "invalid_permission",
                    "method_not_allowed",
                    "missing_api_key",
                    "missing_required_field",
                    "missing_required_parameter",
                    "monthly_quota_exceeded",
                    "not_found",
                    "rate_limit_exceeded",
                    "resource_locked",
                    "restricted_api_key",
                    "service_unavailable",
                    "suspended_api_key",
                    "validation_error");

    private final JsonNode document;
    private final SchemaRegistry registry;
    private final KnownDifferences known;
    private final Map<Operation, JsonNode> operations = new HashMap<>();
    private final Set<String> seen = new TreeSet<>();

    private ResponseSchemas(JsonNode document, KnownDifferences known) {
        this.document = document;
        this.known = known;
        String text = document.toString();
        registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(Map.of(DOCUMENT, text)));
        document.get("paths")
                .properties()
                .forEach(path ->
                        path.getValue().properties().stream()
                                .filter(verb -> METHODS.contains(verb.getKey()))
                                .forEach(verb ->
                                        operations.put(
                                                new Operation(
                                                        verb.getKey().toUpperCase(Locale.ROOT),
                                                        Operation.segments(path.getKey())),
                                                verb.getValue())));
    }

    static ResponseSchemas of(JsonNode document) {
        return new ResponseSchemas(document, KnownDifferences.none());
    }

    /// Resend's own document, which is no part of the sources: it lies beside the corpora.
    ///
    /// @return empty without it
    static Optional<ResponseSchemas> resend() {
        String corpora = System.getenv("MAILGOAT_CORPORA");
        if (corpora == null) {
            return Optional.empty();
        }
        var file = Path.of(corpora).resolveSibling("resend-openapi.yaml");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(new ResponseSchemas(yaml(file), KnownDifferences.ofResend()));
    }

    static JsonNode yaml(Path file) {
        try {
            var load = new Load(LoadSettings.builder().build());
            return Json.mapper().valueToTree(load.loadFromString(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is wrong with answers and is not known to differ, one line for each kind of fault.
    Collection<String> faults(List<Exchange> exchanges) {
        var faults = new TreeSet<String>();
        for (var exchange : exchanges) {
            if (exchange.status() >= 400) {
                refusal(exchange).ifPresent(faults::add);
                continue;
            }
            var found = operation(exchange);
            if (found.isEmpty()) {
                String asked = exchange.method() + " " + exchange.path();
                if (exchange.json().isPresent() && !known.beyond(exchange)) {
                    faults.add(asked + " is no operation of the document");
                }
                continue;
            }
            String operation = found.get().toString();
            for (var fault : faults(found.get(), exchange)) {
                if (!known.covers(operation, fault.at(), fault.says())) {
                    faults.add(operation + " " + exchange.status() + " " + fault);
                }
            }
        }
        return faults;
    }

    /// The operations of the document that no success was seen of, and that this product has.
    Collection<String> unseen() {
        var unseen = new TreeSet<String>();
        for (var operation : operations.keySet()) {
            String name = operation.toString();
            if (!seen.contains(name) && !known.absent(name)) {
                unseen.add(name);
            }
        }
        return unseen;
    }

    /// The known differences that no answer showed.
    Collection<String> outdated() {
        return known.outdated();
    }

    /// @param at a JSON pointer into the answer
    private record Fault(String at, String says) {
        @Override
        public String toString() {
            return at + ": " + says;
        }
    }

    private List<Fault> faults(Operation operation, Exchange exchange) {
        String answer = answer(operation, exchange.status());
        var media = document.at(answer + "/content/application~1json");
        if (media.isMissingNode()) {
            return List.of(new Fault("", "no schema for the status " + exchange.status()));
        }
        String type = exchange.responseHeader("content-type").orElse("none");
        if (!type.equals("application/json; charset=utf-8")) {
            return List.of(new Fault("", "content type " + type));
        }
        var body = exchange.json();
        if (body.isEmpty()) {
            return List.of(new Fault("", "no JSON"));
        }
        seen.add(operation.toString());
        var faults = new ArrayList<Fault>();
        var location = DOCUMENT + "#" + answer + "/content/application~1json/schema";
        var schema = registry.getSchema(SchemaLocation.of(location));
        for (var error : schema.validate(body.get())) {
            faults.add(new Fault(error.getInstanceLocation().toString(), error.getMessage()));
        }
        if (known.allIsRequired()) {
            absent(media.path("schema"), body.get(), "", faults);
        }
        return faults;
    }

    /// @return a pointer into the document, at whose end there may be nothing
    private String answer(Operation operation, int status) {
        String path = "/" + String.join("/", operation.segments());
        String pointer =
                "/paths/"
                        + path.replace("/", "~1")
                        + "/"
                        + operation.method().toLowerCase(Locale.ROOT)
                        + "/responses/"
                        + status;
        String reference = document.at(pointer).path("$ref").asString("");
        return reference.isEmpty() ? pointer : reference.substring(1);
    }

    /// Finds the fields that are described and not there.
    private void absent(JsonNode schema, JsonNode value, String at, List<Fault> faults) {
        String reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            absent(document.at(reference.substring(1)), value, at, faults);
        }
        schema.path("allOf").forEach(part -> absent(part, value, at, faults));
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                absent(schema.path("items"), value.get(i), at + "/" + i, faults);
            }
        } else if (value.isObject()) {
            schema.path("properties")
                    .properties()
                    .forEach(property -> {
                        String name = property.getKey();
                        if (value.has(name)) {
                            absent(property.getValue(), value.get(name), at + "/" + name, faults);
                        } else {
                            faults.add(new Fault(at + "/" + name, "described and not there"));
                        }
                    });
        }
    }

    private static Optional<String> refusal(Exchange exchange) {
        var body = exchange.json();
        if (body.isEmpty()) {
            return Optional.of(exchange + " is a refusal without JSON");
        }
        var fields = List.copyOf(body.get().propertyNames());
        boolean right =
                fields.equals(List.of("statusCode", "message", "name"))
                        && body.get().get("statusCode").asInt(0) == exchange.status()
                        && !body.get().get("message").asString("").isEmpty()
                        && ERROR_NAMES.contains(body.get().get("name").asString(""));
        return right ? Optional.empty() : Optional.of(exchange + " is refused as " + body.get());
    }

    private Optional<Operation> operation(Exchange exchange) {
        var path = Operation.segments(exchange.path());
        return operations.keySet().stream()
                .filter(operation -> operation.fits(exchange.method(), path))
                .min(Comparator.comparingLong(Operation::parameters));
    }
}
