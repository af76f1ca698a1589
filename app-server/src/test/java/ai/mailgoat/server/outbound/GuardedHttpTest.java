package ai.mailgoat.server.outbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedHttpTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), 1000, Overflow.CUT);
    private static final Limits STRICT = new Limits(Duration.ofSeconds(5), 1000, Overflow.REFUSE);
    private static final Limits SHORT = new Limits(Duration.ofMillis(400), 1000, Overflow.CUT);

    private final StubDns dns = new StubDns();
    private final GuardedHttp http = GuardedHttp.open(dns, List.of("127.0.0.0/8"));

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void postsToAnAllowedAddress() throws Exception {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        var seen = new AtomicReference<String>();
        server.createContext(
                "/",
                exchange -> {
                    seen.set(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("X-A")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    exchange.getResponseHeaders().add("X-Reply", "yes");
                    exchange.sendResponseHeaders(201, 0); // chunked
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write("hel".getBytes(StandardCharsets.UTF_8));
                        out.flush();
                        out.write("lo".getBytes(StandardCharsets.UTF_8));
                    }
                });
        server.start();
        try {
            dns.answer("hook.example", "127.0.0.1");
            for (String host : List.of("127.0.0.1", "localhost", "hook.example")) {
                var uri =
                        URI.create(
                                "http://"
                                        + host
                                        + ":"
                                        + server.getAddress().getPort()
                                        + "/a?b=c#d");
                assertEquals(Optional.empty(), http.refusal(uri));

                var reply =
                        http.post(
                                uri,
                                Map.of("X-A", "b"),
                                "é".getBytes(StandardCharsets.UTF_8),
                                LIMITS);

                assertEquals(201, reply.status());
                assertEquals("yes", reply.headers().get("x-reply"));
                assertEquals("hello", text(reply.body()));
                assertEquals("POST /a?b=c b é", seen.get());
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void sendsOneSimpleRequest() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 204 No Content\r\n\r\n")) {
            assertEquals(204, http.get(server.uri(""), LIMITS).status());

            assertEquals(
                    "GET / HTTP/1.1\r\nHost: 127.0.0.1:"
                            + server.port()
                            + "\r\nUser-Agent: MailGoat\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
                            + "Connection: close\r\n\r\n",
                    server.heads.getFirst());
        }
    }

    @Test
    void afterAHeadNoBodyIsAwaited() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")) {
            var reply = http.head(server.uri("/a"), STRICT);
            assertEquals(200, reply.status());
            assertEquals("5000", reply.headers().get("content-length"));
            assertEquals(0, reply.body().length);
            assertTrue(server.heads.getFirst().startsWith("HEAD /a HTTP/1.1\r\n"));
        }
    }

    @Test
    void headerValuesCannotSmuggleLines() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            for (String value : List.of("a\r\nX-Evil: 1", "a\nb", "a\0b", "\u010a")) {
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                http.post(
                                        server.uri("/"),
                                        Map.of("X-A", value),
                                        new byte[0],
                                        LIMITS));
            }
            assertEquals(List.of(), server.heads);
        }
    }

    @Test
    void connectsToTheAddressThatWasChecked() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            // First a permitted address, then one that is not: each request looks once only.
            dns.answer("rebind.example", "127.0.0.1").answer("rebind.example", "10.0.0.1");
            var uri = URI.create("http://rebind.example:" + server.port() + "/");

            assertEquals(200, http.get(uri, LIMITS).status());
            var e = assertThrows(OutboundException.class, () -> http.get(uri, LIMITS));

            assertTrue(e.isRefused());
            assertEquals(1, server.heads.size());
        }
    }

    @Test
    void oneForbiddenAddressAmongThoseOfANameForbidsAll() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            dns.answer("both.example", "127.0.0.1", "10.0.0.1");

            var e =
                    assertThrows(
                            OutboundException.class,
                            () ->
                                    http.get(
                                            URI.create(
                                                    "http://both.example:" + server.port() + "/"),
                                            LIMITS));

            assertTrue(e.isRefused());
            assertEquals(List.of(), server.heads);
        }
    }

    @Test
    void goesOnToTheNextAddressWhenOneDoesNotAnswer() throws Exception {
        try (var server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            // Nobody listens on 127.0.0.2: the server is bound to 127.0.0.1.
            dns.answer("two.example", "127.0.0.2", "127.0.0.1");

            var reply = http.get(URI.create("http://two.example:" + server.port() + "/"), LIMITS);

            assertEquals(200, reply.status());
        }
    }

    @Test
    void doesNotFollowRedirects() throws Exception {
        try (var inside = RawServer.saying("HTTP/1.1 200 OK\r\n\r\nsecret");
                var server =
                        RawServer.saying(
                                "HTTP/1.1 302 Found\r\nLocation: "
                                        + inside.uri("/")
                                        + "\r\nContent-Length: 0\r\n\r\n")) {
            var reply = http.get(server.uri("/"), LIMITS);

            assertEquals(302, reply.status());
            assertEquals(inside.uri("/").toString(), reply.headers().get("location"));
            assertEquals(List.of(), inside.heads);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 100000000", "X-Until: close", "Transfer-Encoding: chunked"})
    void anEndlessBodyIsCutOrRefused(String framing) throws Exception {
        byte[] octets = "x".repeat(0x1000).getBytes(StandardCharsets.US_ASCII);
        try (var server =
                new RawServer(out -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n"));
                    while (true) {
                        if (framing.endsWith("chunked")) {
                            out.write(ascii("1000;ext=1\r\n"));
                        }
                        out.write(octets);
                        if (framing.endsWith("chunked")) {
                            out.write(ascii("\r\n"));
                        }
                    }
                })) {
            var reply = http.get(server.uri("/"), LIMITS);
            assertEquals(200, reply.status());
            assertEquals("x".repeat(1000), text(reply.body()));

            var e = assertThrows(OutboundException.class, () -> http.get(server.uri("/"), STRICT));
            assertEquals(
                    "The host answered, but its answer is longer than 1000 bytes.", e.reason());
        }
    }

    @Test
    void aBodyOfExactlyTheCapIsWhole() throws Exception {
        String body = "x".repeat(1000);
        for (String answer :
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body,
                        "HTTP/1.1 200 OK\r\n\r\n" + body,
                        "HTTP/1.0 200\n\n" + body,
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3E8 ; a=b\r\n"
                                + body
                                + "\r\n0\r\nTrailer: x\r\n\r\n")) {
            try (var server = RawServer.saying(answer)) {
                assertArrayEquals(
                        body.getBytes(StandardCharsets.US_ASCII),
                        http.get(server.uri("/"), STRICT).body());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "220 mail.example ESMTP\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : space\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nX: y",
                "",
            })
    void refusesWhatIsNoWholeResponse(String answer) throws Exception {
        try (var server = RawServer.saying(answer)) {
            var e = assertThrows(OutboundException.class, () -> http.get(server.uri("/"), LIMITS));

            assertFalse(e.isRefused());
        }
    }

    @Test
    void refusesAnEndlessHeader() throws Exception {
        for (String more : List.of("X: y\r\n", "x", "HTTP/1.1 100 Continue\r\n\r\n")) {
            try (var server =
                    new RawServer(out -> {
                        out.write(ascii("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 OK\r\n\r\n"));
                        while (true) {
                            out.write(ascii(more));
                        }
                    })) {
                var e =
                        assertThrows(
                                OutboundException.class, () -> http.get(server.uri("/"), LIMITS));

                assertTrue(e.reason().startsWith("The host answered, but"), e.reason());
            }
        }
    }

    @Test
    void aSlowDripEndsAtTheTotalDeadline() throws Exception {
        var drop = new CountDownLatch(1);
        try (var server =
                new RawServer(out -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
                    while (true) {
                        out.write('x');
                        out.flush();
                        pause(drop, 50);
                    }
                })) {
            long start = System.nanoTime();

            var e = assertThrows(OutboundException.class, () -> http.get(server.uri("/"), SHORT));

            assertEquals("The host did not answer in time.", e.reason());
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 3000);
        }
    }

    @Test
    void silenceEndsAtTheTotalDeadline() throws Exception {
        var never = new CountDownLatch(1);
        try (var server = new RawServer(out -> pause(never, 60_000));
                // Never accepts: its backlog takes the connection and nobody reads.
                var deaf = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            for (int port : new int[] {server.port(), deaf.getLocalPort()}) {
                for (String scheme : List.of("http", "https")) {
                    var uri = URI.create(scheme + "://127.0.0.1:" + port + "/");

                    var e =
                            assertThrows(
                                    OutboundException.class,
                                    () -> http.post(uri, Map.of(), new byte[20_000_000], SHORT));

                    assertEquals("The host did not answer in time.", e.reason(), uri.toString());
                }
            }
        }
        never.countDown();
    }

    @Test
    void aClosedPortIsAFailureNotARefusal() throws Exception {
        try (var bound = new Socket()) {
            // Bound, so that nobody else takes the port, but not listening.
            bound.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            var uri = URI.create("http://127.0.0.1:" + bound.getLocalPort() + "/");

            var e = assertThrows(OutboundException.class, () -> http.get(uri, LIMITS));

            assertFalse(e.isRefused());
            assertEquals("The host did not accept a connection.", e.reason());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static void pause(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
