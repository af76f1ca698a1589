package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What raw sockets can do to the server: ambiguous framing, slow peers, large bodies.
@Timeout(60)
class HostileHttpTest {
    private static final String KEY = "Authorization: Bearer re_full\r\n";

    private final AtomicInteger served = new AtomicInteger();
    private final TestServer server =
            TestServer.with(routes(), 0, TestServer.patience(Duration.ofSeconds(1)));

    private Endpoints routes() {
        return new Endpoints()
                .post("/emails", Access.SENDING, this::count)
                .post("/domains", Access.FULL, this::count)
                .get("/emails", Access.FULL, this::count)
                .get("/large", Access.FULL, call -> new Answer(200, new byte[64 << 20], Map.of()));
    }

    private Answer count(Call call) {
        served.incrementAndGet();
        return Answer.ok(Map.of("size", call.rawBody().length));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String post(String fields, String body) {
        return "POST /emails HTTP/1.1\r\nHost: x\r\n" + KEY + fields + "\r\n" + body;
    }

    private static final String SMUGGLED =
            "POST /emails HTTP/1.1\r\nHost: x\r\n" + KEY + "Content-Length: 2\r\n\r\n{}";

    static String[] ambiguous() {
        return new String[] {
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG" + SMUGGLED),
            post(
                    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                    "5c\r\n" + SMUGGLED + "\r\n0\r\n\r\n"),
            post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("Content-Length: 2\r\nContent-Length: 0\r\n", "{}" + SMUGGLED),
            post("Content-Length: 0\r\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("Content-Length: 2, 2\r\n", "{}" + SMUGGLED),
            post("Content-Length: +2\r\n", "{}" + SMUGGLED),
            post("Content-Length: -2\r\n", "{}" + SMUGGLED),
            post("Content-Length: 0x2\r\n", "{}" + SMUGGLED),
            post("Content-Length: 99999999999999999999\r\n", "{}" + SMUGGLED),
            post("Content-Length:\r\n", "{}" + SMUGGLED),
            post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + SMUGGLED),
            post("Transfer-Encoding: identity\r\n", SMUGGLED),
            post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + SMUGGLED),
            post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + SMUGGLED),
            post(
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                    "0\r\n\r\n" + SMUGGLED),
            post(
                    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
                    "0\r\n\r\n" + SMUGGLED),
            post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + SMUGGLED),
            post("Transfer-Encoding:\u000bchunked\r\n", "0\r\n\r\n" + SMUGGLED),
            post("Transfer-Encoding\r\n : chunked\r\n", "0\r\n\r\n" + SMUGGLED),
            post("X: y\r\n folded\r\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("X: y\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("X: y\rContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("X: \u0000\r\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            post("X y\r\nContent-Length: 2\r\n", "{}" + SMUGGLED),
            "POST /emails HTTP/1.1\nHost: x\n"
                    + KEY.replace("\r", "")
                    + "Content-Length: 2\n\n{}"
                    + SMUGGLED,
            "POST /emails HTTP/1.1\r\n" + KEY + "Content-Length: 2\r\n\r\n{}" + SMUGGLED,
            "POST /emails HTTP/1.1\r\nHost: x\r\nHost: y\r\n"
                    + KEY
                    + "Content-Length: 2\r\n\r\n{}"
                    + SMUGGLED,
            "POST  /emails HTTP/1.1\r\nHost: x\r\n"
                    + KEY
                    + "Content-Length: 2\r\n\r\n{}"
                    + SMUGGLED,
            "POST /emails HTTP/9.9\r\nHost: x\r\n" + KEY + "Content-Length: 2\r\n\r\n{}" + SMUGGLED,
            "POST /emails\r\n\r\n" + SMUGGLED,
            "POST /em\u0000ails HTTP/1.1\r\nHost: x\r\n"
                    + KEY
                    + "Content-Length: 2\r\n\r\n{}"
                    + SMUGGLED,
            "EHLO x\r\nMAIL FROM:<a@b>\r\n" + SMUGGLED,
        };
    }

    @ParameterizedTest
    @MethodSource("ambiguous")
    void endsTheConnectionAfterAnAmbiguousRequest(String request) throws IOException {
        String answer = server.raw(request);
        assertFalse(answer.contains("HTTP/1.1 200"), answer);
        assertEquals(0, served.get());
        assertFalse(answer.endsWith("[open]"), answer);
        assertTrue(
                answer.isEmpty()
                        || answer.startsWith("HTTP/1.1 400")
                        || answer.startsWith("HTTP/1.1 501")
                        || answer.startsWith("HTTP/1.1 505"),
                answer);
        if (!answer.isEmpty()) {
            assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, answer);
            assertTrue(answer.contains("{\"statusCode\":"), answer);
            assertTrue(
                    answer.toLowerCase(java.util.Locale.ROOT).contains("connection: close"),
                    answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\n{}\r\n0\r\n\r\n",
                "zz\r\n{}\r\n0\r\n\r\n",
                "-2\r\n{}\r\n0\r\n\r\n",
                "2;x=y\n{}\r\n0\r\n\r\n",
                "fffffffffffffffff\r\n{}",
                "2\r\n{}\r\n0\r\nX: y\r\n\r\n"
            })
    void neverServesABrokenChunkedBodyTwice(String body) throws IOException {
        String answer = server.raw(post("Transfer-Encoding: chunked\r\n", body + SMUGGLED));
        assertTrue(served.get() <= 1, answer);
        assertFalse(answer.contains("HTTP/1.1 200") && answer.contains("HTTP/1.1 400"), answer);
    }

