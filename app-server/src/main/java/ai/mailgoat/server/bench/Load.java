package ai.mailgoat.server.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Asks as fast as it is answered, from several connections that stay open. Writes prepared octets
/// to plain sockets: on a small machine every microsecond spent here is taken from the service.
public final class Load {

    /// @param begun when the first was sent, by `System.nanoTime`
    /// @param ended when the last was answered
    /// @param latency from question to answer of each, in ns
    /// @param refused answers other than 200
    /// @param firstRefusal the beginning of one of them
    public record Result(
            long begun, long ended, long[] latency, long refused, @Nullable String firstRefusal) {

        public double perSecond() {
            return latency.length * 1e9 / (ended - begun);
        }

        /// @param part such as 0.99
        public double percentileMillis(double part) {
            var sorted = latency.clone();
            Arrays.sort(sorted);
            int index = (int) Math.ceil(part * sorted.length) - 1;
            return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
        }
    }

    private final InetSocketAddress address;
    private final byte[][] requests;
    private final int connections;

    private Load(URI api, byte[][] requests, int connections) {
        this.address = new InetSocketAddress(api.getHost(), api.getPort());
        this.connections = connections;
        this.requests = requests;
    }

    /// Posts documents to one path.
    ///
    /// @param path such as `/emails`
    /// @param bodies JSON documents, posted in turn
    public static Load posts(URI api, String path, String key, String[] bodies, int connections) {
        return new Load(
                api,
                Arrays.stream(bodies)
                        .map(body -> request(api, "POST", path, key, "application/json", body))
                        .toArray(byte[][]::new),
                connections);
    }

    /// Reads from several paths.
    ///
    /// @param paths with their queries, asked for in turn
    public static Load gets(URI api, List<String> paths, String key, int connections) {
        return new Load(
                api,
                paths.stream()
                        .map(path -> request(api, "GET", path, key, "application/json", ""))
                        .toArray(byte[][]::new),
                connections);
    }

    /// Asks `count` times and waits for all answers.
    ///
    /// @throws IOException when a connection breaks
    public Result run(int count) throws IOException, InterruptedException {
        var latency = new long[count];
        var next = new AtomicInteger();
        var refused = new AtomicLong();
        var refusal = new AtomicReference<@Nullable String>();
        var failure = new AtomicReference<@Nullable IOException>();
        long begun = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Math.min(connections, count); i++) {
                threads.execute(() -> {
                    try (var connection = new HttpConnection(address)) {
                        for (int n = next.getAndIncrement();
                                n < count && failure.get() == null;
                                n = next.getAndIncrement()) {
                            long asked = System.nanoTime();
                            int status = connection.exchange(requests[n % requests.length]);
                            latency[n] = System.nanoTime() - asked;
                            if (status != 200) {
                                refused.incrementAndGet();
                                refusal.compareAndSet(null, connection.answer());
                            }
                        }
                    } catch (IOException e) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        }
        var broken = failure.get();
        if (broken != null) {
            throw broken;
        }
        return new Result(begun, System.nanoTime(), latency, refused.get(), refusal.get());
    }

    /// One request with its body.
    static byte[] request(
            URI api, String method, String path, String key, String contentType, String body) {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + api.getAuthority()
                        + "\r\nAuthorization: Bearer "
                        + key
                        + "\r\nContent-Type: "
                        + contentType
                        + "\r\nContent-Length: "
                        + octets.length
                        + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(start, start.length + octets.length);
        System.arraycopy(octets, 0, all, start.length, octets.length);
        return all;
    }
}
