package ai.mailgoat.server.message;

import org.jspecify.annotations.Nullable;

/// Text with CRLF line ends as quoted-printable (RFC 2045, 6.7), lines of at most 76 columns.
///
/// More is encoded than must be: a dot at the start of a line, so that no line depends on somebody
/// else's dot-stuffing, and the F of `From ` there, which mailbox files make `>From ` (RFC 2049,
/// 3). Written for speed, since it is most of the work of composing.
final class QuotedPrintable {
    private static final int WIDTH = 76;
    private static final String HEX = "0123456789ABCDEF";

    private final byte[] text;
    private final byte @Nullable [] out;
    private int length;

    private QuotedPrintable(byte[] text, byte @Nullable [] out) {
        this.text = text;
        this.out = out;
    }

    /// How many octets {@link #encode} gives.
    static int length(byte[] text) {
        return new QuotedPrintable(text, null).run();
    }

    static byte[] encode(byte[] text) {
        var out = new byte[length(text)];
        new QuotedPrintable(text, out).run();
        return out;
    }

    private int run() {
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\r') {
                put('\r', '\n');
                column = 0;
                i++;
                continue;
            }
            boolean last = endsLine(i + 1);
            boolean literal = isLiteral(i, column, last);
            // Column 76 is for the `=` of a soft line break, unless the line ends here.
            if (column + (literal ? 1 : 3) > (last ? WIDTH : WIDTH - 1)) {
                put('=', '\r', '\n');
                column = 0;
                literal = isLiteral(i, column, last);
            }
            if (literal) {
                put(text[i]);
            } else {
                put('=', HEX.charAt(text[i] >> 4 & 15), HEX.charAt(text[i] & 15));
            }
            column += literal ? 1 : 3;
        }
        return length;
    }

    private boolean isLiteral(int i, int column, boolean last) {
        byte b = text[i];
        if (b == ' ' || b == '\t') {
            return !last;
        }
        if (b <= ' ' || b == '=' || b == 0x7f) {
            return false;
        }
        return column > 0 || b != '.' && !startsFrom(text, i);
    }

    private boolean endsLine(int i) {
        return i == text.length || text[i] == '\r';
    }

    static boolean startsFrom(byte[] text, int i) {
        return text[i] == 'F'
                && i + 4 < text.length
                && text[i + 1] == 'r'
                && text[i + 2] == 'o'
                && text[i + 3] == 'm'
                && text[i + 4] == ' ';
    }

    private void put(int... octets) {
        for (int octet : octets) {
            put((byte) octet);
        }
    }

    private void put(byte octet) {
        if (out != null) {
            out[length] = octet;
        }
        length++;
    }
}
