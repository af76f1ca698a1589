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
        return QuotedPrintable.length(utf8) <= base64Length(utf8.length)
                ? new EncodedText("quoted-printable", QuotedPrintable.encode(utf8))
                : new EncodedText("base64", BASE64.encode(utf8));
    }

    private static int base64Length(int length) {
        int characters = (length + 2) / 3 * 4;
        return characters + characters / 76 * 2;
    }

    /// Short lines of printable ASCII that nobody on the way has a reason to touch: without a blank
    /// at the end, which some relays drop; without a dot or `From ` at the start (see {@link
    /// QuotedPrintable}); and without `=_`, which begins our boundaries and which neither
    /// quoted-printable nor base64 can contain.
    private static boolean isPlain(byte[] text) {
        int start = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i < text.length && text[i] != '\r') {
                byte b = text[i];
                if (b != '\t' && (b < ' ' || b == 0x7f)
                        || b == '_' && i > 0 && text[i - 1] == '=') {
                    return false;
                }
                continue;
            }
            if (i > start && !isPlainLine(text, start, i)) {
                return false;
            }
            // Over the LF, which always follows here.
            start = ++i + 1;
        }
        return true;
    }

    private static boolean isPlainLine(byte[] text, int start, int end) {
        byte last = text[end - 1];
        return end - start <= MAX_PLAIN_LINE
                && last != ' '
                && last != '\t'
                && text[start] != '.'
                && !QuotedPrintable.startsFrom(text, start);
    }
}
