package ai.mailgoat.server.message;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A body of text in UTF-8 as it travels, with its Content-Transfer-Encoding (RFC 2045, 6). Every
/// line has at most 78 octets, so nobody on the way has a reason to rewrap it and break its
/// signature.
record EncodedText(String encoding, byte[] bytes) {

    private static final int MAX_PLAIN_LINE = 78;

    /// 76 columns (RFC 2045, 6.8).
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder();

    /// Plain when it can be, otherwise quoted-printable or base64, whichever is shorter.
    ///
    /// @throws MalformedMessageException when there is a NUL
    static EncodedText of(String text) {
        byte[] utf8 = LineDiscipline.toWire(text.getBytes(StandardCharsets.UTF_8));
        if (isPlain(utf8)) {
            return new EncodedText("7bit", utf8);
        }
        byte[] quoted = QuotedPrintable.encode(utf8);
        return quoted.length <= base64Length(utf8.length)
                ? new EncodedText("quoted-printable", quoted)
                : new EncodedText("base64", BASE64.encode(utf8));
    }

    private static int base64Length(int length) {
        int characters = (length + 2) / 3 * 4;
        return characters + characters / 76 * 2;
    }

    /// Short lines of printable ASCII without a blank at the end, which some relays drop, and
    /// without `=_`, which begins our boundaries: neither quoted-printable nor base64 can contain
    /// it.
    private static boolean isPlain(byte[] text) {
        int column = 0;
        byte previous = 0;
        for (byte b : text) {
            if (b == '\r') {
                if (previous == ' ' || previous == '\t') {
                    return false;
                }
            } else if (b == '\n') {
                column = -1;
            } else if (b != '\t' && (b < ' ' || b == 0x7f) || b == '_' && previous == '=') {
                return false;
            }
            previous = b;
            // CR and LF do not count.
            if (b != '\r' && ++column > MAX_PLAIN_LINE) {
                return false;
            }
        }
        return previous != ' ' && previous != '\t';
    }
}
