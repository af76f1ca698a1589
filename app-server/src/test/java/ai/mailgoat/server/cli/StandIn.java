package ai.mailgoat.server.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP server on loopback that gives one answer to everything and remembers what was asked.
final class StandIn implements AutoCloseable {

    record Request(String line, String authorization, String body) {}

    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private StandIn(HttpServer server) {
        this.server = server;
    }

    static StandIn answering(int status, String body) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var standIn = new StandIn(server);
        server.createContext(
                "/",
                exchange -> {
                    var asked =
                            new Request(
                                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                                    exchange.getRequestHeaders().getFirst("Authorization"),
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    standIn.requests.add(asked);
                    byte[] octets = body.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("X-Request-Id", "req-1");
                    exchange.sendResponseHeaders(status, octets.length);
                    exchange.getResponseBody().write(octets);
                    exchange.close();
                });
        server.start();
        return standIn;
    }

    /// The environment of a client of this server.
    Map<String, String> env() {
        return Map.of("MAILGOAT_API_KEY", "re_test", "MAILGOAT_URL", url());
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Request only() {
        if (requests.size() != 1) {
            throw new AssertionError("wanted one request, got " + requests);
        }
        return requests.getFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
