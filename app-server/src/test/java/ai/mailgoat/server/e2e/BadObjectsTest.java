package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What cannot be done to contacts, templates, imports, webhooks and mail that waits: each with
/// status, name and message, and everything as it was before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadObjectsTest {
    private static final long TOO_LARGE = 300L << 20;

    private Installation installation;
    private OneOfEach objects;
    private Map<String, JsonNode> before;

    @BeforeAll
    void fill(@TempDir Path data) throws Exception {
        var capture = Map.of("MAILGOAT_DELIVERY__MODE", "capture");
        installation = Installation.start(data, 25, capture);
        var document = OpenApi.of(installation.service());
        String other = installation.service().otherTeam("Others");
        objects = new OneOfEach(installation.service(), document, installation.key(), other);
        objects.make();
    }

    @BeforeEach
    void look() {
        before = objects.look();
    }

    @AfterEach
    void nothingHasChanged() {
        var after = objects.look();
        before.forEach((path, node) -> assertEquals(node, after.get(path), path));
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    @Test
    void filesThatAreNoContacts() throws Exception {
        csv("", "The CSV file is empty.");
        csv("\n\n", "The CSV file has no column `email`");
        csv("name,age\nAda,36\n", "The CSV file has no column `email`");
        csv("email,email\na@inbox.example,b@inbox.example\n", "column `email` twice");
        csv("\0\0\0\0", "CSV file");
        csv("\"email\na@inbox.example\n", "CSV file");
        csv("c,".repeat(2_000) + "\n", "CSV file");
        csv("x".repeat(200_000), "CSV file");
        form("--b\r\nno end", "not well-formed multipart/form-data");
        form("", "missing_required_field", "Missing `file` field.");
        form(
                part("on_conflict", "skip") + end(),
                "missing_required_field",
                "Missing `file` field.");
        form(file() + file() + end(), "more than one `file`");
        form(file() + part("on_conflict", "replace") + end(), "It must be one of: upsert, skip.");
        form(file() + part("column_map", "{") + end(), "`column_map` field is not valid JSON");
        form(file() + part("segments", "{}") + end(), "`segments` field must be a JSON array.");
        form(
                file() + part("column_map", "{\"properties\":{\"nothing\":\"x\"}}") + end(),
                "The property `nothing` of `column_map` does not exist.");
        var plain =
                installation
                        .service()
                        .post(installation.key(), "/contacts/imports", Map.of("file", "email"));
        refused(plain, 422, "validation_error", "must be multipart/form-data");
        String unknown = "[{\"id\":\"01a1fcfa-f459-70e3-b337-f5b1b6eca5f9\"}]";
        refused(
                upload(file() + part("segments", unknown) + end()),
                404,
                "not_found",
                "Audience not found");
    }

    @Test
    void aFileThatIsTooLarge() throws Exception {
        try (var socket =
                new java.net.Socket("127.0.0.1", installation.service().url().getPort())) {
            socket.setSoTimeout(30_000);
            String head =
                    "POST /contacts/imports HTTP/1.1\r\nHost: x\r\nUser-Agent: test\r\nAuthorization: Bearer "
                            + installation.key()
                            + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + TOO_LARGE
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[12];
            assertEquals(12, socket.getInputStream().readNBytes(answer, 0, 12));
            assertEquals("HTTP/1.1 413", new String(answer, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void templatesThatCannotBeSent() throws Exception {
        send(
                Map.of("template", Map.of("id", "needs-a-name")),
                404,
                "not_found",
                "Template not found");
        var template =
                Map.of(
                        "name", "Needs a name",
                        "alias", "needs-a-name",
                        "subject", "Hello",
                        "html", "<p>{{{NAME}}}</p>",
                        "variables", List.of(Map.of("key", "NAME", "type", "string")));
        String id = made("/templates", template);
        send(Map.of("template", Map.of("id", id)), 422, "validation_error", "is a draft.");
        ok("POST", "/templates/" + id + "/publish");
        ok("POST", "/templates/" + id + "/publish");
        send(
                Map.of("template", Map.of("id", id)),
                422,
                "validation_error",
                "The template variable `NAME` has no value and no fallback.");
        send(
                Map.of("template", Map.of("id", id, "variables", Map.of("NAME", List.of()))),
                422,
                "validation_error",
                "must be of type `string`");
        send(
                Map.of("template", Map.of("id", id), "html", "<p>x</p>"),
                422,
                "validation_error",
                "template");
        post("/templates", template, 422, "validation_error", "is already used by another");
        ok("DELETE", "/templates/" + id);
        post(
                "/templates",
                Map.of("name", "x", "html", "x", "alias", id),
                422,
                "validation_error",
                "It must not be a UUID.");
    }

    @Test
    void mailThatIsCanceledStaysSo() throws Exception {
        var mail = new java.util.HashMap<>(mail());
        mail.put("scheduled_at", "in 1 hour");
        mail.put("text", "x");
        String id = made("/emails", mail);
        ok("POST", "/emails/" + id + "/cancel");
        before = objects.look();
        post("/emails/" + id + "/cancel", Map.of(), 422, "validation_error", "canceled");
        refused(
                installation
                        .service()
                        .send(
                                installation.key(),
                                "PATCH",
                                "/emails/" + id,
                                Map.of("scheduled_at", "in 2 hours")),
                422,
                "validation_error",
                "canceled");
    }

    @Test
    void webhooksThatLeadInside() throws Exception {
        for (var endpoint :
                List.of(
                        "http://127.0.0.1/",
                        "http://[::1]/",
                        "http://169.254.169.254/latest/meta-data",
                        "http://10.0.0.1/",
                        "http://192.168.1.1/",
                        "http://[fd00::1]/",
                        "http://[::ffff:127.0.0.1]/",
                        "http://0x7f000001/",
                        "http://2130706433/",
                        "https://user:pass@hooks.example/",
                        "ftp://hooks.example/",
                        "https://hooks.example:22/",
                        "https://",
                        "hooks.example")) {
            post(
                    "/webhooks",
                    Map.of("endpoint", endpoint, "events", List.of("email.sent")),
                    422,
                    "validation_error",
                    "Invalid `endpoint` field.");
        }
        post(
                "/webhooks",
                Map.of("endpoint", "https://hooks.example/", "events", List.of("email.eaten")),
                422,
                "validation_error",
                "Invalid `events` field.");
    }

    private static Map<String, Object> mail() {
        return Map.of("from", "a@sender.example", "to", "b@inbox.example", "subject", "x");
    }

    private void send(Map<String, Object> fields, int status, String name, String message)
            throws Exception {
        var mail = new java.util.HashMap<>(mail());
        mail.putAll(fields);
        post("/emails", mail, status, name, message);
    }

    private void post(String path, Object body, int status, String name, String message)
            throws Exception {
        refused(installation.service().post(installation.key(), path, body), status, name, message);
    }

    private String made(String path, Object body) throws Exception {
        var answer = installation.service().post(installation.key(), path, body);
        assertTrue(answer.statusCode() < 300, answer.body());
        return json(answer).get("id").stringValue();
    }

    private void ok(String method, String path) throws Exception {
        var answer = installation.service().send(installation.key(), method, path, "");
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private void csv(String content, String message) throws Exception {
        form(part("file\"; filename=\"a.csv", content) + end(), message);
    }

    private void form(String form, String message) throws Exception {
        form(form, "validation_error", message);
    }

    private void form(String form, String name, String message) throws Exception {
        refused(upload(form), 422, name, message);
    }

    private java.net.http.HttpResponse<String> upload(String form) throws Exception {
        return installation
                .service()
                .post(
                        installation.key(),
                        "/contacts/imports",
                        form,
                        "content-type",
                        "multipart/form-data; boundary=b");
    }

    private static String file() {
        return part("file\"; filename=\"a.csv", "email\nx@inbox.example\n");
    }

    private static String part(String name, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + content
                + "\r\n";
    }

    private static String end() {
        return "--b--\r\n";
    }

    private static JsonNode json(java.net.http.HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(
            java.net.http.HttpResponse<String> answer, int status, String name, String message) {
        assertEquals(status, answer.statusCode(), answer.body());
        var error = json(answer);
        assertEquals(status, error.get("statusCode").intValue());
        assertEquals(name, error.get("name").stringValue(), answer.body());
        assertTrue(error.get("message").stringValue().contains(message), answer.body());
    }
}
