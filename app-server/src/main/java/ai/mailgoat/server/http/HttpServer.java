package ai.mailgoat.server.http;

import ai.mailgoat.common.id.Uuids;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.SplittableRandom;

/// One listener: HTTP/1.1 on virtual threads, with a bound on everything a stranger can use up. The
/// API and the admin port are two of them.
public final class HttpServer implements AutoCloseable {

    /// An idle connection costs some 20 KB.
    private static final int MAX_CONNECTIONS = 8_000;

    private static final int MAX_REQUESTS = 1_024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int BACKLOG = 1_024;

    /// For requests being served when the server stops.
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final InetSocketAddress address;
    private final WebServer server;
    private final Deadlines deadlines;
    private final ApiHandler handler;

    public HttpServer(
            HttpSettings settings, Endpoints api, Authenticator authenticator, RequestLog log) {
        this(settings, api, authenticator, log, BodyBudget.ofHeap());
    }

    HttpServer(
            HttpSettings settings,
            Endpoints api,
            Authenticator authenticator,
            RequestLog log,
            BodyBudget budget) {
        this.address = new InetSocketAddress(settings.host(), settings.port());
        var ids = new Uuids(settings.time(), new SplittableRandom());
        this.deadlines = new Deadlines(settings.patience().headers());
        this.handler =
                new ApiHandler(
                        settings, new Router(api), authenticator, log, ids, deadlines, budget);
        this.server =
                WebServer.builder()
                        .host(settings.host())
                        .port(settings.port())
                        .backlog(BACKLOG)
                        .protocolsDiscoverServices(false)
                        .addProtocol(protocol())
                        .routing(HttpRouting.builder().any(handler))
                        .directHandlers(BareAnswers.all(ids))
                        // The handler has its own caps; this one bounds a single chunk.
                        .maxPayloadSize(largest(settings, api))
                        .maxTcpConnections(MAX_CONNECTIONS)
                        .maxConcurrentRequests(MAX_REQUESTS)
                        .idleConnectionTimeout(settings.patience().idle())
                        .idleConnectionPeriod(settings.patience().idle().dividedBy(4))
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .shutdownGracePeriod(GRACE)
                        .shutdownHook(false)
                        .build();
    }

    /// Listens from here on.
    ///
    /// @throws UncheckedIOException when the address cannot be had
    public HttpServer start() {
        try {
            tryAddress();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Helidon logs a listener that fails, and returns.
        if (!server.isRunning() || server.port() < 0) {
            throw new UncheckedIOException(new IOException("the listener did not start"));
        }
        return this;
    }

    // A taken port is found here, before Helidon prints a stack trace of it.
    private void tryAddress() throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        }
    }

    /// Where it listens, once started.
    public int port() {
        return server.port();
    }

    /// How many requests are being read, served or answered.
    int running() {
        return deadlines.running();
    }

    /// Takes no more connections, lets what is being served finish, then ends.
    @Override
    public void close() {
        handler.close();
        server.stop();
        deadlines.close();
    }

    private static long largest(HttpSettings settings, Endpoints api) {
        return api.all().stream()
                .mapToLong(Endpoints.Endpoint::upload)
                .reduce(settings.maxBody(), Math::max);
    }

    // Raw octets are never logged: they hold API keys.
    private Http1Config protocol() {
        return Http1Config.builder()
                .maxPrologueLength(MAX_HEADERS)
                .maxHeadersSize(MAX_HEADERS)
                .log(log -> log.receiveLog(false).sendLog(false))
                .addReceiveListener(deadlines)
                .build();
    }
}
