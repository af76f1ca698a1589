package ai.mailgoat.server.tracking;

import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jsoup.parser.Parser;

/// HTML whose links are exchanged while every other octet stays as its author wrote it. Tags are
/// found as browsers find them (HTML, 13.2.5), in one pass whatever the input; no tree is built.
/// Links in comments, which Outlook alone may show, stay as they are.
final class TaggedHtml {
    private static final Set<String> LINKS = Set.of("a", "area");

    /// Attributes by which an author keeps a link from being tracked.
    private static final Set<String> LEFT_ALONE = Set.of("data-no-track", "ses:no-track");

    /// What stands in these is no markup.
    private static final Set<String> RAW =
            Set.of(
                    "script",
                    "style",
                    "textarea",
                    "title",
                    "xmp",
                    "iframe",
                    "noembed",
                    "noframes",
                    "plaintext");

    private final String html;
    private final UnaryOperator<String> exchange;
    private final StringBuilder out;
    private int at;

    /// Up to where `html` stands in `out` already.
    private int copied;

    private TaggedHtml(String html, UnaryOperator<String> exchange) {
        this.html = html;
        this.exchange = exchange;
        this.out = new StringBuilder(html.length() + 1024);
    }

    /// @param exchange from a link, entities decoded, to the one in its place; the same to leave
    ///   it. What it makes needs no escaping.
    static String exchangeLinks(String html, UnaryOperator<String> exchange) {
        return new TaggedHtml(html, exchange).run();
    }

    /// Puts `markup` at the end of the body.
    static String append(String html, String markup) {
        int end = html.toLowerCase(Locale.ROOT).lastIndexOf("</body");
        // Lower case may have another length, outside of what mail is written in.
        boolean same = end >= 0 && html.regionMatches(true, end, "</body", 0, "</body".length());
        return same ? html.substring(0, end) + markup + html.substring(end) : html + markup;
    }

    private String run() {
        while (at >= 0 && at < html.length()) {
            int open = html.indexOf('<', at);
            if (open < 0 || open + 1 >= html.length()) {
                break;
            }
            at = open + 1;
            char next = html.charAt(at);
            if (html.startsWith("!--", at)) {
                jump("-->", at + 1);
            } else if (next == '!' || next == '?') {
                jump(">", at);
            } else if (next == '/' && at + 1 < html.length() && isLetter(html.charAt(at + 1))) {
                at++;
                tag(false);
            } else if (isLetter(next)) {
                tag(true);
            }
        }
        return out.append(html, copied, html.length()).toString();
    }

    /// Behind the next `end` from `from` on, or behind everything.
    private void jump(String end, int from) {
        int found = html.indexOf(end, from);
        at = found < 0 ? -1 : found + end.length();
    }

    private void tag(boolean opening) {
        String name = name(false);
        boolean wanted = opening && LINKS.contains(name);
        int valueFrom = -1;
        int valueTo = -1;
        boolean alone = false;
        while (true) {
            skipBlanks(true);
            if (at >= html.length()) {
                at = -1;
                return;
            }
            if (html.charAt(at) == '>') {
                at++;
                break;
            }
            String attribute = name(true);
            skipBlanks(false);
            int from = at;
            if (at < html.length() && html.charAt(at) == '=') {
                at++;
                skipBlanks(false);
                from = at;
                value();
                if (at < 0) {
                    return;
                }
            }
            alone |= LEFT_ALONE.contains(attribute);
            // Of an attribute that stands twice the first counts.
            if (wanted && valueFrom < 0 && attribute.equals("href")) {
                valueFrom = from;
                valueTo = at;
            }
        }
        if (valueTo > valueFrom && !alone) {
            exchange(valueFrom, valueTo);
        }
        if (opening && RAW.contains(name)) {
            skipRaw("</" + name);
        }
    }

    private void exchange(int from, int to) {
        char first = html.charAt(from);
        boolean quoted = first == '"' || first == '\'';
        String written = quoted ? html.substring(from + 1, to - 1) : html.substring(from, to);
        String link = Parser.unescapeEntities(written, true);
        String other = exchange.apply(link);
        if (!other.equals(link)) {
            out.append(html, copied, from).append('"').append(other).append('"');
            copied = to;
        }
    }

    /// @param attribute whether a `=` may begin it and ends it otherwise
    private String name(boolean attribute) {
        int from = at;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (isBlank(c) || c == '/' || c == '>' || attribute && c == '=' && at > from) {
                break;
            }
            at++;
        }
        return html.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private void value() {
        if (at >= html.length()) {
            at = -1;
            return;
        }
        char quote = html.charAt(at);
        if (quote == '"' || quote == '\'') {
            int end = html.indexOf(quote, at + 1);
            at = end < 0 ? -1 : end + 1;
            return;
        }
        while (at < html.length() && !isBlank(html.charAt(at)) && html.charAt(at) != '>') {
            at++;
        }
    }

    private void skipBlanks(boolean slashes) {
        while (at < html.length()
                && (isBlank(html.charAt(at)) || slashes && html.charAt(at) == '/')) {
            at++;
        }
    }

    private void skipRaw(String end) {
        int found = at;
        while (found >= 0 && !html.regionMatches(true, found, end, 0, end.length())) {
            found = html.indexOf('<', found + 1);
        }
        at = found;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
