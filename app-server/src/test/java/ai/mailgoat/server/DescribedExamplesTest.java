package ai.mailgoat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.config.ConfigFile;
import ai.mailgoat.server.reference.ApiDocument.Operation;
import ai.mailgoat.server.reference.ApiSchemas;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The examples of the document, asked of a service: each answers as described. What is made by one
/// example is what the others speak of.
class DescribedExamplesTest {
    /// Operations whose example needs what no other example makes; they refuse as described.
    private static final Set<String> REFUSED =
            Set.of(
                    "claimDomain",
                    "getDomainClaim",
                    "cancelDomainClaim",
                    "verifyDomainClaim",
                    "revokeOauthGrant",
                    "pauseBroadcast",
                    "resumeBroadcast",
                    "retryBroadcast",
                    "getReceivedEmail",
                    "listReceivedAttachments",
                    "getReceivedAttachment",
                    "getInboundEmail",
                    "getEmailAttachment",
                    "getWebhookEvent",
                    "listWebhookAttempts",
                    "replayWebhookEvent",
                    "getLog",
                    "rescheduleEmail",
                    "cancelEmail",
                    "download",
                    "showSharedEmail",
                    "showUnsubscribe",
                    "unsubscribe",
                    "getPageStyle",
                    "getPageLogo",
                    "open",
                    "click",
                    "getSignup",
                    "deleteSignup",
                    "signUp",
                    "showConfirmation",
                    "confirmSignup");

    /// A stream has no end.
    private static final Set<String> NOT_ASKED = Set.of("streamEvents");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// Ids of the document, and what they are here.
    private final Map<String, String> ids = new HashMap<>();

    @Test
    void everyExampleWorks(@TempDir Path data) throws Exception {
        var faults = new ArrayList<String>();
        var refused = new TreeSet<String>();
        try (var appliance = Appliance.start(ConfigFile.load(Optional.empty(), settings(data)))) {
            String key = appliance.setup().run(new SetupRequest(null, null, null)).apiKey();
            for (var operation : inOrder()) {
                for (var body : bodies(operation)) {
                    var answer =
                            client.send(
                                    request(appliance, key, operation, body),
                                    BodyHandlers.ofByteArray());
                    if (answer.statusCode() >= 400) {
                        refused.add(operation.id());
                    } else {
                        learn(operation, answer);
                    }
                    try {
                        ApiSchemas.check(operation, answer.statusCode(), answer.body());
                    } catch (AssertionError e) {
                        faults.add(e.getMessage());
                    }
                    if (answer.statusCode() >= 400 && !REFUSED.contains(operation.id())) {
                        faults.add(operation.id() + ": " + text(answer));
                    }
                }
            }
        }
        assertEquals("", String.join("\n", faults));
        assertEquals(new TreeSet<>(REFUSED), refused, "these are expected to refuse");
    }

    private static Map<String, String> settings(Path data) {
        return Map.of(
                "MAILGOAT_DATA__DIR", data.toString(),
                "MAILGOAT_HTTP__PORT", "0",
                "MAILGOAT_ADMIN__PORT", "0",
                "MAILGOAT_DELIVERY__MODE", "capture",
                "MAILGOAT_DNS__RESOLVERS", "127.0.0.1:9",
                "MAILGOAT_LIMITS__RATE_PER_SECOND", "0");
    }

    // First what makes things, at last what takes them away; what others need goes first.
    private static List<Operation> inOrder() {
        var first =
                List.of(
                        "createTopic",
                        "createSegment",
                        "createContactProperty",
                        "createTemplate",
                        "publishTemplate",
                        "createContact");
        return ApiSchemas.document().operations().stream()
                .filter(o -> !o.path().isEmpty() && !NOT_ASKED.contains(o.id()))
                .sorted(
                        Comparator.comparing((Operation o) ->
                                        first.contains(o.id())
                                                ? first.indexOf(o.id())
                                                : first.size())
                                .thenComparing(DescribedExamplesTest::rank))
                .toList();
    }

    // What stands below something goes before it does.
    private static int rank(Operation operation) {
        int depth = operation.path().split("/", -1).length;
        if (operation.method().equals("DELETE")) {
            return 100 - depth;
        }
        if (operation.id().startsWith("remove")) {
            return 100;
        }
        return operation.method().equals("POST") && !operation.path().contains("{") ? 0 : 1;
    }

    /// The examples of a request; one `null` when it has no body.
    private static List<JsonNode> bodies(Operation operation) {
        var media = operation.node().path("requestBody").path("content").path("application/json");
        var bodies = new ArrayList<JsonNode>();
        media.path("examples").forEach(example -> bodies.add(example.path("value")));
        if (media.has("example")) {
            bodies.add(media.get("example"));
        }
        if (bodies.isEmpty()) {
            bodies.add(Json.mapper().nullNode());
        }
        return bodies;
    }

    private HttpRequest request(
            Appliance appliance, String key, Operation operation, JsonNode body) {
        var request =
                HttpRequest.newBuilder(URI.create(appliance.apiUrl() + known(target(operation))))
                        .header("authorization", "Bearer " + key)
                        .header("user-agent", "mailgoat-tests");
        if (operation.id().equals("importContacts")) {
            return request.header("content-type", "multipart/form-data; boundary=x")
                    .POST(
                            BodyPublishers.ofString(
                                    "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nemail\nada@example.net\n\r\n--x--\r\n"))
                    .build();
        }
        if (operation.id().equals("setLogo")) {
            return request.header("content-type", "multipart/form-data; boundary=x")
                    .POST(
                            BodyPublishers.ofString(
                                    "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.gif\"\r\n\r\nGIF89a\r\n--x--\r\n"))
                    .build();
        }
        if (operation.id().equals("sendBatch") && body.size() > 1) {
            request.header("x-batch-validation", "permissive");
        }
        return request.header("content-type", "application/json")
                .method(
                        operation.method(),
                        body.isNull()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(
                                        known(
                                                new String(
                                                        Json.bytes(body), StandardCharsets.UTF_8))))
                .build();
    }

    private static String target(Operation operation) {
        String path = operation.path();
        var query = new ArrayList<String>();
        for (var parameter : ApiSchemas.parameters(operation)) {
            if (parameter.has("example")) {
                String name = parameter.path("name").asString();
                String value = parameter.path("example").asString();
                path = path.replace("{" + name + "}", value);
                if (parameter.path("in").asString().equals("query")) {
                    query.add(name + "=" + value);
                }
            }
        }
        return path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    // What the document says was made is what was made here. Only one's own domain may send.
    private void learn(Operation operation, HttpResponse<byte[]> answer) {
        if (!operation.method().equals("POST")
                || answer.statusCode() != 201 && !operation.id().equals("sendEmail")) {
            return;
        }
        var media =
                ApiSchemas.document()
                        .resolve(
                                operation
                                        .node()
                                        .path("responses")
                                        .path(Integer.toString(answer.statusCode())))
                        .path("content")
                        .path("application/json");
        String described = media.path("example").path("id").asString("");
        var given = Json.tree(answer.body()).path("id");
        if (!described.isEmpty() && given.isString()) {
            ids.putIfAbsent(described, given.stringValue());
        }
    }

    private String known(String text) {
        String known =
                text.replace("ada@example.com", "ada@mailgoat.test")
                        .replace("news@example.com", "news@mailgoat.test");
        for (var id : ids.entrySet()) {
            known = known.replace(id.getKey(), id.getValue());
        }
        return known;
    }

    private static String text(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    }
}
