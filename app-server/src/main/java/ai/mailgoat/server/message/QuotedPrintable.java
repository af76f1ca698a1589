package ai.mailgoat.server.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Quoted-printable of RFC 2045, 6.7. Of our own because Angus Mail's encoder looks up its provider for each part and
/// writes octet by octet through two synchronized streams: it took a quarter of the CPU of a whole mail.
final class QuotedPrintable {
    /// RFC 2045, 6.7 (5): an encoded line has at most 76 characters, a soft break's `=` included.
    private static final int MAX_LINE = 76;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] out;
    private int length;
    private int column;

    private QuotedPrintable(int capacity) {
        out = new byte[capacity];
    }

    /// @param text with CRLF line ends only, as {@link LineDiscipline#toWire} leaves it
    static byte[] encode(byte[] text) {
        var encoder = new QuotedPrintable(text.length + text.length / 8 + 64);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\r') {
                encoder.lineEnd();
                i++;
            } else {
                encoder.octet(text[i], i + 1 == text.length || text[i + 1] == '\r');
            }
        }
        return Arrays.copyOf(encoder.out, encoder.length);
    }

    private void octet(byte b, boolean lastOfLine) {
        // (3): a blank at the end of a line may be dropped on the way, so there it is encoded.
        boolean plain = b >= '!' && b <= '~' && b != '=' || (b == ' ' || b == '\t') && !lastOfLine;
        int width = plain ? 1 : 3;
        if (column + width > (lastOfLine ? MAX_LINE : MAX_LINE - 1)) {
            reserve(3);
            out[length++] = '=';
            lineEnd();
        }
        reserve(3);
        if (plain) {
            out[length++] = b;
        } else {
            out[length++] = '=';
            out[length++] = HEX[b >> 4 & 0xf];
            out[length++] = HEX[b & 0xf];
        }
        column += width;
    }

    private void lineEnd() {
        reserve(2);
        out[length++] = '\r';
        out[length++] = '\n';
        column = 0;
    }

    private void reserve(int octets) {
        if (length + octets > out.length) {
            out = Arrays.copyOf(out, out.length * 2 + octets);
        }
    }
}
