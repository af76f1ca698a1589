package ai.mailgoat.common.client;

import ai.mailgoat.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One request, one answer in JSON, or an exception.
final class Exchange implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
    private final String base;
    private final String token;

    Exchange(URI base, String token) {
        this.base = base.toString().replaceAll("/+$", "");
        this.token = token;
    }

    JsonNode call(String method, String path, @Nullable Object body, Map<String, String> headers) {
        var request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(WHOLE)
                        .header("Authorization", "Bearer " + token)
                        .header("Accept", "application/json")
                        .header("User-Agent", "mailgoat-cli");
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
        }
        return answer(send(request.build()));
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            String why = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new UnreachableException("no answer from " + base + " (" + why + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while waiting for " + base, e);
        }
    }

    private static JsonNode answer(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        var requestId = response.headers().firstValue("x-request-id").orElse(null);
        JsonNode body;
        try {
            body = Json.tree(response.body());
        } catch (JacksonException e) {
            throw new ApiError(
                    status,
                    "not_json",
                    "HTTP " + status + " without a JSON document: is this a MailGoat?",
                    requestId);
        }
        if (status / 100 == 2) {
            return body;
        }
        // The compatible API says name and message, the admin API code and detail (RFC 9457).
        String name = body.path("name").asString(body.path("code").asString("error"));
        String message =
                body.path("message").asString(body.path("detail").asString("HTTP " + status));
        throw new ApiError(status, name, message, requestId);
    }

    @Override
    public void close() {
        http.close();
    }
}
