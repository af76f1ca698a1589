package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Endpoints.Access;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private final TestServer server = TestServer.with(routes(), 10, HttpSettings.Patience.DEFAULT);

    static Endpoints routes() {
        return new Endpoints()
                .post("/emails", Access.SENDING, HttpServerTest::echo)
                .get("/emails", Access.FULL, HttpServerTest::echo)
                .get("/emails/{id}", Access.FULL, HttpServerTest::echo)
                .delete("/emails/{id}", Access.FULL, HttpServerTest::echo)
                .post("/domains", Access.FULL, HttpServerTest::echo)
                .post("/domains/{id}/verify", Access.FULL, HttpServerTest::echo)
                .get("/public", Access.PUBLIC, HttpServerTest::echo)
                .post(
                        "/json",
                        Access.PUBLIC,
                        call -> Answer.ok(Map.of("size", call.body().tree().size())))
                .get(
                        "/refuse",
                        Access.PUBLIC,
                        call -> {
                            throw ApiException.notFound("Email");
                        })
                .get(
                        "/fail",
                        Access.PUBLIC,
                        call -> {
                            throw new IllegalStateException("secret detail");
                        })
                .get("/overflow", Access.PUBLIC, HttpServerTest::endless)
                .get(
                        "/split",
                        Access.PUBLIC,
                        call -> Answer.ok(Map.of()).with("x-note", "a\r\nset-cookie: b\u00fc"));
    }

    private static Answer echo(Call call) {
        return Answer.ok(
                Map.of(
                        "method", call.method(),
                        "path", call.path(),
                        "parameters", call.parameters(),
                        "query", call.query(),
                        "size", call.rawBody().length,
                        "who", call.caller() == null ? "" : call.principal().permission().apiName(),
                        "agent", call.header().apply("USER-AGENT").orElse("")));
    }

    private static Answer endless(Call call) {
        return endless(call).with("x", "y");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void assertError(
            HttpResponse<String> answer, int status, String name, String message) {
        assertEquals(
                "{\"statusCode\":"
                        + status
                        + ",\"message\":\""
                        + message
                        + "\",\"name\":\""
                        + name
                        + "\"}",
                answer.body());
        assertEquals(status, answer.statusCode());
        assertEquals(
                "application/json; charset=utf-8",
                answer.headers().firstValue("content-type").orElse(""));
        assertFalse(answer.headers().firstValue("x-request-id").orElse("").isEmpty());
    }

    @Test
    void answersJsonAndARequestId() {
        var one = server.send(server.request("/emails/7?a=1&a=2&b=x%20y+z&c"));
        assertEquals(200, one.statusCode());
        assertEquals(
                "application/json; charset=utf-8",
                one.headers().firstValue("content-type").orElse(""));
        assertTrue(one.body().contains("\"parameters\":{\"id\":\"7\"}"), one.body());
        assertTrue(one.body().contains("\"a\":[\"1\",\"2\"]"), one.body());
        assertTrue(one.body().contains("\"b\":[\"x y z\"]"), one.body());
        assertTrue(one.body().contains("\"c\":[\"\"]"), one.body());
        var other = server.send(server.request("/emails/7"));
        assertNotEquals(
                one.headers().firstValue("x-request-id"),
                other.headers().firstValue("x-request-id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic cmU6", "Bearer", "Bearer ", "Bearer  ", "re_full"})
    void refusesRequestsWithoutAKey(String authorization) {
        assertError(
                server.send(server.anonymous("/emails").header("Authorization", authorization)),
                401,
                "missing_api_key",
                "Missing API Key");
    }

    @Test
    void refusesRequestsWithoutTheField() {
        assertError(
                server.send(server.anonymous("/emails")),
                401,
                "missing_api_key",
                "Missing API Key");
    }

    @Test
    void refusesAnUnknownKeyAsInvalid() {
        var answer =
                server.send(server.anonymous("/emails").header("Authorization", "Bearer re_none"));
        assertError(answer, 401, "validation_error", "API key is invalid");
        assertEquals(
                "Bearer error=\"invalid_token\"",
                answer.headers().firstValue("www-authenticate").orElse(""));
    }

    @Test
    void takesTheSchemeInAnyCase() {
        assertEquals(
                200,
                server.send(server.anonymous("/emails").header("authorization", "bearer   re_full"))
                        .statusCode());
    }

    @Test
    void lets_sending_keys_only_send() {
        assertError(
                server.send(
                        server.anonymous("/emails")
                                .header("Authorization", "Bearer " + TestServer.SENDING)),
                401,
                "restricted_api_key",
                "This API key is restricted to only send emails");
        var sent =
                server.send(
                        server.anonymous("/emails")
                                .header("Authorization", "Bearer " + TestServer.SENDING)
                                .POST(BodyPublishers.ofString("{}")));
        assertEquals(200, sent.statusCode());
        assertTrue(sent.body().contains("\"who\":\"sending_access\""));
    }

    @Test
    void needsNoKeyWhereNoneIsAsked() {
        var answer = server.send(server.anonymous("/public"));
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("\"who\":\"\""));
    }

    @Test
    void tellsUnknownPathsAndWrongMethods() {
        assertError(
                server.send(server.anonymous("/nothing")),
                404,
                "not_found",
                "The requested endpoint does not exist");
        var wrong = server.send(server.request("/emails").DELETE());
        assertError(
                wrong, 405, "method_not_allowed", "Method is not allowed for the requested path");
        assertEquals("GET, POST, HEAD", wrong.headers().firstValue("allow").orElse(""));
    }

    @Test
    void answersHeadLikeGetWithoutABody() {
        var get = server.send(server.request("/public").header("User-Agent", "x"));
        var head =
                server.send(
                        server.anonymous("/public")
                                .header("User-Agent", "x")
                                .method("HEAD", BodyPublishers.noBody()));
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(
                get.body().length() + 1 /* HEAD is one letter longer */,
                head.headers().firstValueAsLong("content-length").orElse(-1));
    }

    @Test
    void ignoresABodyOnGetAndDelete() {
        for (String method : new String[] {"GET", "DELETE"}) {
            var answer =
                    server.send(
                            server.request("/emails/7")
                                    .header("Content-Type", "application/json")
                                    .method(method, BodyPublishers.ofString("{}")));
            assertTrue(answer.body().contains("\"size\":0"), answer.body());
        }
    }

    @Test
    void takesAPostWithoutABodyOrAType() {
        var none = server.send(server.request("/domains/7/verify").POST(BodyPublishers.noBody()));
        assertTrue(none.body().contains("\"size\":0"), none.body());
        var typed =
                server.send(
                        server.request("/domains/7/verify/")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.noBody()));
        assertTrue(typed.body().contains("\"size\":0"), typed.body());
    }

    @Test
    void takesAChunkedBody() {
        var chunked =
                BodyPublishers.ofInputStream(() ->
                        new java.io.ByteArrayInputStream(
                                "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
        var answer = server.send(server.request("/domains").POST(chunked));
        assertTrue(answer.body().contains("\"size\":7"), answer.body());
    }

    @Test
    void keepsHandlersRefusalsAndHidesTheirFailures() {
        assertError(server.send(server.anonymous("/refuse")), 404, "not_found", "Email not found");
        assertError(
                server.send(server.anonymous("/fail")),
                500,
                "application_error",
                "An unexpected error occurred");
        assertError(
                server.send(server.anonymous("/overflow")),
                500,
                "application_error",
                "An unexpected error occurred");
    }

    @Test
    void letsNoHeaderValueBreakOut() {
        var answer = server.send(server.anonymous("/split"));
        assertEquals("a??set-cookie: b?", answer.headers().firstValue("x-note").orElse(""));
        assertTrue(answer.headers().firstValue("set-cookie").isEmpty());
    }

    @Test
    void countsRequestsOfOneSecondPerKey() {
        for (int left = 9; left >= 0; left--) {
            var answer = server.send(server.request("/emails"));
            assertEquals(200, answer.statusCode());
            assertEquals("10", answer.headers().firstValue("ratelimit-limit").orElse(""));
            assertEquals("10;w=1", answer.headers().firstValue("ratelimit-policy").orElse(""));
            assertEquals("1", answer.headers().firstValue("ratelimit-reset").orElse(""));
            assertEquals(
                    Integer.toString(left),
                    answer.headers().firstValue("ratelimit-remaining").orElse(""));
        }
        var refused =
                server.send(server.request("/emails").POST(BodyPublishers.ofString("{\"a\":1}")));
        assertError(
                refused,
                429,
                "rate_limit_exceeded",
                "Too many requests. You can only make 10 requests per second. See rate limit response headers for"
                        + " more information. Or contact support to increase rate limit.");
        assertEquals("1", refused.headers().firstValue("retry-after").orElse(""));
        assertEquals("0", refused.headers().firstValue("ratelimit-remaining").orElse(""));
        var other =
                server.send(
                        server.anonymous("/emails")
                                .header("Authorization", "Bearer " + TestServer.SENDING)
                                .POST(BodyPublishers.noBody()));
        assertEquals(200, other.statusCode());
        assertEquals(200, server.send(server.anonymous("/public")).statusCode());
    }

    @Test
    void refusesDeepAndBrokenJson() {
        String deep = "[".repeat(500_000) + "]".repeat(500_000);
        var answer = server.send(server.anonymous("/json").POST(BodyPublishers.ofString(deep)));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("\"name\":\"validation_error\""), answer.body());
        for (String body : new String[] {"{", "{\"a\":1}x", "nul", "\"\\ud800"}) {
            assertEquals(
                    400,
                    server.send(server.anonymous("/json").POST(BodyPublishers.ofString(body)))
                            .statusCode(),
                    body);
        }
        assertEquals(
                422,
                server.send(server.anonymous("/json").POST(BodyPublishers.ofString("[]")))
                        .statusCode());
    }

    @Test
    void recordsEveryRequestOnce() throws InterruptedException {
        server.send(
                server.request("/emails/a%2Bb%40x.dev").header("User-Agent", "resend-node:6.38.0"));
        var entry = server.log.poll(5, TimeUnit.SECONDS);
        assertEquals("GET", entry.method());
        assertEquals("/emails/{id}", entry.route());
        assertEquals("/emails/a+b@x.dev", entry.path());
        assertEquals(200, entry.status());
        assertEquals("resend-node:6.38.0", entry.userAgent());
        assertEquals(1, entry.key().value().getLeastSignificantBits());
        assertEquals(TestServer.NOW, entry.at());
        server.send(server.anonymous("/nothing"));
        var missed = server.log.poll(5, TimeUnit.SECONDS);
        assertEquals(404, missed.status());
        assertEquals("", missed.route());
        assertNull(missed.key());
        assertTrue(server.log.isEmpty());
    }
}
