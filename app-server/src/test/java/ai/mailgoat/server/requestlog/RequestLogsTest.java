package ai.mailgoat.server.requestlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.RequestLog.Entry;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class RequestLogsTest {
    private static final ApiKeyId KEY = new ApiKeyId(new UUID(1, 2));

    @TempDir Path dataDir;
    private TwoTeams teams;
    private RequestLogs logs;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        logs = logs(true);
        new LogRoutes(logs).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        logs.close();
        teams.close();
    }

    private RequestLogs logs(boolean bodies) {
        return new RequestLogs(teams.store, teams.clock(), Duration.ofDays(30), bodies);
    }

    @Test
    void aRequestIsKeptFieldByField() {
        String id =
                record(
                        teams.acme,
                        "POST",
                        "/emails",
                        200,
                        "{\"to\":\"a@x.example\"}",
                        "{\"id\":1}");
        logs.start().close();

        var listed = list("");
        assertEquals(
                "[{\"id\":\""
                        + id
                        + "\",\"created_at\":\"2026-03-01 10:00:00.123456+00\",\"endpoint\":\"/emails\","
                        + "\"method\":\"POST\",\"response_status\":200,\"user_agent\":\"test/1\","
                        + "\"api_key_id\":\""
                        + KEY
                        + "\",\"duration_ms\":1.5}]",
                listed.toString());
        var one = teams.call(teams.acme, "GET", "/logs/" + id, "").body();
        assertEquals("log", one.get("object").stringValue());
        assertEquals("{\"to\":\"a@x.example\"}", one.get("request_body").toString());
        assertEquals("{\"id\":1}", one.get("response_body").toString());
        assertEquals("/emails", one.get("endpoint").stringValue());

        var foreign = teams.call(teams.other, "GET", "/logs/" + id, "");
        assertEquals(404, foreign.status());
        assertEquals("Log not found", foreign.text("message"));
        assertEquals("not_found", foreign.text("name"));
        assertEquals(0, teams.call(teams.other, "GET", "/logs", "").body().get("data").size());
        assertEquals(
                "The `id` must be a valid UUID.",
                teams.call(teams.acme, "GET", "/logs/x", "").text("message"));
    }

    @Test
    void anEmptyBodyOrAgentIsNull() {
        logs.record(
                entry(teams.acme, teams.ids.next().toString(), "GET", "/emails", 200, "", "", ""));
        logs.start().close();
        var row = list("").get(0);
        assertTrue(row.get("user_agent").isNull());
        var one = teams.call(teams.acme, "GET", "/logs/" + row.get("id").stringValue(), "").body();
        assertTrue(one.get("request_body").isNull());
        assertTrue(one.get("response_body").isNull());
    }

    @Test
    void strangersAreNotKept() {
        record(null, "GET", "/emails", 401, "", "{}");
        logs.start().close();
        assertEquals(0, rows());
    }

    @Test
    void bodiesStayAwayWhenTheyAreNotWanted() {
        try (var without = logs(false)) {
            without.record(
                    entry(
                            teams.acme,
                            teams.ids.next().toString(),
                            "POST",
                            "/emails",
                            200,
                            "a",
                            "{\"a\":1}",
                            "{\"b\":1}"));
            without.start();
        }
        String id = list("").get(0).get("id").stringValue();
        var one = teams.call(teams.acme, "GET", "/logs/" + id, "").body();
        assertTrue(one.get("request_body").isNull());
        assertTrue(one.get("response_body").isNull());
    }

    @Test
    void pagesGoBothWays() {
        for (int i = 0; i < 5; i++) {
            record(teams.acme, "GET", "/emails/" + i, 200, "", "{}");
        }
        record(teams.other, "GET", "/emails/other", 200, "", "{}");
        logs.start().close();
        var first = teams.call(teams.acme, "GET", "/logs?limit=2", "").body();
        assertEquals(List.of("/emails/4", "/emails/3"), endpoints(first.get("data")));
        assertTrue(first.get("has_more").booleanValue());
        String last = first.get("data").get(1).get("id").stringValue();
        var next = teams.call(teams.acme, "GET", "/logs?limit=100&after=" + last, "").body();
        assertEquals(List.of("/emails/2", "/emails/1", "/emails/0"), endpoints(next.get("data")));
        assertFalse(next.get("has_more").booleanValue());
        String newest = next.get("data").get(0).get("id").stringValue();
        var back = teams.call(teams.acme, "GET", "/logs?limit=1&before=" + newest, "").body();
        assertEquals(List.of("/emails/3"), endpoints(back.get("data")));
        assertTrue(back.get("has_more").booleanValue());
    }

    @Test
    void theListCanBeNarrowed() {
        record(teams.acme, "GET", "/emails", 200, "", "{}");
        record(teams.acme, "POST", "/emails", 422, "", "{}");
        teams.pass(Duration.ofHours(1));
        record(teams.acme, "GET", "/domains_x", 404, "", "{}");
        record(teams.acme, "GET", "/domains/x", 500, "", "{}");
        logs.start().close();
        assertEquals(3, list("?method=get").size());
        assertEquals(List.of("/domains_x", "/emails"), endpoints(list("?status=4xx")));
        assertEquals(List.of("/domains_x"), endpoints(list("?status=404")));
        assertEquals(List.of("/domains_x"), endpoints(list("?endpoint=/domains_")));
        assertEquals(List.of(), endpoints(list("?endpoint=/%25")));
        assertEquals(2, list("?created_after=2026-03-01T10:30:00Z").size());
        assertEquals(2, list("?created_before=2026-03-01T10:30:00Z").size());
        assertEquals(0, list("?created_after=9999-01-01").size());
        for (String bad : List.of("status=600", "status=x", "created_after=soon", "limit=0")) {
            var refused = teams.call(teams.acme, "GET", "/logs?" + bad, "");
            assertEquals(422, refused.status(), bad);
            assertEquals("validation_error", refused.text("name"), bad);
        }
    }

    @Test
    void whatIsOldIsSweptAndNothingElse() {
        for (int i = 0; i < 1_500; i++) {
            record(teams.acme, "GET", "/old", 200, "", "{}");
        }
        teams.pass(Duration.ofDays(30).plusSeconds(1));
        record(teams.acme, "GET", "/new", 200, "", "{}");
        logs.start().close();
        assertEquals(1_501, rows());
        logs.sweep();
        assertEquals(List.of("/new"), endpoints(list("")));
        assertEquals(1, rows());
    }

    @Test
    void aFullQueueCountsWhatItLeavesOut() {
        for (int i = 0; i < 10_000; i++) {
            record(teams.acme, "GET", "/emails", 200, "", "{}");
        }
        assertEquals(10_000 - 8_192, logs.dropped());
        logs.start().close();
        assertEquals(8_192, rows());
    }

    @Test
    void largeBodiesInTheQueueAreLetGo() {
        String large = "{\"html\":\"" + "x".repeat(9 << 20) + "\"}";
        String first = record(teams.acme, "POST", "/emails", 200, large, "{}");
        String second = record(teams.acme, "POST", "/emails", 200, large, "{}");
        logs.start().close();
        var kept = teams.call(teams.acme, "GET", "/logs/" + first, "").body().get("request_body");
        assertTrue(kept.get("html").stringValue().endsWith("… (9437184 characters)"));
        var without = teams.call(teams.acme, "GET", "/logs/" + second, "").body();
        assertTrue(without.get("request_body").isNull());
        assertEquals("/emails", without.get("endpoint").stringValue());
    }

    @Test
    void aPathOfAnyLengthFits() {
        record(teams.acme, "GET", "/emails/" + "\u0000\ud83d\ude00".repeat(900), 404, "", "{}");
        logs.start().close();
        String endpoint = list("").get(0).get("endpoint").stringValue();
        assertEquals(1_000, endpoint.length());
        assertEquals("/emails/???", endpoint.substring(0, 11));
    }

    private String record(
            @Nullable TeamId team,
            String method,
            String path,
            int status,
            String request,
            String response) {
        String id = teams.ids.next().toString();
        logs.record(entry(team, id, method, path, status, "test/1", request, response));
        return id;
    }

    private Entry entry(
            @Nullable TeamId team,
            String id,
            String method,
            String path,
            int status,
            String agent,
            String request,
            String response) {
        return new Entry(
                teams.clock().instant(),
                method,
                "",
                path,
                status,
                agent,
                request.getBytes(StandardCharsets.UTF_8),
                response.getBytes(StandardCharsets.UTF_8),
                KEY,
                team,
                Duration.ofNanos(1_500_000),
                id);
    }

    private JsonNode list(String query) {
        return teams.call(teams.acme, "GET", "/logs" + query, "").body().get("data");
    }

    private static List<String> endpoints(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.get("endpoint").stringValue())
                .toList();
    }

    private int rows() {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM request_log", row -> row.integer("n"))
                        .orElseThrow());
    }
}
