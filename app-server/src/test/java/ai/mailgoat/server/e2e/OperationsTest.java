package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Quotas, the log of requests and limits of routes, on a service that runs.
class OperationsTest {
    @TempDir Path data;

    private static Map<String, Object> mail(Object to) {
        return Map.of("from", "a@sender.example", "to", to, "subject", "Hello", "text", "Hello");
    }

    private static JsonNode tree(String body) {
        return Json.tree(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void quotasHoldAndRequestsAreKept() throws Exception {
        var settings =
                Map.of(
                        "MAILGOAT_LIMITS__DAILY_QUOTA", "3",
                        "MAILGOAT_LIMITS__BATCHES_PER_SECOND", "1",
                        "MAILGOAT_DELIVERY__MODE", "capture");
        try (var here = Installation.start(data, 2525, settings)) {
            var first =
                    here.service()
                            .post(here.key(), "/emails", mail(List.of("a@x.test", "b@x.test")));
            assertEquals(200, first.statusCode(), first.body());
            assertEquals("2", first.headers().firstValue("x-resend-daily-quota").orElse(""));
            assertEquals("2", first.headers().firstValue("x-resend-monthly-quota").orElse(""));

            var second =
                    here.service()
                            .post(here.key(), "/emails", mail(List.of("a@x.test", "b@x.test")));
            assertEquals(429, second.statusCode(), second.body());
            assertEquals("daily_quota_exceeded", tree(second.body()).get("name").stringValue());
            assertFalse(second.headers().firstValue("retry-after").isPresent());
            var batch =
                    here.service()
                            .post(
                                    here.key(),
                                    "/emails/batch",
                                    List.of(mail("a@x.test"), mail("b@x.test")));
            assertEquals(429, batch.statusCode(), batch.body());
            assertEquals("1", batch.headers().firstValue("ratelimit-limit").orElse(""));
            assertEquals(1, here.get("/emails").get("data").size());

            assertEquals(
                    200, here.service().post(here.key(), "/emails", mail("a@x.test")).statusCode());
            assertEquals(
                    429, here.service().post(here.key(), "/emails", mail("a@x.test")).statusCode());
            var daily = here.get("/usage").get("emails").get("daily");
            assertEquals(3, daily.get("used").intValue());
            assertEquals(3, here.get("/whoami").get("quotas").get("daily").get("limit").intValue());

            var id = first.headers().firstValue("x-request-id").orElseThrow();
            Service.await(
                    "logged",
                    Duration.ofSeconds(5),
                    () -> here.get("/logs/" + id).has("request_body"));
            var logged = here.get("/logs/" + id);
            assertEquals("/emails", logged.get("endpoint").stringValue());
            assertEquals(200, logged.get("response_status").intValue());
            assertEquals("Hello", logged.get("request_body").get("subject").stringValue());
            assertEquals(tree(first.body()).get("id"), logged.get("response_body").get("id"));
            Service.await(
                    "refusals logged",
                    Duration.ofSeconds(5),
                    () -> here.get("/logs?status=429").get("data").size() == 3);
            assertTrue(here.get("/logs?method=GET").get("data").size() > 0);
        }
    }
}
