package ai.mailgoat.server.http;

/// Text fit for a header field or a log line.
final class Printable {
    private Printable() {}

    /// `text` with everything but printable US-ASCII replaced by `?` (RFC 9110, 5.5).
    static String ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        var plain = new StringBuilder(text.length());
        text.chars().forEach(c -> plain.append(isPlain((char) c) ? (char) c : '?'));
        return plain.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~';
    }
}
