package ai.mailgoat.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a server of plain sockets, which shows each octet that came.
class RecordingProxyTest {
    private static final String JSON = "{\"id\":\"1\"}";

    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private volatile String answer =
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nratelimit-limit: 10\r\n"
                    + "content-length: 10\r\n\r\n"
                    + JSON;
    private ServerSocket socket;
    private RecordingProxy proxy;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        socket = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::serve);
        proxy = new RecordingProxy(URI.create("http://127.0.0.1:" + socket.getLocalPort()));
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        proxy.close();
        socket.close();
    }

    @Test
    void pathsQueriesHeadersAndBinaryBodiesArriveAsTheyWereSent() throws Exception {
        var body = new byte[70_000];
        new Random(1).nextBytes(body);
        var response =
                send(
                        request("/contacts/a+b@x.example/%40%2B/?q=a+b%20c&d")
                                .header("authorization", "Bearer re_1")
                                .header("x-two", "1")
                                .header("x-two", "2")
                                .PUT(BodyPublishers.ofByteArray(body)));
        assertEquals(201, response.statusCode());
        assertEquals("10", response.headers().firstValue("ratelimit-limit").orElseThrow());
        assertEquals(JSON, new String(response.body(), ISO_8859_1));

        String request = arrived.poll(5, TimeUnit.SECONDS);
        assertTrue(
                request.startsWith("PUT /contacts/a+b@x.example/%40%2B/?q=a+b%20c&d HTTP/1.1\r\n"),
                request.substring(0, 80));
        String head = request.substring(0, request.indexOf("\r\n\r\n")).toLowerCase();
        assertTrue(head.contains("authorization: bearer re_1"), head);
        assertEquals(2, Pattern.compile("\r\nx-two: [12]").matcher(head).results().count(), head);
        assertTrue(head.contains("content-length: 70000"), head);
        assertArrayEquals(
                body, request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1));

        var seen = proxy.exchanges().getFirst();
        assertEquals("PUT", seen.method());
        assertEquals("/contacts/a+b@x.example/%40%2B/", seen.path());
        assertEquals("q=a+b%20c&d", seen.query());
        assertEquals(java.util.List.of("1", "2"), seen.requestHeaders().get("x-two"));
        assertArrayEquals(body, seen.requestBody());
        assertEquals(201, seen.status());
        assertEquals("10", seen.responseHeader("ratelimit-limit").orElseThrow());
        assertEquals("1", seen.json().orElseThrow().get("id").stringValue());
    }

    @Test
    void whatIsChunkedStaysChunkedBothWays() throws Exception {
        answer =
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
        var response =
                send(
                        request("/chunked")
                                .POST(
                                        BodyPublishers.ofInputStream(() ->
                                                new ByteArrayInputStream(
                                                        "goat".getBytes(ISO_8859_1)))));
        assertEquals("abcdefg", new String(response.body(), ISO_8859_1));
        assertTrue(response.headers().firstValue("content-length").isEmpty());
        String request = arrived.poll(5, TimeUnit.SECONDS).toLowerCase();
        assertTrue(request.contains("transfer-encoding: chunked"), request);
        assertTrue(request.endsWith("4\r\ngoat\r\n0\r\n\r\n"), request);
        var seen = proxy.exchanges().getFirst();
        assertNull(seen.query());
        assertEquals("goat", new String(seen.requestBody(), ISO_8859_1));
        assertEquals("abcdefg", new String(seen.responseBody(), ISO_8859_1));
        assertTrue(seen.json().isEmpty());
    }

    @Test
    void emptyBodiesStayEmptyAndLongOnesAreKeptInPart() throws Exception {
        answer = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        assertEquals(404, send(request("/none").DELETE()).statusCode());
        assertTrue(!arrived.poll(5, TimeUnit.SECONDS).toLowerCase().contains("transfer-encoding"));

        String long_ = "x".repeat(2 << 20);
        answer = "HTTP/1.1 200 OK\r\ncontent-length: " + long_.length() + "\r\n\r\n" + long_;
        assertEquals(long_.length(), send(request("/long").GET()).body().length);
        assertEquals(1 << 20, proxy.exchanges().getLast().responseBody().length);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(proxy.url() + path))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                arrived.add(read(connection));
                connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
            } catch (IOException _) {
                // The test is over.
            }
        }
    }

    /// One request to its end, one octet a char.
    private static String read(Socket connection) throws IOException {
        var text = new StringBuilder();
        var in = connection.getInputStream();
        var buffer = new byte[8192];
        while (!whole(text.toString())) {
            int n = in.read(buffer);
            if (n < 0) {
                break;
            }
            text.append(new String(Arrays.copyOf(buffer, n), ISO_8859_1));
        }
        return text.toString();
    }

    private static boolean whole(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        String head = text.substring(0, end).toLowerCase();
        if (head.contains("transfer-encoding")) {
            return text.endsWith("0\r\n\r\n");
        }
        var length = Pattern.compile("content-length: (\\d+)").matcher(head);
        return !length.find() || text.length() >= end + 4 + Integer.parseInt(length.group(1));
    }
}
