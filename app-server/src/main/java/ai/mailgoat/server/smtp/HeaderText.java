package ai.mailgoat.server.smtp;

/// The one check between a stranger's string and a header field or a command line.
public final class HeaderText {
    private HeaderText() {}

    /// Refuses what would end a line or hide in it: C0 and DEL (tab included), C1 with NEL
    /// (U+0085), and the line and paragraph separators U+2028 and U+2029. Characters whose low byte
    /// happens to be CR or LF (U+010A, U+010D, U+560A) are ordinary text: nothing here casts a char
    /// to a byte.
    ///
    /// @throws MalformedAddressException naming the character
    public static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f && c <= 0x9f || c == 0x2028 || c == 0x2029) {
                throw new MalformedAddressException("control character U+%04X".formatted((int) c));
            }
            if (Character.isSurrogate(c) && !isPaired(text, i)) {
                throw new MalformedAddressException("unpaired surrogate");
            }
        }
    }

    /// @return whether {@link #check} would let `text` pass
    public static boolean isSafe(String text) {
        try {
            check(text);
            return true;
        } catch (MalformedAddressException e) {
            return false;
        }
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
