package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// What must be refused, as a client sees it: status, name and shape of each error. After each test
/// nothing of it is stored and nothing waits.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String WRONG_FORMAT =
            "The email address needs to follow the `email@example.com` or `Name <email@example.com>`"
                    + " format.";

    private SmtpSink sink;
    private Installation installation;
    private final List<Executable> checks = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        sink = new SmtpSink(false);
        installation = Installation.start(data, sink.port(), Map.of());
    }

    @AfterAll
    void stop() {
        installation.close();
        sink.close();
    }

    @AfterEach
    void nothingIsStored() throws Exception {
        var all = List.copyOf(checks);
        checks.clear();
        assertAll(all);
        assertTrue(installation.get("/emails").get("data").isEmpty());
        assertEquals(0, installation.service().admin("/v1/queue").get("entries").intValue());
        assertEquals(0, sink.sessions());
    }

    @Test
    void bodiesThatAreNoJsonObject() {
        for (var body :
                List.of("{", "", "{\"to\":}", "{\"to\":\"a\"}}", "{'to':1}", "\u0000", "nul")) {
            if (body.isEmpty()) {
                refused(body, 422, "missing_required_field", "Missing `to` field.");
            } else {
                refused(body, 400, "validation_error", "The request body is not valid JSON");
            }
        }
        refused("{\n \"to\":}", 400, "validation_error", "not valid JSON: line 2, column 7.");
        refused("{} {}", 400, "validation_error", "not valid JSON: line 1, column 4.");
        refused("[".repeat(100_000), 400, "validation_error", "not valid JSON: nested too deeply");
        for (var body : List.of("[]", "1", "\"x\"", "true", "null")) {
            refused(body, 422, "validation_error", "The request body must be a JSON object.");
        }
        check("POST", "/emails/batch", "{}", 422, "validation_error", "must be a JSON array.");
        check("POST", "/emails/batch", "[]", 422, "validation_error", "between 1 and 100 emails.");
        check("POST", "/emails/batch", "[1]", 422, "validation_error", "JSON object");
        check(
                "POST",
                "/emails/batch",
                Collections.nCopies(101, email()),
                422,
                "validation_error",
                "between 1 and 100 emails.");
    }

    @Test
    void whatCouldNotBeComposedLater() {
        with("html", "a\0b", "validation_error", "Invalid `html` field. It has a NUL character.");
        with("text", "a\0b", "validation_error", "Invalid `text` field. It has a NUL character.");
        with(
                "headers",
                Map.of("References", "<a@b.example>", "references", "<c@d.example>"),
                "validation_error",
                "may stand once only");
        with(
                "attachments",
                List.of(Map.of("filename", "a", "content", "aGk=", "content_type", "te/x; =")),
                "validation_error",
                "content");
    }

    @Test
    void wrongTypesInEveryField() {
        for (var field : List.of("from", "subject", "html", "text", "scheduled_at")) {
            for (Object value : List.of(7, true, List.of("x"), Map.of("a", "b"))) {
                with(
                        field,
                        value,
                        "validation_error",
                        "The `" + field + "` field must be a string.");
            }
        }
        for (var field : List.of("to", "cc", "bcc", "reply_to")) {
            for (Object value :
                    List.of(7, true, Map.of("a", "b"), List.of(7), List.of(List.of()))) {
                with(
                        field,
                        value,
                        "validation_error",
                        "The `" + field + "` field must be a string.");
            }
        }
        with("headers", "x", "validation_error", "`headers` must be a JSON object.");
        with("headers", List.of(), "validation_error", "`headers` must be a JSON object.");
        with(
                "headers",
                Map.of("X-A", 7),
                "validation_error",
                "`headers.X-A` field must be a string");
        with("tags", "x", "validation_error", "The `tags` field must be an array.");
        with("tags", List.of("x"), "validation_error", "`tags[0]` must be a JSON object.");
        tag(7, "b", "validation_error", "The `tags[0].name` field must be a string.");
        tag("a", List.of(), "validation_error", "The `tags[0].value` field must be a string.");
        with("attachments", "x", "validation_error", "The `attachments` field must be an array.");
        with("attachments", List.of(1), "validation_error", "`attachments[0]` must be a JSON");
        for (Object content :
                List.of(7, true, Map.of(), List.of("x"), List.of(256), List.of(1.5), "?")) {
            attachment(
                    Map.of("content", content), "invalid_attachment", "`content` must be a Base64");
        }
        for (var field : List.of("filename", "content_type", "content_id")) {
            attachment(
                    Map.of("content", "eA==", field, 7),
                    "validation_error",
                    "`attachments[0]." + field + "` field must be a string.");
        }
        attachment(Map.of("path", 7), "validation_error", "`attachments[0].path` field must be a");
    }

    @Test
    void missingFields() {
        for (var field : List.of("to", "subject", "from")) {
            with(field, null, "missing_required_field", "Missing `" + field + "` field.");
        }
        for (var field : List.of("subject", "from")) {
            with(field, "", "missing_required_field", "Missing `" + field + "` field.");
        }
        with("to", List.of(), "missing_required_field", "Missing `to` field.");
        with("text", null, "validation_error", "Missing `html` or `text` field.");
        tag(null, "b", "missing_required_field", "Missing `tags[0].name` field.");
        tag("a", "", "missing_required_field", "Missing `tags[0].value` field.");
    }

    @Test
    void addressesThatAreNone() {
        var wrong =
                List.of(
                        "nobody",
                        "@sender.example",
                        "a@",
                        "a b@sender.example",
                        "a@sender.example, b@sender.example",
                        "Name <a@sender.example",
                        "a@sender.example>",
                        "Name <a@sender.example> tail",
                        "a@sender..example",
                        "a@-sender.example",
                        "a..b@sender.example",
                        "a@b@sender.example",
                        "a@sender.example\r\nBcc: b@sender.example",
                        "Na\r\nBcc: x <a@sender.example>",
                        "a\u0000@sender.example",
                        "<>",
                        "x".repeat(65) + "@sender.example",
                        "a@" + "x".repeat(64) + ".example");
        for (var field : List.of("from", "to", "cc", "bcc", "reply_to")) {
            for (var address : wrong) {
                with(
                        field,
                        address,
                        "validation_error",
                        "Invalid `" + field + "` field. " + WRONG_FORMAT);
            }
        }
        with("to", List.of("a@inbox.example", "x"), "validation_error", "Invalid `to` field.");
        var many = Collections.nCopies(51, "a@inbox.example");
        with("to", many, "validation_error", "hold 51 addresses, the maximum is 50.");
        var full = new HashMap<>(email());
        full.put("cc", many.subList(0, 25));
        full.put("bcc", many.subList(0, 25));
        refused(full, 422, "validation_error", "hold 51 addresses, the maximum is 50.");
    }

    @Test
    void lineEndsWhereTheyWouldMakeHeaderFields() {
        for (var end : List.of("\r\n", "\n", "\r", "\u0000")) {
            String injected = "x" + end + "Bcc: evil@inbox.example";
            with("subject", injected, "validation_error", "Invalid `subject` field. Line breaks");
            with(
                    "from",
                    injected + " <a@sender.example>",
                    "validation_error",
                    "Invalid `from` field.");
            with("headers", Map.of(injected, "v"), "validation_error", "Invalid `headers` field.");
            with(
                    "headers",
                    Map.of("X-A", injected),
                    "validation_error",
                    "Invalid `headers` field.");
            tag(injected, "b", "validation_error", "Tags should only contain");
            tag("a", injected, "validation_error", "Tags should only contain");
            attachment(
                    Map.of("content", "eA==", "filename", injected),
                    "validation_error",
                    "Invalid attachment `filename`");
            attachment(
                    Map.of("content", "eA==", "content_id", injected),
                    "validation_error",
                    "Invalid attachment `content_id`.");
            attachment(
                    Map.of("content", "eA==", "content_type", "text/plain" + end + "X: y"),
                    "validation_error",
                    "Invalid attachment `content_type`.");
        }
    }

    @Test
    void headerFieldsOfOurs() {
        for (var name :
                List.of(
                        "From",
                        "to",
                        "CC",
                        "bcc",
                        "Subject",
                        "Reply-To",
                        "Date",
                        "message-id",
                        "Sender",
                        "Return-Path",
                        "Received",
                        "Received-SPF",
                        "Delivered-To",
                        "MIME-Version",
                        "DKIM-Signature",
                        "DomainKey-Signature",
                        "Authentication-Results",
                        "Content-Type",
                        "content-transfer-encoding",
                        "Resent-From",
                        "ARC-Seal")) {
            with(
                    "headers",
                    Map.of(name, "x"),
                    "validation_error",
                    "Invalid `headers` field. " + name + " is written");
        }
        for (var name : List.of("", "X A", "X:A", "Ü", "X".repeat(77))) {
            with("headers", Map.of(name, "x"), "validation_error", "Invalid `headers` field. ");
        }
    }

    @Test
    void attachmentsThatCannotBe() {
        attachment(
                Map.of("filename", "a.txt"),
                "invalid_attachment",
                "Attachment must have either a `content` or `path`.");
        for (var host :
                List.of(
                        "127.0.0.1",
                        "[::1]",
                        "169.254.169.254",
                        "10.0.0.1",
                        "localhost",
                        "192.168.1.1",
                        "[::ffff:127.0.0.1]",
                        "[fd00::1]",
                        "0.0.0.0",
                        "2130706433",
                        "LOCALHOST.")) {
            attachment(
                    Map.of("path", "http://" + host + "/secret"),
                    "invalid_attachment",
                    "The attachment at http://" + host + "/secret could not be fetched");
        }
        for (var path :
                List.of(
                        "file:///etc/passwd",
                        "ftp://a.example/x",
                        "/etc/passwd",
                        "x",
                        "http://",
                        "http://127.1/",
                        "http://0x7f.1/")) {
            attachment(
                    Map.of("path", path),
                    "invalid_attachment",
                    "Attachment `path` must be an http or https URL.");
        }
        byte[] large = new byte[41 * 1024 * 1024];
        attachment(
                Map.of("content", java.util.Base64.getEncoder().encodeToString(large)),
                "validation_error",
                "may have 40 MB.");
    }

    @Test
    void timesThatAreNone() {
        for (var time : List.of("soon", "2026-13-01T00:00:00Z", "2026-02-30", "in -1 hour", "1")) {
            with("scheduled_at", time, "validation_error", "Invalid `scheduled_at` field.");
        }
        with("scheduled_at", "2020-01-01T00:00:00Z", "validation_error", "a time in the future.");
        with("scheduled_at", "in 31 days", "validation_error", "at most 30 days ahead.");
    }

    @Test
    void domainsAndKeysThatMayNot() throws Exception {
        for (var domain : List.of("elsewhere.example", "sub.sender.example")) {
            var mail = new HashMap<>(email());
            mail.put("from", "a@" + domain);
            refused(
                    mail,
                    403,
                    "validation_error",
                    "The "
                            + domain
                            + " domain is not verified. Please, add and verify your domain on"
                            + " https://resend.com/domains");
        }
        String other =
                made("/domains", Map.of("name", "other.example.org")).get("id").stringValue();
        String bound = key(Map.of("permission", "sending_access", "domain_id", other));
        check(
                bound,
                "POST",
                "/emails",
                email(),
                403,
                "validation_error",
                "This API key is not authorized to send emails from sender.example.");
        String sending = key(Map.of("permission", "sending_access"));
        for (var path : List.of("/emails", "/domains", "/api-keys")) {
            check(
                    sending,
                    "GET",
                    path,
                    "",
                    401,
                    "restricted_api_key",
                    "This API key is restricted to only send emails");
        }
        String unknown = "re_12345678_" + "a".repeat(24);
        check(unknown, "POST", "/emails", email(), 401, "validation_error", "API key is invalid");
        check("x", "GET", "/emails", "", 401, "validation_error", "API key is invalid");
        check("", "POST", "/emails", email(), 401, "missing_api_key", "Missing API Key");
    }

    @Test
    void pathsAndMethodsThatAreNone() {
        for (var path : List.of("/email", "/emails/a/b/c", "/nowhere", "/v1/emails", "/contact")) {
            check("GET", path, "", 404, "not_found", "The requested endpoint does not exist");
        }
        String wrong = "Method is not allowed for the requested path";
        check("DELETE", "/emails", "", 405, "method_not_allowed", wrong);
        check("PUT", "/emails", "{}", 405, "method_not_allowed", wrong);
        check("GET", "/emails/batch", "", 405, "method_not_allowed", wrong);
        for (var path : List.of("/emails/7", "/domains/x", "/emails/%41")) {
            check("GET", path, "", 422, "invalid_parameter", "The `id` must be a valid UUID.");
        }
        check("POST", "/emails/x/cancel", "", 422, "invalid_parameter", "must be a valid UUID.");
        check("DELETE", "/api-keys/x", "", 422, "invalid_parameter", "must be a valid UUID.");
        check("GET", "/emails/%FF", "", 400, "validation_error", "not correctly percent-encoded.");
        check(
                "GET",
                "/emails/00000000-0000-4000-8000-000000000000",
                "",
                404,
                "not_found",
                "Email not found");
        for (var limit : List.of("0", "101", "x", "-1", "1.5")) {
            check(
                    "GET",
                    "/emails?limit=" + limit,
                    "",
                    422,
                    "validation_error",
                    "The pagination limit must be a number between 1 and 100.");
        }
    }

    @Test
    void idempotencyKeysThatAreNone() throws Exception {
        var far = new HashMap<>(email());
        far.remove("text");
        for (var key : List.of("", "k".repeat(257))) {
            check(
                    installation.key(),
                    "POST",
                    "/emails",
                    email(),
                    400,
                    "invalid_idempotency_key",
                    "The idempotency key must be between 1 and 256 characters.",
                    "Idempotency-Key",
                    key);
        }
        // A refusal is not kept: it is the same again, and the key is free for something else.
        for (int i = 0; i < 2; i++) {
            check(
                    installation.key(),
                    "POST",
                    "/emails",
                    far,
                    422,
                    "validation_error",
                    "Missing `html` or `text` field.",
                    "Idempotency-Key",
                    "refused");
        }
        check(
                installation.key(),
                "POST",
                "/emails",
                "{}",
                422,
                "missing_required_field",
                "Missing `to` field.",
                "Idempotency-Key",
                "refused");
        check(
                installation.key(),
                "POST",
                "/emails/batch",
                List.of(email()),
                422,
                "validation_error",
                "must be `strict` or `permissive`.",
                "x-batch-validation",
                "lenient");
        // All or nothing: the first item is right.
        check(
                "POST",
                "/emails/batch",
                List.of(email(), far),
                422,
                "validation_error",
                "Missing `html` or `text` field.");
    }

    private static Map<String, Object> email() {
        return Map.of(
                "from", "a@sender.example",
                "to", "someone@inbox.example",
                "subject", "x",
                "text", "x");
    }

    private void with(String field, @Nullable Object value, String name, String message) {
        var mail = new HashMap<>(email());
        mail.put(field, value);
        refused(mail, 422, name, message);
    }

    private void tag(@Nullable Object name, Object value, String error, String message) {
        var tag = new HashMap<String, Object>();
        tag.put("name", name);
        tag.put("value", value);
        with("tags", List.of(tag), error, message);
    }

    private void attachment(Map<String, Object> attachment, String name, String message) {
        with("attachments", List.of(attachment), name, message);
    }

    private void refused(Object body, int status, String name, String message) {
        check("POST", "/emails", body, status, name, message);
    }

    private void check(
            String method, String path, Object body, int status, String name, String message) {
        check(installation.key(), method, path, body, status, name, message);
    }

    private void check(
            String key,
            String method,
            String path,
            Object body,
            int status,
            String name,
            String message,
            String... headers) {
        checks.add(() -> {
            var answer = installation.service().send(key, method, path, body, headers);
            String sent = body.toString();
            String what =
                    method
                            + " "
                            + path
                            + " "
                            + sent.substring(0, Math.min(200, sent.length()))
                            + ": "
                            + answer.statusCode()
                            + " "
                            + answer.body();
            assertEquals(status, answer.statusCode(), what);
            assertEquals(
                    "application/json; charset=utf-8",
                    answer.headers().firstValue("content-type").orElse(""),
                    what);
            assertTrue(answer.headers().firstValue("x-request-id").isPresent(), what);
            var error = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    List.of("statusCode", "message", "name"), List.copyOf(error.propertyNames()));
            assertEquals(status, error.get("statusCode").intValue(), what);
            assertEquals(name, error.get("name").stringValue(), what);
            assertTrue(error.get("message").stringValue().contains(message), what);
            assertFalse(error.get("message").stringValue().contains(".."), what);
        });
    }

    private tools.jackson.databind.JsonNode made(String path, Object body) throws Exception {
        var answer = installation.service().post(installation.key(), path, body);
        assertEquals(201, answer.statusCode(), answer.body());
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private String key(Map<String, Object> options) throws Exception {
        var body = new HashMap<>(options);
        body.put("name", "of a test");
        return made("/api-keys", body).get("token").stringValue();
    }
}
