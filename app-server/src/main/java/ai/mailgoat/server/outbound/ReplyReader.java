package ai.mailgoat.server.outbound;

import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import ai.mailgoat.server.outbound.GuardedHttp.Reply;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads one HTTP/1.1 response (RFC 9112, 4 to 7) from somebody who may mean harm: header section
/// and body are capped, framing that can be read in two ways is refused.
final class ReplyReader {
    private static final int MAX_HEADER_OCTETS = 32 * 1024;
    private static final int MAX_INTERIM = 8;
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(;.*)?");

    private final InputStream in;
    private final Limits limits;
    private int headerOctets;

    ReplyReader(InputStream in, Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    /// @throws IOException when the connection fails, or a [MalformedReplyException] when the
    ///   response does
    Reply read() throws IOException {
        return read(true);
    }

    /// The response to a HEAD: whatever its fields say, no body follows (RFC 9112, 6.3, case 1).
    Reply readHead() throws IOException {
        return read(false);
    }

    private Reply read(boolean hasBody) throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM; interim++) {
            int status = statusLine();
            var headers = headers();
            // RFC 9110, 15.2: any number of 1xx may come before the final response.
            if (status >= 200) {
                return new Reply(status, headers, hasBody ? body(status, headers) : new byte[0]);
            }
        }
        throw new MalformedReplyException("it sent too many interim responses");
    }

    private int statusLine() throws IOException {
        var line = STATUS_LINE.matcher(line());
        if (!line.matches()) {
            throw new MalformedReplyException("it does not speak HTTP/1.1");
        }
        return Integer.parseInt(line.group(1));
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || !FIELD_NAME.matcher(line.substring(0, colon)).matches()) {
                throw new MalformedReplyException("it sent a malformed header field");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            // RFC 9110, 5.3: fields of one name are one list.
            headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        return Map.copyOf(headers);
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        var body = new ByteArrayOutputStream();
        String coding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new MalformedReplyException("it used a transfer coding nobody asked for");
            }
            chunks(body);
        } else if (length == null) {
            // RFC 9112, 6.3, case 8: until the connection closes.
            copy(body, Long.MAX_VALUE, false);
        } else if (DECIMAL.matcher(length).matches()) {
            copy(body, Long.parseLong(length), true);
        } else {
            throw new MalformedReplyException("it sent a malformed Content-Length");
        }
        return body.toByteArray();
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            // Each chunk's line is capped by itself: their number grows with the body.
            headerOctets = 0;
            var size = CHUNK_SIZE.matcher(line());
            if (!size.matches()) {
                throw new MalformedReplyException("it sent a malformed chunk");
            }
            long octets = Long.parseLong(size.group(1), 16);
            if (octets == 0 || !copy(body, octets, true)) {
                return;
            }
            if (!line().isEmpty()) {
                throw new MalformedReplyException("it sent a malformed chunk");
            }
        }
    }

    /// Copies up to `octets`; false when the body was cut at its cap.
    private boolean copy(ByteArrayOutputStream body, long octets, boolean exact)
            throws IOException {
        var buffer = new byte[8192];
        long left = octets;
        while (left > 0) {
            int room = limits.maxBody() - body.size();
            // One octet beyond the cap is asked for, to tell a full body from one too long.
            int wanted = (int) Math.min(Math.min(left, buffer.length), room + 1L);
            int read = in.read(buffer, 0, wanted);
            if (read < 0) {
                if (exact) {
                    throw new EOFException("the connection closed in the middle of the body");
                }
                return true;
            }
            body.write(buffer, 0, Math.min(read, room));
            if (read > room) {
                if (limits.overflow() == Overflow.REFUSE) {
                    throw new MalformedReplyException(
                            "its answer is longer than " + limits.maxBody() + " bytes");
                }
                return false;
            }
            left -= read;
        }
        return true;
    }

    /// One line without its end; a bare LF ends it, too (RFC 9112, 2.2).
    private String line() throws IOException {
        var line = new ByteArrayOutputStream(128);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection closed before the answer was complete");
            }
            if (++headerOctets > MAX_HEADER_OCTETS) {
                throw new MalformedReplyException("its header is too long");
            }
            line.write(octet);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// The message completes the sentence "The host answered, but ...".
    static final class MalformedReplyException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedReplyException(String message) {
            super(message);
        }
    }
}
