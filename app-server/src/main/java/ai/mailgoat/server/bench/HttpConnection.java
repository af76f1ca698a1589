package ai.mailgoat.server.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection that stays open, and just enough of HTTP/1.1 to read answers from it: a length or
/// chunks, in lines that end in CRLF.
final class HttpConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;
    private String answer = "";

    HttpConnection(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.in = socket.getInputStream();
    }

    /// Writes a whole request and reads the whole answer.
    ///
    /// @return its status
    int exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        String first = line();
        if (first.length() < 12) {
            throw new IOException("not an HTTP answer: " + first);
        }
        int length = 0;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        answer = first + " " + (chunked ? chunks() : text(length));
        return Integer.parseInt(first.substring(9, 12));
    }

    /// The last answer: status line and body.
    String answer() {
        return answer;
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line().strip(), 16);
            body.append(text(size));
            line();
            if (size == 0) {
                return body.toString();
            }
        }
    }

    private String text(int length) throws IOException {
        var octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = next();
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (byte octet = next(); octet != '\n'; octet = next()) {
            if (octet != '\r') {
                line.append((char) (octet & 0xff));
            }
        }
        return line.toString();
    }

    private byte next() throws IOException {
        if (from == to) {
            from = 0;
            to = in.read(buffer);
            if (to < 0) {
                to = 0;
                throw new IOException("the service closed a connection");
            }
        }
        return buffer[from++];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
