package ai.mailgoat.server.smtp;

/// Text of a stranger made safe for a log line or an error message: control characters are shown as
/// `?` and the length is capped.
public final class Printable {
    private static final int MAX_LENGTH = 200;

    private Printable() {}

    /// @return `text` without C0, C1, line separators or bidirectional controls, at most 200
    ///   characters
    public static String of(String text) {
        var safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .limit(MAX_LENGTH)
                .forEach(c -> {
                    int type = Character.getType(c);
                    boolean hidden =
                            type == Character.CONTROL
                                    || type == Character.FORMAT
                                    || type == Character.LINE_SEPARATOR
                                    || type == Character.PARAGRAPH_SEPARATOR
                                    || type == Character.SURROGATE;
                    safe.appendCodePoint(hidden ? '?' : c);
                });
        return safe.toString();
    }
}
