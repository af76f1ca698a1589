package ai.mailgoat.server.requestlog;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.requestlog.RequestLogStore.Filter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/logs`: the requests of a team's keys, these too.
public final class LogRoutes {
    private static final Pattern STATUS = Pattern.compile("[1-5](xx|[0-9]{2})");

    private final RequestLogs logs;

    public LogRoutes(RequestLogs logs) {
        this.logs = logs;
    }

    public void register(Endpoints endpoints) {
        endpoints.get("/logs", Access.FULL, this::list).get("/logs/{id}", Access.FULL, this::get);
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = logs.list(call.principal().team(), filter(call), page);
        return Answer.ok(page.list(rows.stream().map(LogSummary::of).toList()));
    }

    private Answer get(Call call) {
        var request = logs.find(call.principal().team(), call.uuid("id"));
        return Answer.ok(Log.of(request.orElseThrow(() -> ApiException.notFound("Log"))));
    }

    private static Filter filter(Call call) {
        var status = call.query("status").map(LogRoutes::status).orElse(null);
        return new Filter(
                call.query("method").map(m -> m.toUpperCase(Locale.ROOT)).orElse(null),
                status == null ? null : Integer.valueOf(status.replace('x', '0')),
                status == null ? null : Integer.valueOf(status.replace('x', '9')),
                call.query("endpoint").orElse(null),
                call.queryTime("created_after").orElse(null),
                call.queryTime("created_before").orElse(null));
    }

    private static String status(String text) {
        if (!STATUS.matcher(text).matches()) {
            throw ApiException.validation(
                    "The `status` parameter must be an HTTP status such as 404, or 4xx.");
        }
        return text;
    }

    record LogSummary(
            UUID id,
            String createdAt,
            String endpoint,
            String method,
            int responseStatus,
            @Nullable String userAgent,
            @Nullable UUID apiKeyId,
            double durationMs) {

        static LogSummary of(LoggedRequest request) {
            return new LogSummary(
                    request.id(),
                    ApiTime.postgres(request.createdAt()),
                    request.endpoint(),
                    request.method(),
                    request.status(),
                    request.userAgent(),
                    request.key() == null ? null : request.key().value(),
                    request.tookMicros() / 1_000.0);
        }
    }

    record Log(
            String object,
            UUID id,
            String createdAt,
            String endpoint,
            String method,
            int responseStatus,
            @Nullable String userAgent,
            @Nullable UUID apiKeyId,
            double durationMs,
            @Nullable JsonNode requestBody,
            @Nullable JsonNode responseBody) {

        static Log of(LoggedRequest request) {
            var summary = LogSummary.of(request);
            return new Log(
                    "log",
                    summary.id(),
                    summary.createdAt(),
                    summary.endpoint(),
                    summary.method(),
                    summary.responseStatus(),
                    summary.userAgent(),
                    summary.apiKeyId(),
                    summary.durationMs(),
                    tree(request.requestBody()),
                    tree(request.responseBody()));
        }

        private static @Nullable JsonNode tree(byte @Nullable [] json) {
            return json == null ? null : Json.tree(json);
        }
    }
}
