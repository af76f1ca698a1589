package ai.mailgoat.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A team that has one object of every kind, and how they look.
final class OneOfEach {
    private static final String ADDRESS = "ada@inbox.example";

    /// A mail that came in, with an attachment.
    private static final String MESSAGE =
            """
            From: Ada <ada@inbox.example>\r
            To: a@sender.example\r
            Subject: Came in\r
            MIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary=b\r
            \r
            --b\r
            \r
            Hello\r
            --b\r
            Content-Type: text/plain; name=a.txt\r
            Content-Disposition: attachment; filename=a.txt\r
            \r
            x\r
            --b--\r
            """;

    private final Service service;
    private final OpenApi document;
    private final String key;
    private final String stranger;
    private final Known known;

    /// @param key of the team; its domain `sender.example` is verified
    /// @param stranger the key of another team
    OneOfEach(Service service, OpenApi document, String key, String stranger) {
        this.service = service;
        this.document = document;
        this.key = key;
        this.stranger = stranger;
        this.known = new Known(document);
    }

    /// The ids, by the shape of their paths.
    Known known() {
        return known;
    }

    /// Makes what can be made, and waits until what follows from it is there.
    void make() throws Exception {
        post("/domains", Map.of("name", "second.example"));
        post("/api-keys", Map.of("name", "Second", "permission", "sending_access"));
        post(
                "/webhooks",
                Map.of("endpoint", "https://hooks.example/", "events", List.of("email.sent")));
        post("/contact-properties", Map.of("key", "company", "type", "string"));
        String segment = post("/segments", Map.of("name", "Friends"));
        String topic = post("/topics", Map.of("name", "News", "default_subscription", "opt_in"));
        post(
                "/contacts",
                Map.of(
                        "email", ADDRESS,
                        "first_name", "Ada",
                        "properties", Map.of("company", "Analytical"),
                        "segments", List.of(Map.of("id", segment)),
                        "topics", List.of(Map.of("id", topic, "subscription", "opt_in"))));
        String template =
                post(
                        "/templates",
                        Map.of(
                                "name", "Hello",
                                "alias", "hello",
                                "from", "a@sender.example",
                                "subject", "Hello",
                                "html", "<p>Hello</p>"));
        post("/templates/" + template + "/publish", Map.of());
        post("/suppressions", Map.of("email", "gone@inbox.example"));
        post(
                "/broadcasts",
                Map.of(
                        "segment_id", segment,
                        "from", "Ann <a@sender.example>",
                        "subject", "News",
                        "text", "News {{{RESEND_UNSUBSCRIBE_URL}}}"));
        signUp(
                post(
                        "/signup-forms",
                        Map.of(
                                "name", "Footer",
                                "segment_id", segment,
                                "from", "a@sender.example")));
        service.post(stranger, "/domains", Map.of("name", "claimed.example"));
        post("/domains/claim", Map.of("name", "claimed.example"));
        service.adminPost(
                "/v1/oauth/grants",
                Map.of(
                        "client_id", "client",
                        "client_name", "An application",
                        "scopes", List.of("emails:send")));
        service.adminPost(
                "/v1/received",
                Map.of(
                        "from",
                        ADDRESS,
                        "to",
                        List.of("a@sender.example"),
                        "message",
                        Base64.getEncoder().encodeToString(MESSAGE.getBytes(UTF_8))));
        var mail = new HashMap<String, Object>();
        mail.put("from", "Ann <a@sender.example>");
        mail.put("to", ADDRESS);
        mail.put("subject", "One of each");
        mail.put("text", "x");
        mail.put("attachments", List.of(Map.of("filename", "a.txt", "content", "eA==")));
        String sent = post("/emails", mail);
        mail.put("scheduled_at", "in 1 hour");
        post("/emails", mail);
        String imported = upload();
        await("/emails/" + sent, "last_event", "delivered");
        await("/contacts/imports/" + imported, "status", "completed");
        learn();
    }

    /// A POST that must succeed.
    ///
    /// @return the id in the answer
    private String post(String path, Object body) throws Exception {
        var answer = service.post(key, path, body);
        if (answer.statusCode() >= 300) {
            throw new AssertionError("POST " + path + ": " + answer.body());
        }
        return Json.tree(answer.body().getBytes(UTF_8)).path("id").asString("");
    }

    private void await(String path, String field, String value) {
        Service.await(
                path + " is " + value,
                Duration.ofSeconds(30),
                () -> get(path).path(field).asString("").equals(value));
    }

    // As a person fills in a form, who takes a while.
    private void signUp(String form) throws Exception {
        String page = "/signup/" + form;
        var shown = Jsoup.parse(service.get(key, page).body());
        Thread.sleep(2_500);
        var answer =
                service.post(
                        key,
                        page,
                        "email=eve%40inbox.example&token="
                                + shown.select("input[name=token]").attr("value"),
                        "content-type",
                        "application/x-www-form-urlencoded");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    private String upload() throws Exception {
        String form =
                """
                --b\r
                Content-Disposition: form-data; name="file"; filename="a.csv"\r
                \r
                email
                eve@inbox.example
                \r
                --b--\r
                """;
        var answer =
                service.post(
                        key,
                        "/contacts/imports",
                        form,
                        "content-type",
                        "multipart/form-data; boundary=b");
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.body());
        }
        return Json.tree(answer.body().getBytes(UTF_8)).get("id").stringValue();
    }

    /// Finds the ids of all there is, list by list, and then the lists below them.
    private void learn() {
        for (int depth = 0; depth < 3; depth++) {
            for (var operation : document.operations()) {
                long parameters = operation.path().chars().filter(c -> c == '{').count();
                if (parameters == depth && isList(operation)) {
                    look(operation);
                }
            }
        }
    }

    private void look(Operation operation) {
        for (var ids : known.all(operation.path())) {
            known.learn(operation, ids, get(path(operation, ids)));
        }
    }

    private boolean isList(Operation operation) {
        return operation.method().equals("GET")
                && operation.answers(OpenApi.JSON)
                && !operation.path().endsWith("}");
    }

    /// How all looks that can be read: each answer by its path, without what changes by itself.
    Map<String, JsonNode> look() {
        var all = new TreeMap<String, JsonNode>();
        for (var operation : document.operations()) {
            if (operation.method().equals("GET")
                    && operation.answers(OpenApi.JSON)
                    && !changesByItself(operation)) {
                String path = path(operation, known.first(operation.path()));
                if (!path.contains("{")) {
                    all.put(path, steady(get(path)));
                }
            }
        }
        return all;
    }

    private static boolean changesByItself(Operation operation) {
        return operation.path().startsWith("/logs")
                || operation.path().startsWith("/usage")
                || operation.path().startsWith("/health")
                || operation.path().endsWith("/metrics")
                || operation.path().endsWith("/claim")
                || operation.path().startsWith("/webhooks/{id}/events")
                || operation.path().startsWith("/whoami")
                || operation.path().startsWith("/events")
                || operation.path().startsWith("/openapi");
    }

    private static JsonNode steady(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("last_used_at", "download_url", "expires_at", "next_attempt_at"));
        }
        node.forEach(OneOfEach::steady);
        return node;
    }

    /// @param ids for the parameters, in their order
    static String path(Operation operation, List<String> ids) {
        String path = operation.path();
        for (String id : ids) {
            path = path.replaceFirst("\\{[^}]*}", id);
        }
        return path;
    }

    private JsonNode get(String path) {
        try {
            var answer = service.get(key, path);
            return Json.tree(answer.body().getBytes(UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
    }
}
