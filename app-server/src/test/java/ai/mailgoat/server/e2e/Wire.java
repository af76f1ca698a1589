package ai.mailgoat.server.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection that writes what it is told, octet by octet: an HTTP client would refuse or mend
/// what a fuzzer wants to send.
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Wire(URI service) {
        this.port = service.getPort();
    }

    /// @param target as it stands in the first line
    /// @param headers without `host` and `content-length`; names and values in Latin-1
    record Request(String method, String target, List<Header> headers, byte[] body) {
        /// @param most characters of the body to show
        String text(int most) {
            var text = new StringBuilder(method + " " + cut(target, 600) + "\n");
            headers.forEach(h -> text.append(h.name() + ": " + cut(h.value(), 300) + "\n"));
            return text + "\n" + cut(new String(body, StandardCharsets.UTF_8), most);
        }
    }

    record Header(String name, String value) {}

    record Answer(int status, List<Header> headers, byte[] body) {
        Optional<String> header(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .findFirst();
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Sends a request and reads the answer. A connection that the service closed after the answer
    /// before is made anew.
    ///
    /// @throws IOException when there is no answer
    Answer exchange(Request request) throws IOException {
        boolean used = socket != null;
        try {
            return once(request);
        } catch (IOException e) {
            close();
            if (!used) {
                throw e;
            }
            return once(request);
        }
    }

    private Answer once(Request request) throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        }
        try {
            var out = socket.getOutputStream();
            out.write(head(request));
            out.write(request.body());
        } catch (IOException e) {
            // Refused before it was taken in whole: the answer is there, or the next line throws.
            return read(in, request.method());
        }
        return read(in, request.method());
    }

    private Answer read(@Nullable InputStream from, String method) throws IOException {
        if (from == null) {
            throw new EOFException("closed");
        }
        int status = Integer.parseInt(line(from).substring(9, 12));
        var headers = new ArrayList<Header>();
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            int colon = line.indexOf(':');
            headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        if (status == 100) {
            return read(from, method);
        }
        var answer = new Answer(status, headers, new byte[0]);
        byte[] body = method.equals("HEAD") || status == 204 ? new byte[0] : body(from, answer);
        if (answer.header("connection").orElse("").equalsIgnoreCase("close")) {
            close();
        }
        return new Answer(status, headers, body);
    }

    private static byte[] body(InputStream from, Answer answer) throws IOException {
        if (answer.header("transfer-encoding")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            var all = new ByteArrayOutputStream();
            for (int size = chunk(from); ; size = chunk(from)) {
                all.write(exactly(from, size));
                line(from);
                if (size == 0) {
                    return all.toByteArray();
                }
            }
        }
        var length = answer.header("content-length");
        return length.isPresent()
                ? exactly(from, Integer.parseInt(length.get()))
                : from.readAllBytes();
    }

    private static int chunk(InputStream from) throws IOException {
        return Integer.parseInt(line(from).strip(), 16);
    }

    private static byte[] exactly(InputStream from, int length) throws IOException {
        byte[] octets = from.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException("the answer ends early");
        }
        return octets;
    }

    private static String line(InputStream from) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = from.read(); octet != '\n'; octet = from.read()) {
            if (octet < 0) {
                throw new EOFException("closed without an answer");
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] head(Request request) {
        var head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        request.headers()
                .forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
        boolean takesBody = !request.method().equals("GET") && !request.method().equals("HEAD");
        if (request.body().length > 0 || takesBody) {
            head.append("Content-Length: ").append(request.body().length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static String cut(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "… (" + text.length() + " characters)";
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = null;
        in = null;
    }
}
