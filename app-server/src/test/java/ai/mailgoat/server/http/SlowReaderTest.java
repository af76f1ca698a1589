package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Endpoints.Access;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A peer that reads more slowly than the server writes: its socket takes in a part of what it is
/// given, again and again, and the rest must not get lost.
final class SlowReaderTest {
    private static final int SMALL_WINDOW = 4 * 1024;
    private static final int LARGE = 4 << 20;
    private static final int PIECE = 64 * 1024;

    private final byte[] content = content();

    private final Endpoints routes =
            new Endpoints()
                    .get("/whole", Access.PUBLIC, call -> Answer.octets("a/b", content))
                    .get("/stream", Access.PUBLIC, call -> Answer.stream("a/b", this::pieces));

    private static byte[] content() {
        var octets = new byte[LARGE];
        new Random(1).nextBytes(octets);
        return octets;
    }

    private void pieces(Answer.Out out) {
        for (int at = 0; at < LARGE; at += PIECE) {
            out.write(Arrays.copyOfRange(content, at, at + PIECE));
        }
    }

    @Test
    void getsAWholeAnswer() throws Exception {
        try (var server = TestServer.with(routes);
                var socket = ask(server, "/whole")) {
            var in = socket.getInputStream();
            String head = head(in);
            assertTrue(head.contains("content-length: " + LARGE), head);
            assertArrayEquals(content, slowly(in, LARGE));
        }
    }

    @Test
    void getsEveryChunkOfAStream() throws Exception {
        try (var server = TestServer.with(routes);
                var socket = ask(server, "/stream")) {
            var in = socket.getInputStream();
            head(in);
            var whole = new ByteArrayOutputStream();
            // RFC 9112, 7.1
            int size = Integer.parseInt(line(in), 16);
            while (size > 0) {
                whole.writeBytes(slowly(in, size));
                line(in);
                size = Integer.parseInt(line(in), 16);
            }
            assertArrayEquals(content, whole.toByteArray());
        }
    }

    private static Socket ask(TestServer server, String path) throws IOException {
        var socket = new Socket();
        // Before it connects, or the window is wide already.
        socket.setReceiveBufferSize(SMALL_WINDOW);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write(
                        ("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    private static byte[] slowly(InputStream in, int length) throws Exception {
        var octets = new byte[length];
        int at = 0;
        while (at < length) {
            int more = in.readNBytes(octets, at, Math.min(PIECE, length - at));
            if (more == 0) {
                throw new IOException("ended after " + at + " of " + length);
            }
            at += more;
            Thread.sleep(1);
        }
        return octets;
    }
}
