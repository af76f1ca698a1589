package ai.mailgoat.server.http;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.HttpSettings.Patience;
import ai.mailgoat.server.http.Principal.Permission;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/// A real server with two keys, and clients for it: a polite one and a raw one.
final class TestServer implements AutoCloseable {
    static final String FULL = "re_full";
    static final String SENDING = "re_sending";
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00.250Z");
    static final long MAX_BODY = 4 << 20;

    final BlockingQueue<RequestLog.Entry> log = new LinkedBlockingQueue<>();
    final BodyBudget budget = new BodyBudget(64 << 20);
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(HttpSettings settings, Endpoints endpoints) {
        this.server =
                new HttpServer(settings, endpoints, TestServer::authenticate, log::add, budget)
                        .start();
    }

    static TestServer with(Endpoints endpoints) {
        return with(endpoints, 0, Patience.DEFAULT);
    }

    static TestServer with(Endpoints endpoints, int ratePerSecond, Patience patience) {
        return new TestServer(
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        MAX_BODY,
                        ratePerSecond,
                        InstantSource.fixed(NOW),
                        patience),
                endpoints);
    }

    static TestServer with(Endpoints endpoints, UnaryOperator<HttpSettings> change) {
        return new TestServer(
                change.apply(
                        new HttpSettings(
                                "127.0.0.1",
                                0,
                                MAX_BODY,
                                10,
                                InstantSource.fixed(NOW),
                                Patience.DEFAULT)),
                endpoints);
    }

    static Patience patience(Duration all) {
        return new Patience(all, all, 1 << 20, all, Duration.ofSeconds(60));
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Authorization", "Bearer " + FULL);
    }

    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int running() {
        return server.running();
    }

    Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(15_000);
        return socket;
    }

    /// Writes octets as they are and returns all that comes until the server closes; `…[open]` at
    /// the end when it does not within two seconds.
    String raw(String octets) throws IOException {
        try (var socket = connect()) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            return readAll(socket.getInputStream());
        }
    }

    static String readAll(InputStream in) throws IOException {
        var text = new StringBuilder();
        var piece = new byte[8192];
        try {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                text.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException e) {
            text.append("…[open]");
        } catch (java.net.SocketException e) {
            text.append("…[reset]");
        }
        return text.toString();
    }

    static Optional<Principal> authenticate(String token) {
        return switch (token) {
            case FULL -> Optional.of(principal(1, Permission.FULL_ACCESS));
            case SENDING -> Optional.of(principal(2, Permission.SENDING_ACCESS));
            default -> Optional.empty();
        };
    }

    private static Principal principal(long key, Permission permission) {
        return new Principal(
                new TeamId(new UUID(7, 7)), new ApiKeyId(new UUID(0, key)), permission, null);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
