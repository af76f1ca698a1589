package ai.mailgoat.server.http;

import ai.mailgoat.server.http.Endpoints.Access;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/// Posts a mail of 5 KB over 64 keep-alive connections to a server whose handler only parses it.
/// Run by hand; prints requests per second and latencies. The client shares the machine.
final class HttpBench {
    private static final int CONNECTIONS = Integer.getInteger("connections", 64);
    private static final long SECONDS = 5;

    private HttpBench() {}

    public static void main(String[] args) throws Exception {
        var endpoints =
                new Endpoints()
                        .post(
                                "/emails",
                                Access.SENDING,
                                call ->
                                        Answer.ok(
                                                Map.of("id", call.body().requiredString("from"))));
        for (int i = 0; i < 60; i++) {
            endpoints.get("/things-" + i + "/{id}", Access.FULL, call -> Answer.ok(Map.of()));
        }
        var settings =
                new HttpSettings(
                        "127.0.0.1", 0, TestServer.MAX_BODY, 0, java.time.InstantSource.system());
        try (var server =
                new HttpServer(settings, endpoints, TestServer::authenticate, RequestLog.debug())) {
            server.start();
            for (int warm = 0; warm < 5; warm++) {
                run(server, 4);
            }
            run(server, SECONDS);
        }
    }

    private static void run(HttpServer server, long seconds) throws InterruptedException {
        String json =
                "{\"from\":\"a@x.dev\",\"to\":\"b@y.dev\",\"html\":\"" + "x".repeat(5_000) + "\"}";
        byte[] request =
                ("POST /emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer re_full\r\nContent-Type: application/json\r\nUser-Agent: resend-node:6.38.0\r\nContent-Length: "
                                + json.length()
                                + "\r\n\r\n"
                                + json)
                        .getBytes(StandardCharsets.US_ASCII);
        long cpu = cpuNanos();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        var count = new AtomicLong();
        var done = new CountDownLatch(CONNECTIONS);
        var times = new long[CONNECTIONS][];
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            Thread.ofVirtual()
                    .start(() -> {
                        times[number] = post(server, request, end);
                        count.addAndGet(times[number].length);
                        done.countDown();
                    });
        }
        done.await();
        long[] all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
        LoggerFactory.getLogger(HttpBench.class)
                .info(
                        "{} requests/s, p50 {} us, p99 {} us, CPU {} us a request with its client",
                        count.get() / seconds,
                        all[all.length / 2] / 1000,
                        all[(int) (all.length * 0.99)] / 1000,
                        (cpuNanos() - cpu) / 1000 / all.length);
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(java.time.Duration.ZERO)
                .toNanos();
    }

    private static long[] post(HttpServer server, byte[] request, long end) {
        var times = new long[20_000];
        int n = 0;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            while (System.nanoTime() < end && n < times.length) {
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                skipAnswer(in);
                times[n++] = System.nanoTime() - start;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Arrays.copyOf(times, n);
    }

    private static void skipAnswer(DataInputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        for (; ; ) {
            int c = in.read();
            if (c < 0) {
                throw new java.io.EOFException();
            }
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String field = line.toString().strip();
            line.setLength(0);
            if (field.isEmpty()) {
                in.skipNBytes(length);
                return;
            }
            if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
    }
}
