package ai.mailgoat.server.message;

import ai.mailgoat.server.smtp.NamedMailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Writes header fields, folded at 78 columns where there is a blank to fold at (RFC 5322, 2.2.3).
///
/// A field is a row of tokens with one blank or one fold between each two; no token has a line end
/// in it, so nothing that is given in can start a field of its own. A run of several blanks stays
/// inside its token, because readers do not agree on what unfolding leaves of it.
final class HeaderWriter {
    private static final int WIDTH = 78;

    /// RFC 2047, 2: a line with an encoded-word has at most 76 characters.
    private static final int ENCODED_WIDTH = 76;

    /// Less room than this on a line is not worth an encoded-word.
    private static final int LEAST_ROOM = 32;

    /// A quoted name longer than this is written as encoded-words, which fold.
    private static final int MAX_QUOTED = 60;

    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    private static final Pattern ENCODED_WORD = Pattern.compile("=\\?[^?]+\\?[bBqQ]\\?");

    private final StringBuilder out = new StringBuilder(1024);
    private int lineStart;
    private boolean fresh;

    /// A field of unstructured text: words that are not ASCII become encoded-words, with all that
    /// stands between the first and the last of them.
    HeaderWriter text(String name, String value) {
        start(name);
        words(trimmed(value));
        return end();
    }

    /// A field of tokens that are written as they are.
    HeaderWriter tokens(String name, List<String> tokens) {
        start(name);
        tokens.forEach(this::token);
        return end();
    }

    /// A field of mailboxes; the domains are A-labels, a local part that is not ASCII is raw UTF-8
    /// (RFC 6532, 3.2).
    HeaderWriter mailboxes(String name, List<NamedMailbox> mailboxes) {
        start(name);
        for (int i = 0; i < mailboxes.size(); i++) {
            NamedMailbox each = mailboxes.get(i);
            String separator = i + 1 < mailboxes.size() ? "," : "";
            String displayName = each.displayName();
            if (displayName == null) {
                token(each.mailbox() + separator);
            } else {
                phrase(displayName);
                token("<" + each.mailbox() + ">" + separator);
            }
        }
        return end();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /// The pieces of a value between which it may be folded: where a single blank is, not after a
    /// backslash.
    static List<String> foldable(String value) {
        var pieces = new ArrayList<String>();
        int start = 0;
        for (int i = 1; i < value.length() - 1; i++) {
            char before = value.charAt(i - 1);
            // JavaMail takes a backslash before a fold for an escaped line end.
            if (value.charAt(i) == ' '
                    && before != ' '
                    && before != '\\'
                    && value.charAt(i + 1) != ' ') {
                pieces.add(value.substring(start, i));
                start = i + 1;
            }
        }
        if (start < value.length()) {
            pieces.add(value.substring(start));
        }
        return pieces;
    }

    /// Without blanks at both ends, which no reader keeps.
    static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && value.charAt(start) == ' ') {
            start++;
        }
        while (end > start && value.charAt(end - 1) == ' ') {
            end--;
        }
        return value.substring(start, end);
    }

    private void words(String value) {
        List<String> words = foldable(value);
        int first = 0;
        while (first < words.size() && !needsEncoding(words.get(first))) {
            first++;
        }
        int last = words.size() - 1;
        while (last >= first && !needsEncoding(words.get(last))) {
            last--;
        }
        words.subList(0, first).forEach(this::token);
        if (first <= last) {
            encoded(String.join(" ", words.subList(first, last + 1)));
        }
        words.subList(last + 1, words.size()).forEach(this::token);
    }

    /// What looks like an encoded-word and is none is encoded too, or a reader would decode it.
    private static boolean needsEncoding(String word) {
        return !isAscii(word)
                || word.length() > HeaderField.MAX_RUN
                || word.contains("=?") && ENCODED_WORD.matcher(word).find();
    }

    private void phrase(String name) {
        if (!isAscii(name) || name.contains("=?") || name.length() > MAX_QUOTED) {
            encoded(name);
        } else if (isAtoms(name)) {
            foldable(name).forEach(this::token);
        } else {
            token('"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
    }

    private static boolean isAtoms(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean atom = c < 0x80 && Character.isLetterOrDigit(c) || ATEXT.indexOf(c) >= 0;
            boolean single = c == ' ' && i > 0 && name.charAt(i - 1) != ' ';
            if (!atom && !single) {
                return false;
            }
        }
        return true;
    }

    private void encoded(String text) {
        int room = ENCODED_WIDTH - (out.length() - lineStart) - 1;
        if (room < LEAST_ROOM) {
            room = fresh ? LEAST_ROOM : EncodedWords.MAX;
        }
        EncodedWords.of(text, Math.min(room, EncodedWords.MAX))
                .forEach(word -> put(word, ENCODED_WIDTH));
    }

    private void token(String token) {
        put(token, WIDTH);
    }

    private void put(String token, int width) {
        if (!fresh && out.length() - lineStart + 1 + token.length() > width) {
            out.append("\r\n");
            lineStart = out.length();
        }
        out.append(' ').append(token);
        fresh = false;
    }

    private void start(String name) {
        lineStart = out.length();
        fresh = true;
        out.append(name).append(':');
    }

    private HeaderWriter end() {
        out.append("\r\n");
        return this;
    }
}
