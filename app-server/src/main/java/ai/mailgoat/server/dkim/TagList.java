package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimResult.Status;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A `tag=value; tag=value` list (RFC 6376, 3.2), with the place of each value. Empty entries are
/// let pass, as they are common in key records.
final class TagList {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /// @param from behind the `=`
    /// @param to at the `;` or the end
    private record Tag(String value, int from, int to) {}

    private final Map<String, Tag> tags;
    private final String first;

    private TagList(Map<String, Tag> tags, String first) {
        this.tags = tags;
        this.first = first;
    }

    /// @param status what a syntax error comes to
    static TagList parse(String text, Status status) throws Unverifiable {
        var tags = new HashMap<String, Tag>();
        var first = "";
        for (int at = 0; at < text.length(); ) {
            int semicolon = text.indexOf(';', at);
            int end = semicolon < 0 ? text.length() : semicolon;
            if (!isBlank(text, at, end)) {
                int equals = text.indexOf('=', at);
                if (equals < 0 || equals > end) {
                    throw new Unverifiable(status, "a tag without =");
                }
                var name = trim(text.substring(at, equals));
                if (!NAME.matcher(name).matches()) {
                    throw new Unverifiable(status, "not a tag name");
                }
                var value = trim(text.substring(equals + 1, end));
                if (value.chars().anyMatch(c -> c == 0x7f || c < ' ' && !isBlank((char) c))) {
                    throw new Unverifiable(status, "a control character in " + name + "=");
                }
                if (tags.put(name, new Tag(value, equals + 1, end)) != null) {
                    throw new Unverifiable(status, "the tag " + name + "= twice");
                }
                first = tags.size() == 1 ? name : first;
            }
            at = end + 1;
        }
        return new TagList(tags, first);
    }

    @Nullable String get(String name) {
        var tag = tags.get(name);
        return tag == null ? null : tag.value;
    }

    String get(String name, String fallback) {
        var value = get(name);
        return value == null ? fallback : value;
    }

    boolean has(String name) {
        return tags.containsKey(name);
    }

    /// The name of the first tag, or `""`.
    String first() {
        return first;
    }

    /// The text without the value of a tag that is there, blanks around it included.
    String without(String name, String text) {
        var tag = tags.get(name);
        return tag == null ? text : text.substring(0, tag.from) + text.substring(tag.to);
    }

    /// The items of a colon-separated value, lower case; empty when there is no such tag.
    List<String> items(String name) {
        var value = get(name);
        if (value == null) {
            return List.of();
        }
        return Pattern.compile(":")
                .splitAsStream(value)
                .map(item -> trim(item).toLowerCase(Locale.ROOT))
                .toList();
    }

    /// Decodes base64 with blanks in it.
    static byte[] base64(String value, Status status, String tag) throws Unverifiable {
        try {
            return Base64.getDecoder().decode(withoutBlanks(value));
        } catch (IllegalArgumentException e) {
            throw new Unverifiable(status, tag + "= is not base64");
        }
    }

    static String withoutBlanks(String value) {
        var text = new StringBuilder(value.length());
        value.chars().filter(c -> !isBlank((char) c)).forEach(c -> text.append((char) c));
        return text.toString();
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isBlank(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