    @Test
    void servesPipelinedRequestsInOrder() throws IOException {
        String answer =
                server.raw(
                        SMUGGLED
                                + SMUGGLED
                                + post("Connection: close\r\nContent-Length: 3\r\n", "{ }"));
        assertEquals(3, answer.split("HTTP/1.1 200", -1).length - 1, answer);
        assertTrue(answer.endsWith("{\"size\":3}"), answer);
    }

    @Test
    void answersASlowBodyWith408AndCloses() throws Exception {
        try (var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            post("Content-Length: 1000\r\n", "{")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            long start = System.nanoTime();
            String answer = TestServer.readAll(socket.getInputStream());
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
            assertTrue(answer.contains("x-request-id: "), answer);
            assertTrue(answer.endsWith("\"name\":\"validation_error\"}"), answer);
            assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
        }
        assertEquals(0, served.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000\r\n", "Transfer-Encoding: chunked\r\n"})
    void answersADrippedBodyWith408(String framing) throws Exception {
        try (var socket = server.connect()) {
            var out = socket.getOutputStream();
            out.write(
                    post(framing, framing.startsWith("T") ? "ffff\r\n" : "")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = drip(socket, "x");
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        }
        assertEquals(0, served.get());
    }

    @Test
    void endsDrippedHeaders() throws Exception {
        try (var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            "GET /emails HTTP/1.1\r\nHost: x\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer = drip(socket, "X: y\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        }
    }

    // Writes a piece each time the server has been silent for 50 ms, until it has answered.
    private static String drip(java.net.Socket socket, String piece) throws IOException {
        socket.setSoTimeout(50);
        for (int i = 0; i < 200; i++) {
            try {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.ISO_8859_1));
            } catch (SocketException e) {
                break;
            }
            int first = tryRead(socket);
            if (first >= 0) {
                socket.setSoTimeout(5_000);
                return (char) first + TestServer.readAll(socket.getInputStream());
            }
        }
        return "nothing";
    }

    private static int tryRead(java.net.Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            return -1;
        }
    }

    @Test
    void letsGoOfAPeerThatDoesNotRead() throws Exception {
        try (var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            ("GET /large HTTP/1.1\r\nHost: x\r\n" + KEY + "\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            await(() -> server.running() == 1);
            await(() -> server.running() == 0);
            assertTrue(server.log.isEmpty(), "it was answered");
        }
    }

    private static void await(java.util.function.BooleanSupplier condition)
            throws InterruptedException {
        var timer = new java.util.concurrent.CountDownLatch(1);
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            assertFalse(timer.await(10, java.util.concurrent.TimeUnit.MILLISECONDS));
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    void refusesALargeBodyUnread() throws Exception {
        try (var socket = server.connect()) {
            socket.getOutputStream()
                    .write(
                            post("Content-Length: 62914560\r\n", "{\"a\":")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer = TestServer.readAll(socket.getInputStream());
            assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            assertTrue(answer.contains("\"name\":\"validation_error\""), answer);
        }
        assertEquals(0, served.get());
    }

    @Test
    void refusesALargeChunkedBodyOnTheWay() throws Exception {
        try (var socket = server.connect()) {
            var out = socket.getOutputStream();
            out.write(
                    post("Transfer-Encoding: chunked\r\n", "")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";
            int sent = 0;
            try {
                for (; sent < 960; sent++) {
                    out.write(chunk.getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (SocketException e) {
                assertTrue(sent > 32, "closed after " + sent);
            }
            assertTrue(sent < 960, "60 MB were taken");
        }
        assertEquals(0, served.get());
    }

    @Test
    void takesASmallerBodyWhereNoMailIsCarried() throws InterruptedException {
        byte[] body = new byte[(1 << 20) + 1];
        var publisher = java.net.http.HttpRequest.BodyPublishers.ofByteArray(body);
        assertEquals(413, server.send(server.request("/domains").POST(publisher)).statusCode());
        assertEquals(200, server.send(server.request("/emails").POST(publisher)).statusCode());
        await(() -> server.budget.held() == 0);
    }

    @Test
    void holdsBackABodyItWillRefuse() throws IOException {
        String answer =
                server.raw(
                        "POST /emails HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
        assertFalse(answer.contains("100 Continue"), answer);
        assertFalse(answer.endsWith("[open]"), answer);
    }

    @Test
    void asksForABodyItWants() throws IOException {
        String answer =
                server.raw(
                        post(
                                "Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n",
                                "{}"));
        assertTrue(answer.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"), answer);
    }

    @Test
    void keepsTheConnectionAfterARefusalWithASmallBody() throws IOException {
        String refused = "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345";
        String answer =
                server.raw(refused + post("Connection: close\r\nContent-Length: 2\r\n", "{}"));
        assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
        assertTrue(answer.endsWith("{\"size\":2}"), answer);
    }

    @Test
    void refusesTooManyHeaders() throws IOException {
        String answer =
                server.raw(
                        "GET /emails HTTP/1.1\r\nHost: x\r\n"
                                + ("X-Y: " + "z".repeat(100) + "\r\n").repeat(1000)
                                + "\r\n");
        assertFalse(answer.contains("200"), answer);
        assertFalse(answer.endsWith("[open]"), answer);
    }

    @Test
    void refusesACompressedBody() throws IOException {
        String answer = server.raw(post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"));
        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertEquals(0, served.get());
    }
}
