package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Stands between a client and the service, passes everything on as it came, and keeps what it saw.
/// Only what belongs to one connection (RFC 9110, 7.6.1) is made anew, and `Host`, which names the
/// service.
final class RecordingProxy implements AutoCloseable {
    private static final int MAX_EXCHANGES = 20_000;
    private static final int MAX_BODY_OCTETS = 1 << 20;
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of(
                    "connection",
                    "content-length",
                    "date",
                    "expect",
                    "host",
                    "keep-alive",
                    "te",
                    "transfer-encoding",
                    "upgrade");

    /// A request and its answer.
    ///
    /// @param path as it was sent, nothing decoded
    /// @param query as it was sent; null without `?`
    /// @param requestHeaders names in lower case
    /// @param requestBody at most the first 1 MiB
    /// @param responseHeaders names in lower case
    /// @param responseBody at most the first 1 MiB
    record Exchange(
            String method,
            String path,
            @Nullable String query,
            Map<String, List<String>> requestHeaders,
            byte[] requestBody,
            int status,
            Map<String, List<String>> responseHeaders,
            byte[] responseBody) {

        Optional<String> responseHeader(String name) {
            return Optional.ofNullable(responseHeaders.get(name)).map(List::getFirst);
        }

        /// @return empty if the answer is not JSON
        Optional<JsonNode> json() {
            if (!responseHeader("content-type").orElse("").startsWith("application/json")) {
                return Optional.empty();
            }
            try {
                return Optional.of(Json.tree(responseBody));
            } catch (JacksonException _) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return method + " " + path + (query == null ? "" : "?" + query) + " " + status;
        }
    }

    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final URI service;
    private final HttpServer server;

    /// @param service scheme, host and port
    RecordingProxy(URI service) throws IOException {
        this.service = service;
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// In the order in which the answers ended.
    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            var sent = new ByteArrayOutputStream();
            var answer = ask(exchange, uri, sent);
            var headers = exchange.getResponseHeaders();
            answer.headers()
                    .map()
                    .forEach((name, values) -> {
                        if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                            headers.put(name, values);
                        }
                    });
            long length = answer.headers().firstValueAsLong("content-length").orElse(-1);
            boolean chunked = answer.headers().firstValue("transfer-encoding").isPresent();
            // The JDK's server writes chunks for 0 and no body for -1.
            exchange.sendResponseHeaders(
                    answer.statusCode(), chunked ? 0 : length < 1 ? -1 : length);
            var received = new ByteArrayOutputStream();
            try (var in = answer.body()) {
                copy(in, chunked || length > 0 ? exchange.getResponseBody() : received, received);
            } finally {
                keep(exchange, uri, sent, answer, received);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<InputStream> ask(
            HttpExchange exchange, URI uri, ByteArrayOutputStream sent)
            throws IOException, InterruptedException {
        String query = uri.getRawQuery();
        var target = URI.create(service + uri.getRawPath() + (query == null ? "" : "?" + query));
        var headers = exchange.getRequestHeaders();
        var in = exchange.getRequestBody();
        HttpRequest.BodyPublisher body;
        if (headers.containsKey("Transfer-Encoding")) {
            body = BodyPublishers.ofInputStream(() -> new Tee(in, sent));
        } else if (headers.containsKey("Content-Length")) {
            byte[] octets = in.readAllBytes();
            sent.write(octets, 0, Math.min(octets.length, MAX_BODY_OCTETS));
            body = BodyPublishers.ofByteArray(octets);
        } else {
            body = BodyPublishers.noBody();
        }
        var request =
                HttpRequest.newBuilder(target)
                        .timeout(Duration.ofSeconds(60))
                        .method(exchange.getRequestMethod(), body);
        headers.forEach((name, values) -> {
            if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void keep(
            HttpExchange exchange,
            URI uri,
            ByteArrayOutputStream sent,
            HttpResponse<InputStream> answer,
            ByteArrayOutputStream received) {
        if (exchanges.size() < MAX_EXCHANGES) {
            exchanges.add(
                    new Exchange(
                            exchange.getRequestMethod(),
                            uri.getRawPath(),
                            uri.getRawQuery(),
                            lowerCase(exchange.getRequestHeaders()),
                            sent.toByteArray(),
                            answer.statusCode(),
                            lowerCase(answer.headers().map()),
                            received.toByteArray()));
        }
    }

    /// Each part goes on at once: an answer may be a stream without end.
    private static void copy(InputStream in, OutputStream out, ByteArrayOutputStream kept)
            throws IOException {
        var buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
            if (out != kept) {
                kept.write(buffer, 0, Math.min(n, MAX_BODY_OCTETS - kept.size()));
            }
        }
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        return headers.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                header -> header.getKey().toLowerCase(Locale.ROOT),
                                header -> List.copyOf(header.getValue()),
                                (one, _) -> one,
                                TreeMap::new));
    }

    /// Keeps the first part of what is read.
    private static final class Tee extends InputStream {
        private final InputStream in;
        private final ByteArrayOutputStream kept;

        Tee(InputStream in, ByteArrayOutputStream kept) {
            this.in = in;
            this.kept = kept;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                kept.write(buffer, offset, Math.min(n, MAX_BODY_OCTETS - kept.size()));
            }
            return n;
        }
    }
}
