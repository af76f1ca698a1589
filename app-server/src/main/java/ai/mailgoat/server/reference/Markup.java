package ai.mailgoat.server.reference;

import java.util.regex.Pattern;

/// Texts of the document as HTML: paragraphs, `code`, *emphasis*, [links](#here) within the page,
/// headings, and blocks of code.
final class Markup {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\((#[A-Za-z0-9-]+)\\)");
    private static final Pattern EMPHASIS = Pattern.compile("\\*([^*]+)\\*");
    private static final String FENCE = "```";
    private static final String HEADING = "## ";

    private Markup() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// One line, without a paragraph around it.
    static String line(String text) {
        var html = LINK.matcher(escape(text.strip())).replaceAll("<a href=\"$2\">$1</a>");
        html = EMPHASIS.matcher(html).replaceAll("<em>$1</em>");
        return CODE.matcher(html).replaceAll("<code>$1</code>");
    }

    /// Any number of paragraphs.
    static String blocks(String text) {
        var html = new StringBuilder();
        for (String block : text.strip().split("\n\n", -1)) {
            if (block.startsWith(FENCE)) {
                String code = block.substring(block.indexOf('\n') + 1, block.lastIndexOf(FENCE));
                html.append("<pre><code>").append(escape(code.strip())).append("</code></pre>\n");
            } else if (block.startsWith(HEADING)) {
                String heading = block.substring(HEADING.length());
                html.append("<h3 id=\"")
                        .append(anchor(heading))
                        .append("\">")
                        .append(line(heading))
                        .append("</h3>\n");
            } else {
                html.append("<p>").append(line(block.replace('\n', ' '))).append("</p>\n");
            }
        }
        return html.toString();
    }

    /// A name for a place on the page.
    static String anchor(String text) {
        return text.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
