package ai.mailgoat.server.message;

import java.io.ByteArrayOutputStream;

/// The rule for line ends on the wire: CR and LF stand together or not at all (RFC 5321, 2.3.8). A
/// bare one is what a receiving server may take for the end of the message: SMTP smuggling.
public final class LineDiscipline {
    /// RFC 5321, 4.5.3.1.6: 1000 octets with CRLF.
    static final int MAX_LINE = 998;

    private LineDiscipline() {}

    /// Text with every bare CR and bare LF made CRLF. Lines are not cut.
    ///
    /// @return `text` itself when there was nothing to change
    /// @throws MalformedMessageException when there is a NUL (RFC 5321, 4.5.2 allows none)
    public static byte[] toWire(byte[] text) {
        int odd = firstOdd(text);
        if (odd < 0) {
            return text;
        }
        var out = new ByteArrayOutputStream(text.length + text.length / 32 + 16);
        out.write(text, 0, odd);
        for (int i = odd; i < text.length; i++) {
            byte b = text[i];
            switch (b) {
                case 0 -> throw new MalformedMessageException("text has a NUL character");
                case '\r' -> {
                    out.write('\r');
                    out.write('\n');
                    if (i + 1 < text.length && text[i + 1] == '\n') {
                        i++;
                    }
                }
                case '\n' -> {
                    out.write('\r');
                    out.write('\n');
                }
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }

    /// Whether bytes may go on the wire as they are: only CRLF ends a line, there is no NUL, and no
    /// line is over 998 octets.
    public static boolean isClean(byte[] bytes) {
        if (firstOdd(bytes) >= 0) {
            return false;
        }
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\r') {
                if (i - start > MAX_LINE) {
                    return false;
                }
                start = i + 2;
            }
        }
        return bytes.length - start <= MAX_LINE;
    }

    /// Where the first bare CR, bare LF or NUL is, or -1.
    private static int firstOdd(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b > '\r' || b < 0) {
                continue;
            }
            if (b == 0 || b == '\n') {
                return i;
            }
            if (b == '\r') {
                if (i + 1 == bytes.length || bytes[i + 1] != '\n') {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
