package ai.mailgoat.server.message;

import java.util.ArrayDeque;
import java.util.Locale;

/// Lines of plain text in the making. Blanks and line ends are only owed until the next visible
/// character comes, so none are left at the ends of lines, in runs, or at the end of the text.
final class TextLines {
    /// Deeper lists are not indented further.
    private static final int MAX_INDENT = 8;

    private static final String CELL_GAP = "  ";

    private final StringBuilder out = new StringBuilder();
    private final ArrayDeque<List> lists = new ArrayDeque<>();
    private final ArrayDeque<Integer> links = new ArrayDeque<>();
    private String bullet = "";
    private String blank = "";
    private String joiner = "";
    private int lineEnds;
    private int preformatted;

    private static final class List {
        private final boolean ordered;
        private int count;

        private List(boolean ordered) {
            this.ordered = ordered;
        }
    }

    void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (preformatted > 0 && c == '\n') {
                lineBreak();
            } else if (preformatted > 0 && c == ' ') {
                blank += blank.length() < 80 ? " " : "";
            } else if (isBlank(c)) {
                if (blank.isEmpty()) {
                    blank = " ";
                }
            } else if (c == '\u200c' || c == '\u200d') {
                // Spelling inside a word, and glue inside emoji; stuffing anywhere else.
                joiner = String.valueOf(c);
            } else if (!isInvisible(c)) {
                settle();
                out.append(c);
            }
        }
    }

    /// A forced line end, as of `br`: two of them make an empty line.
    void lineBreak() {
        lineEnds = Math.min(2, lineEnds + 1);
        blank = "";
    }

    /// What follows begins a line.
    void newLine() {
        lineEnds = Math.max(1, lineEnds);
        blank = "";
    }

    /// What follows stands apart by an empty line.
    void gap() {
        lineEnds = 2;
        blank = "";
    }

    void cell() {
        blank = CELL_GAP;
    }

    void preformatted(boolean begins) {
        preformatted += begins ? 1 : -1;
    }

    void openList(boolean ordered) {
        lists.push(new List(ordered));
    }

    void closeList() {
        lists.pop();
    }

    void item() {
        var list = lists.peek();
        bullet = list != null && list.ordered ? ++list.count + ". " : "- ";
    }

    void closeItem() {
        bullet = "";
    }

    void openLink() {
        links.push(out.length());
    }

    /// Names the target, unless the text of the link already does.
    void closeLink(String href) {
        int start = links.pop();
        String lower = href.toLowerCase(Locale.ROOT);
        boolean outside =
                lower.startsWith("https:")
                        || lower.startsWith("http:")
                        || lower.startsWith("mailto:")
                        || lower.startsWith("tel:");
        if (!outside || href.chars().anyMatch(Character::isWhitespace)) {
            return;
        }
        int visible = out.length() - start;
        if (visible == 0) {
            text(href);
        } else if (visible > href.length() + 2 || !says(out.substring(start), href)) {
            blank = " ";
            text("(" + href + ")");
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private static boolean says(String text, String href) {
        String shown = bare(text.strip());
        return shown.equalsIgnoreCase(bare(href));
    }

    private static String bare(String target) {
        String bare = target.replaceFirst("(?i)^(https?://|mailto:|tel:)", "");
        return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
    }

    /// Writes the line ends, the indentation and the blank that are owed.
    private void settle() {
        boolean starts = out.isEmpty();
        if (lineEnds > 0 && !starts) {
            out.append("\n".repeat(lineEnds));
            starts = true;
        }
        if (starts) {
            int indent = 2 * Math.min(lists.size(), MAX_INDENT);
            out.append(" ".repeat(Math.max(0, indent - (bullet.isEmpty() ? 0 : 2))));
            out.append(bullet);
            bullet = "";
            out.append(preformatted > 0 ? blank : "");
        } else {
            out.append(blank.isEmpty() ? joiner : blank);
        }
        lineEnds = 0;
        blank = "";
        joiner = "";
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || c == '\u00a0';
    }

    /// What fills up the preview line of a mail: zero-width space, BOM, soft hyphen, grapheme
    /// joiner.
    private static boolean isInvisible(char c) {
        return switch (c) {
            case '\u200b', '\ufeff', '\u00ad', '\u034f' -> true;
            default -> Character.isISOControl(c);
        };
    }
}
