package ai.mailgoat.server.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Names of attached files, from strangers and to strangers.
public final class Filename {
    /// What file systems take.
    private static final int MAX_OCTETS = 255;

    private static final int MAX_EXTENSION = 32;

    /// RFC 2231, 3: a value is cut so that its line, `filename*0*=` and all, stays within 78.
    private static final int SEGMENT = 54;

    private static final String NONE = "attachment";

    /// Characters that Windows does not allow in a file name.
    private static final String RESERVED = "<>:\"|?*";

    private static final Pattern DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

    private static final String HEX = "0123456789ABCDEF";

    private Filename() {}

    /// A name that is safe to show and to save under: the last segment of a path, without control
    /// and bidirectional characters (`cod.exe` cannot pose as `exe.doc`), reserved ones as `_`, no
    /// blanks at the ends, no dot at the end, no device names, at most 255 octets of UTF-8. Never
    /// empty.
    public static String clean(String name) {
        int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
        var kept = new StringBuilder();
        name.substring(slash + 1)
                .codePoints()
                .filter(c -> !isHidden(c))
                .forEach(c -> kept.appendCodePoint(RESERVED.indexOf(c) < 0 ? c : '_'));
        String clean = capped(trim(kept.toString()));
        if (clean.isEmpty()) {
            return NONE;
        }
        return DEVICE.matcher(clean).matches() ? "_" + clean : clean;
    }

    /// The `filename` parameter of Content-Disposition as tokens of a header field: quoted when
    /// ASCII and short, otherwise percent-encoded UTF-8 in as many segments as it takes (RFC 2231,
    /// 3 and 4). No character is split between segments.
    static List<String> parameter(String name) {
        boolean plain = HeaderWriter.isAscii(name) && name.length() <= SEGMENT;
        // Readers decode an encoded-word even here, though RFC 2047, 5 forbids it.
        if (plain && !name.contains("=?")) {
            return List.of("filename=\"" + name + '"');
        }
        List<String> segments = segments(name);
        if (segments.size() == 1) {
            return List.of("filename*=utf-8''" + segments.getFirst());
        }
        var tokens = new ArrayList<String>();
        for (int i = 0; i < segments.size(); i++) {
            String charset = i == 0 ? "utf-8''" : "";
            String end = i + 1 < segments.size() ? ";" : "";
            tokens.add("filename*" + i + "*=" + charset + segments.get(i) + end);
        }
        return tokens;
    }

    private static List<String> segments(String name) {
        var segments = new ArrayList<String>();
        var segment = new StringBuilder();
        name.codePoints()
                .forEach(c -> {
                    String encoded = percent(c);
                    if (segment.length() + encoded.length() > SEGMENT) {
                        segments.add(segment.toString());
                        segment.setLength(0);
                    }
                    segment.append(encoded);
                });
        segments.add(segment.toString());
        return segments;
    }

    private static String percent(int codePoint) {
        String character = Character.toString(codePoint);
        if (codePoint < 0x80
                && (Character.isLetterOrDigit(codePoint) || "-._".indexOf(codePoint) >= 0)) {
            return character;
        }
        var encoded = new StringBuilder();
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
        return encoded.toString();
    }

    private static boolean isHidden(int c) {
        // Joiners are spelling in Persian and Hindi, and hold emoji together.
        if (c == 0x200c || c == 0x200d) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static String trim(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isBlank(name.charAt(start))) {
            start++;
        }
        while (end > start && (isBlank(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /// Cuts the stem, not the extension, between characters.
    private static String capped(String name) {
        if (octets(name) <= MAX_OCTETS) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot);
        if (octets(extension) > MAX_EXTENSION) {
            extension = "";
        }
        int left = MAX_OCTETS - octets(extension);
        int end = 0;
        while (end < name.length()) {
            int c = name.codePointAt(end);
            left -= octets(Character.toString(c));
            if (left < 0) {
                break;
            }
            end += Character.charCount(c);
        }
        return trim(name.substring(0, end)) + extension;
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
