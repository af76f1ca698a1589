package ai.mailgoat.server.merge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The line that mail readers show beside the subject, put where they look for it: at the start of
/// the HTML's body, hidden from who opens the mail.
final class PreviewText {
    private static final String HIDDEN =
            "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all\">";

    /// Characters that a reader shows at most; blanks fill them, so that the body does not follow.
    private static final int SHOWN = 150;

    private PreviewText() {}

    /// @param preview plain text, in which places may stand; nothing changes when it is blank
    static String into(String html, @Nullable String preview) {
        if (preview == null || preview.isBlank()) {
            return html;
        }
        String blanks = "&nbsp;&zwnj;".repeat(Math.max(0, SHOWN - preview.length()));
        int at = start(html);
        return html.substring(0, at)
                + HIDDEN
                + MergeText.escaped(preview)
                + blanks
                + "</div>"
                + html.substring(at);
    }

    /// Where what is shown begins.
    private static int start(String html) {
        for (String tag : List.of("<body", "</head", "<html", "<!doctype")) {
            int end = afterTag(html, tag);
            if (end >= 0) {
                return end;
            }
        }
        return 0;
    }

    /// The end of the first such tag outside of comments, or -1.
    private static int afterTag(String html, String tag) {
        int at = html.indexOf('<');
        while (at >= 0) {
            if (html.startsWith("<!--", at)) {
                int end = html.indexOf("-->", at + 4);
                if (end < 0) {
                    return -1;
                }
                at = end + 2;
            } else if (isTag(html, at, tag)) {
                return endOfTag(html, at + tag.length());
            }
            at = html.indexOf('<', at + 1);
        }
        return -1;
    }

    private static boolean isTag(String html, int at, String tag) {
        int end = at + tag.length();
        return html.regionMatches(true, at, tag, 0, tag.length())
                && end < html.length()
                && (html.charAt(end) == '>' || Character.isWhitespace(html.charAt(end)));
    }

    private static int endOfTag(String html, int from) {
        char quote = 0;
        for (int i = from; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return i + 1;
            }
        }
        return -1;
    }
}
