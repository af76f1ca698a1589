package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HttpSettings.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {
    private static final long CAP = 200 << 20;

    private final BlockingQueue<Path> files = new LinkedBlockingQueue<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private TestServer server;

    @BeforeEach
    void start() {
        var endpoints =
                new Endpoints()
                        .upload("/large", Access.FULL, CAP, this::large)
                        .upload("/slow", Access.FULL, CAP, this::slow)
                        .post(
                                "/domains",
                                Access.FULL,
                                call -> Answer.ok(Map.of("n", call.rawBody().length)));
        server = TestServer.with(endpoints, 0, Patience.DEFAULT);
    }

    @AfterEach
    void stop() {
        go.countDown();
        server.close();
    }

    private Answer large(Call call) {
        files.add(call.upload());
        try {
            return Answer.ok(Map.of("n", Files.size(call.upload())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer slow(Call call) {
        files.add(call.upload());
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Answer.ok(Map.of());
    }

    @Test
    void aBodyLiesInAFileWhileItIsServed() {
        var answer =
                server.send(
                        server.request("/large")
                                .POST(BodyPublishers.ofByteArray(new byte[5 << 20])));
        assertEquals("{\"n\":5242880}", answer.body());
        assertFalse(Files.exists(files.remove()));
    }

    @Test
    void aBodyMayComeInChunks() {
        var answer =
                server.send(
                        server.request("/large")
                                .POST(
                                        BodyPublishers.ofInputStream(() ->
                                                new ByteArrayInputStream(new byte[5 << 20]))));
        assertEquals("{\"n\":5242880}", answer.body());
    }

    @Test
    void nothingIsAnEmptyFile() {
        var answer = server.send(server.request("/large").POST(BodyPublishers.noBody()));
        assertEquals("{\"n\":0}", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/domains", "/nowhere"})
    void aGiantChunkIsNotTakenIn(String path) throws IOException {
        try (var socket = server.connect()) {
            var out = socket.getOutputStream();
            out.write(
                    ("POST "
                                    + path
                                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer re_full\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n"
                                    + "9600000\r\nxx")
                            .getBytes(StandardCharsets.ISO_8859_1));
            var answer = TestServer.readAll(socket.getInputStream());
            assertTrue(
                    answer.startsWith(path.equals("/nowhere") ? "HTTP/1.1 404" : "HTTP/1.1 413"),
                    answer);
            assertTrue(answer.contains("Connection: close"), answer);
        }
        assertTrue(files.isEmpty());
    }

    @Test
    void aGiantChunkOfAStrangerIsNotTakenIn() throws IOException {
        try (var socket = server.connect()) {
            var out = socket.getOutputStream();
            out.write(
                    "POST /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9600000\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            var piece = new byte[64 * 1024];
            long before = used();
            int sent = 0;
            try {
                for (; sent < 64 << 20; sent += piece.length) {
                    out.write(piece);
                }
            } catch (IOException e) {
                assertTrue(sent < 64 << 20, "cut off");
            }
            assertTrue(used() - before < 48 << 20, "kept in memory");
            assertTrue(sent < 64 << 20, "64 MB were taken");
        }
    }

    private static long used() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nab\r\n0\r\n\r\n",
                "-1\r\nab\r\n0\r\n\r\n",
                "+2\r\nab\r\n0\r\n\r\n",
                "000000002\r\nab\r\n0\r\n\r\n",
                "2;x=y\r\nab\r\n0\r\n\r\n",
                "\r\nab\r\n0\r\n\r\n"
            })
    void aMalformedChunkIsRefused(String body) throws IOException {
        String answer =
                server.raw(
                        "POST /domains HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer re_full\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + body);
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
        assertTrue(answer.contains("malformed"), answer);
    }

    @Test
    void chunksOfAllSizesArePutTogether() throws IOException {
        String answer =
                server.raw(
                        "POST /domains HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer re_full\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "1\r\na\r\n"
                                + "0003\r\nbcd\r\n"
                                + "4e20\r\n"
                                + "x".repeat(20_000)
                                + "\r\n0\r\n\r\n");
        assertTrue(answer.contains("{\"n\":20004}"), answer);
    }

    @Test
    void fourUploadsAtATime() throws Exception {
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    IntStream.range(0, 4)
                            .mapToObj(i -> others.submit(() -> post("/slow").statusCode()))
                            .toList();
            for (int i = 0; i < 4; i++) {
                files.poll(10, java.util.concurrent.TimeUnit.SECONDS);
            }
            var fifth = post("/slow");
            assertEquals(503, fifth.statusCode());
            assertTrue(fifth.body().contains("Too many uploads at once. Try again."));
            go.countDown();
            for (Future<Integer> one : waiting) {
                assertEquals(
                        200,
                        one.get(
                                Duration.ofSeconds(10).toSeconds(),
                                java.util.concurrent.TimeUnit.SECONDS));
            }
            assertEquals(200, post("/large").statusCode());
        }
    }

    private java.net.http.HttpResponse<String> post(String path) {
        return server.send(server.request(path).POST(BodyPublishers.ofString("x")));
    }
}
