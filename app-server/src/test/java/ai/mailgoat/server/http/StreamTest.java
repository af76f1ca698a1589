package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Answers that go on, over real sockets.
final class StreamTest {
    private final BlockingQueue<String> pieces = new ArrayBlockingQueue<>(10_000);
    private final CountDownLatch ended = new CountDownLatch(1);

    private final Endpoints routes =
            new Endpoints()
                    .get(
                            "/stream",
                            Access.PUBLIC,
                            call -> Answer.stream("text/event-stream", this::run));

    private void run(Answer.Out out) {
        try {
            out.onClosing(() -> pieces.add("bye"));
            String piece = "";
            while (!piece.equals("end") && !out.isClosing()) {
                piece = pieces.take();
                out.write(piece.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private static Socket open(TestServer server) throws IOException {
        var socket = server.connect();
        socket.getOutputStream()
                .write(
                        "GET /stream HTTP/1.1\r\nhost: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int octet = in.read();
            if (octet < 0) {
                return text + "[closed]";
            }
            text.append((char) octet);
        }
        return text.toString();
    }

    @Test
    void eachPieceLeavesAtOnce() throws Exception {
        try (var server = TestServer.with(routes);
                var socket = open(server)) {
            var in = socket.getInputStream();
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                pieces.add("piece " + i + ";");
                String got = readUntil(in, "piece " + i + ";");
                assertFalse(got.contains("[closed]"), got);
                assertTrue(System.nanoTime() - start < 1_000_000_000L, "took its time");
                if (i == 0) {
                    assertTrue(got.startsWith("HTTP/1.1 200 "), got);
                    assertTrue(
                            got.toLowerCase(java.util.Locale.ROOT).contains("text/event-stream"));
                }
            }
            pieces.add("end");
            assertTrue(readUntil(in, "0\r\n\r\n").contains("end"));
            // The connection lives on.
            socket.getOutputStream()
                    .write(
                            "GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertTrue(readUntil(in, "404").endsWith("404"));
        }
    }

    @Test
    void aPeerThatGoesEndsIt() throws Exception {
        try (var server = TestServer.with(routes)) {
            try (var socket = open(server)) {
                pieces.add("one;");
                readUntil(socket.getInputStream(), "one;");
            }
            for (int i = 0; i < 100 && ended.getCount() > 0; i++) {
                pieces.add("more;");
                Thread.sleep(20);
            }
            assertTrue(ended.await(0, TimeUnit.SECONDS), "it goes on for nobody");
        }
    }

    @Test
    void closingTheServerEndsItWithinASecond() throws Exception {
        var server = TestServer.with(routes);
        try (var socket = open(server)) {
            pieces.add("one;");
            readUntil(socket.getInputStream(), "one;");
            long start = System.nanoTime();
            server.close();
            long took = System.nanoTime() - start;
            assertTrue(took < 1_000_000_000L, "took " + took / 1_000_000 + " ms");
            String rest = TestServer.readAll(socket.getInputStream());
            assertTrue(rest.contains("bye"), rest);
        }
    }

    @Test
    void aPeerThatDoesNotReadIsCutOff() throws Exception {
        try (var server = TestServer.with(routes, 0, TestServer.patience(Duration.ofSeconds(1)));
                var socket = open(server)) {
            String large = "x".repeat(100_000);
            long start = System.nanoTime();
            while (ended.getCount() > 0 && System.nanoTime() - start < 20_000_000_000L) {
                var _ = pieces.offer(large);
                Thread.sleep(5);
            }
            assertEquals(0, ended.getCount(), "it waits for a peer that does not read");
            assertTrue(socket.isConnected());
        }
    }

    // Idle is a connection between two requests, not one on which little is said.
    @Test
    void silenceDoesNotEndIt() throws Exception {
        var patience =
                new HttpSettings.Patience(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1 << 20,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        try (var server = TestServer.with(routes, 0, patience);
                var socket = open(server)) {
            pieces.add("one;");
            readUntil(socket.getInputStream(), "one;");
            Thread.sleep(4_000);
            pieces.add("two;");
            String got = readUntil(socket.getInputStream(), "two;");
            assertFalse(got.contains("[closed]"), got);
            pieces.add("end");
        }
    }
}
