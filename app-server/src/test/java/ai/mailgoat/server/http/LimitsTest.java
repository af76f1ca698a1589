package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Limits of single routes, and what a request must and must not say.
final class LimitsTest {
    private static final Endpoints ROUTES =
            new Endpoints()
                    .post("/emails", Access.SENDING, call -> Answer.ok(Map.of()))
                    .post("/emails/batch", Access.SENDING, call -> Answer.ok(Map.of()))
                    .get("/emails", Access.FULL, call -> Answer.ok(Map.of()))
                    .get("/public", Access.PUBLIC, call -> Answer.ok(Map.of()));

    private static TestServer strict() {
        return TestServer.with(
                ROUTES,
                settings ->
                        settings.withRouteRates(
                                Map.of("POST /emails", 2, "POST /emails/batch", 1)));
    }

    private static HttpRequest.Builder post(TestServer server, String path) {
        return server.request(path).POST(BodyPublishers.ofString("{}"));
    }

    private static String limit(HttpResponse<String> answer) {
        return answer.headers().firstValue("ratelimit-limit").orElse("")
                + " "
                + answer.headers().firstValue("ratelimit-remaining").orElse("");
    }

    @Test
    void aRouteMayHaveALimitOfItsOwn() {
        try (var server = strict()) {
            assertEquals("2 1", limit(server.send(post(server, "/emails"))));
            assertEquals("2 0", limit(server.send(post(server, "/emails/"))));
            var refused = server.send(post(server, "/emails"));
            assertEquals(429, refused.statusCode());
            assertEquals("2 0", limit(refused));
            assertEquals("2;w=1", refused.headers().firstValue("ratelimit-policy").orElse(""));
            assertEquals("1", refused.headers().firstValue("retry-after").orElse(""));
            var body = Json.tree(refused.body().getBytes(StandardCharsets.UTF_8));
            assertEquals("rate_limit_exceeded", body.get("name").stringValue());
            assertTrue(
                    body.get("message").stringValue().contains("only make 2 requests per second"));

            assertEquals("1 0", limit(server.send(post(server, "/emails/batch"))));
            assertEquals(429, server.send(post(server, "/emails/batch")).statusCode());
            // All five counted towards the general limit.
            assertEquals("10 4", limit(server.send(server.request("/emails"))));
        }
    }

    @Test
    void theGeneralLimitHoldsForAllRoutes() {
        try (var server = strict()) {
            for (int i = 0; i < 10; i++) {
                assertEquals(200, server.send(server.request("/emails")).statusCode());
            }
            var refused = server.send(post(server, "/emails"));
            assertEquals(429, refused.statusCode());
            assertEquals("10 0", limit(refused));
        }
    }

    @Test
    void aUserAgentMayBeRequired() throws IOException {
        try (var server =
                TestServer.with(ROUTES, settings -> settings.withUserAgentRequired(true))) {
            String without =
                    server.raw(
                            "GET /emails HTTP/1.1\r\nhost: x\r\nauthorization: Bearer re_full\r\n"
                                    + "connection: close\r\n\r\n");
            assertTrue(without.startsWith("HTTP/1.1 403 "), without);
            assertTrue(
                    without.endsWith(
                            "{\"statusCode\":403,\"message\":\"Missing `User-Agent` header.\","
                                    + "\"name\":\"validation_error\"}"),
                    without);
            String blank =
                    server.raw(
                            "GET /emails HTTP/1.1\r\nhost: x\r\nauthorization: Bearer re_full\r\n"
                                    + "user-agent: \r\nconnection: close\r\n\r\n");
            assertTrue(blank.startsWith("HTTP/1.1 403 "), blank);
            String open =
                    server.raw("GET /public HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            assertTrue(open.startsWith("HTTP/1.1 200 "), open);
            assertEquals(200, server.send(server.request("/emails")).statusCode());
        }
    }

    // A browser must not get at the API with somebody's key in a page.
    @Test
    void noAnswerAllowsOtherOrigins() throws IOException {
        try (var server = TestServer.with(ROUTES)) {
            String preflight =
                    server.raw(
                            "OPTIONS /emails HTTP/1.1\r\nhost: x\r\norigin: https://a.example\r\n"
                                    + "access-control-request-method: POST\r\nconnection: close\r\n\r\n");
            assertTrue(preflight.startsWith("HTTP/1.1 405 "), preflight);
            assertFalse(preflight.toLowerCase(Locale.ROOT).contains("access-control"), preflight);
            var simple =
                    server.send(server.request("/emails").header("origin", "https://a.example"));
            assertEquals(200, simple.statusCode());
            assertTrue(
                    simple.headers().map().keySet().stream()
                            .noneMatch(name -> name.startsWith("access-control")));
        }
    }
}
