package ai.mailgoat.server.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Posts mails as fast as they are accepted, from several connections that stay open. Writes
/// prepared octets to plain sockets: on a small machine every microsecond spent here is taken from
/// the service.
public final class Load {

    /// @param begun when the first was posted, by `System.nanoTime`
    /// @param ended when the last was answered
    /// @param latency from post to answer of each, in ns
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

    /// @param path such as `/emails`
    /// @param bodies JSON documents, posted in turn
    public Load(URI api, String path, String key, String[] bodies, int connections) {
        this.address = new InetSocketAddress(api.getHost(), api.getPort());
        this.connections = connections;
        this.requests =
                Arrays.stream(bodies)
                        .map(body -> request(api, path, key, body))
                        .toArray(byte[][]::new);
    }

    /// Posts `count` mails and waits for all answers.
    ///
    /// @throws IOException when a connection breaks
    public Result post(int count) throws IOException, InterruptedException {
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
                            long posted = System.nanoTime();
                            int status = connection.post(requests[n % requests.length]);
                            latency[n] = System.nanoTime() - posted;
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

    private static byte[] request(URI api, String path, String key, String body) {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        byte[] head =
                ("POST "
                                + path
                                + " HTTP/1.1\r\nHost: "
                                + api.getAuthority()
                                + "\r\nAuthorization: Bearer "
                                + key
                                + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + octets.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + octets.length);
        System.arraycopy(octets, 0, all, head.length, octets.length);
        return all;
    }
}
