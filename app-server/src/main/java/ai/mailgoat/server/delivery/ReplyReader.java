package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Printable;
import ai.mailgoat.server.smtp.SmtpReply;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads replies (RFC 5321, 4.2) from a host that may be broken or hostile: everything it can make
/// us hold is capped. Ends of lines are CRLF; a bare LF is taken too.
final class ReplyReader {

    /// RFC 5321, 4.5.3.1.5 allows 512 octets; real hosts write more. What is beyond this is cut.
    private static final int MAX_LINE = 4096;

    private static final int MAX_LINES = 100;
    private static final int MAX_OCTETS = 64 * 1024;

    /// Of a line's text, in characters, as kept for logs and DSNs.
    private static final int MAX_TEXT = 1000;

    /// [Printable] cuts at this length, so longer texts go through it in pieces.
    private static final int PRINTABLE_PIECE = 200;

    private final byte[] buffer = new byte[4096];
    private final byte[] line = new byte[MAX_LINE];
    private InputStream in;
    private int position;
    private int limit;
    private int lineLength;
    private int octets;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /// What came is no reply.
    static final class NoReplyException extends IOException {
        private static final long serialVersionUID = 1L;

        NoReplyException(String message) {
            super(message);
        }
    }

    /// The next whole reply.
    ///
    /// @throws NoReplyException when what comes is not one, or too long
    /// @throws EOFException when the peer closed the connection first
    SmtpReply read() throws IOException {
        octets = 0;
        readLine();
        int code = code();
        if (isLast()) {
            return new SmtpReply(code, List.of(text()));
        }
        var lines = new ArrayList<String>();
        lines.add(text());
        while (true) {
            if (lines.size() == MAX_LINES) {
                throw new NoReplyException("a reply of more than " + MAX_LINES + " lines");
            }
            readLine();
            if (code() != code) {
                throw new NoReplyException("a reply whose code changes from line to line");
            }
            lines.add(text());
            if (isLast()) {
                return new SmtpReply(code, lines);
            }
        }
    }

    /// Whether octets beyond the last reply have already been read.
    boolean hasMore() {
        return position < limit;
    }

    /// Goes on with another stream, with nothing left over from the old one.
    void switchTo(InputStream next) {
        in = next;
        position = 0;
        limit = 0;
    }

    private void readLine() throws IOException {
        lineLength = 0;
        while (true) {
            if (position == limit) {
                fill();
            }
            byte octet = buffer[position++];
            if (++octets > MAX_OCTETS) {
                throw new NoReplyException("a reply of more than " + MAX_OCTETS + " octets");
            }
            if (octet == '\n') {
                if (lineLength > 0 && line[lineLength - 1] == '\r') {
                    lineLength--;
                }
                return;
            }
            if (lineLength < MAX_LINE) {
                line[lineLength++] = octet;
            }
        }
    }

    private void fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new EOFException("connection closed by the host");
        }
        position = 0;
        limit = count;
    }

    private int code() throws NoReplyException {
        boolean wellFormed =
                lineLength >= 3
                        && line[0] >= '2'
                        && line[0] <= '5'
                        && isDigit(line[1])
                        && isDigit(line[2])
                        && (lineLength == 3 || line[3] == ' ' || line[3] == '-');
        if (!wellFormed) {
            var start = new String(line, 0, Math.min(lineLength, 60), StandardCharsets.UTF_8);
            throw new NoReplyException("not an SMTP reply: " + Printable.of(start));
        }
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    }

    private boolean isLast() {
        return lineLength == 3 || line[3] == ' ';
    }

    private String text() {
        if (lineLength <= 4) {
            return "";
        }
        var raw = new String(line, 4, lineLength - 4, StandardCharsets.UTF_8);
        if (raw.length() <= PRINTABLE_PIECE) {
            return Printable.of(raw);
        }
        var text = new StringBuilder();
        int end = Math.min(raw.length(), MAX_TEXT);
        for (int start = 0; start < end; start += PRINTABLE_PIECE) {
            text.append(Printable.of(raw.substring(start, Math.min(start + PRINTABLE_PIECE, end))));
        }
        return text.toString();
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }
}
