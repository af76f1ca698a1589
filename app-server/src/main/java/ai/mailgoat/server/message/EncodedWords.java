package ai.mailgoat.server.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Text as encoded-words (RFC 2047, 2): UTF-8, `Q` or `B` whichever is shorter, at most 75
/// characters each, no character split between two. `Q` uses the alphabet that is safe in a phrase
/// (5 (3)) and so everywhere.
final class EncodedWords {
    static final int MAX = 75;

    private static final String Q_PREFIX = "=?utf-8?Q?";
    private static final String B_PREFIX = "=?utf-8?B?";
    private static final String SUFFIX = "?=";
    private static final int OVERHEAD = Q_PREFIX.length() + SUFFIX.length();
    private static final String HEX = "0123456789ABCDEF";

    private EncodedWords() {}

    /// @param room how long the first word may be, at least 24
    static List<String> of(String text, int room) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int q = 0;
        for (byte b : utf8) {
            q += cost(b);
        }
        boolean base64 = q > (utf8.length + 2) / 3 * 4;
        var words = new ArrayList<String>();
        int limit = room - OVERHEAD;
        int start = 0;
        while (start < utf8.length) {
            int end = base64 ? endOfB(utf8, start, limit) : endOfQ(utf8, start, limit);
            words.add(base64 ? b(utf8, start, end) : q(utf8, start, end));
            start = end;
            limit = MAX - OVERHEAD;
        }
        return words;
    }

    private static int endOfB(byte[] utf8, int start, int limit) {
        int end = Math.min(utf8.length, start + limit / 4 * 3);
        while (end < utf8.length && isContinuation(utf8[end])) {
            end--;
        }
        return end;
    }

    private static int endOfQ(byte[] utf8, int start, int limit) {
        int end = start;
        int length = 0;
        while (end < utf8.length && length + cost(utf8[end]) <= limit) {
            length += cost(utf8[end]);
            end++;
        }
        while (end < utf8.length && isContinuation(utf8[end])) {
            end--;
        }
        return end;
    }

    private static String b(byte[] utf8, int start, int end) {
        byte[] slice = java.util.Arrays.copyOfRange(utf8, start, end);
        return B_PREFIX + Base64.getEncoder().encodeToString(slice) + SUFFIX;
    }

    private static String q(byte[] utf8, int start, int end) {
        var word = new StringBuilder(MAX).append(Q_PREFIX);
        for (int i = start; i < end; i++) {
            byte b = utf8[i];
            if (b == ' ') {
                word.append('_');
            } else if (isSafe(b)) {
                word.append((char) b);
            } else {
                word.append('=').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return word.append(SUFFIX).toString();
    }

    private static int cost(byte b) {
        return b == ' ' || isSafe(b) ? 1 : 3;
    }

    private static boolean isSafe(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '!'
                || b == '*'
                || b == '+'
                || b == '-'
                || b == '/';
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
