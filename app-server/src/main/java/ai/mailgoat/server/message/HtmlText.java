package ai.mailgoat.server.message;

import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;

/// Plain text derived from HTML, for readers who want no HTML and filters that distrust mail
/// without text.
///
/// Paragraphs and headings stand apart by an empty line, a row of a table is a line, list items
/// begin with `- ` or their number, a link is `text (url)`, an image its `alt`. What is not shown
/// (head, style, script, comments, `hidden`, `display:none`) is left out.
public final class HtmlText {
    /// Open elements; what nests deeper is flattened. Keeps the parser linear.
    private static final int MAX_DEPTH = 256;

    /// Characters of HTML that are read; a mail client clips at a tenth of that.
    private static final int MAX_LENGTH = 1_000_000;

    private static final Set<String> SKIPPED =
            Set.of(
                    "head",
                    "title",
                    "style",
                    "script",
                    "template",
                    "noscript",
                    "iframe",
                    "object",
                    "svg",
                    "math",
                    "audio",
                    "video",
                    "select",
                    "textarea",
                    "button");

    private static final Set<String> APART =
            Set.of(
                    "p",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "ul",
                    "ol",
                    "dl",
                    "table",
                    "blockquote",
                    "pre",
                    "figure");

    private static final Set<String> BLOCKS =
            Set.of(
                    "div",
                    "section",
                    "article",
                    "header",
                    "footer",
                    "main",
                    "nav",
                    "aside",
                    "address",
                    "center",
                    "form",
                    "fieldset",
                    "figcaption",
                    "dt",
                    "dd",
                    "tr",
                    "caption",
                    "hr",
                    "li",
                    "details",
                    "summary");

    private HtmlText() {}

    /// @param html of any length; what is beyond a million characters is not read
    /// @return lines ended by LF, without blanks at their ends, no two empty lines in a row; empty
    ///   when nothing is shown
    public static String of(String html) {
        var parser = Parser.htmlParser();
        parser.setMaxDepth(MAX_DEPTH);
        var body = parser.parseInput(capped(html), "").body();
        var rendering = new Rendering();
        body.filter(rendering);
        return rendering.lines.toString();
    }

    private static String capped(String html) {
        if (html.length() <= MAX_LENGTH) {
            return html;
        }
        boolean split = Character.isHighSurrogate(html.charAt(MAX_LENGTH - 1));
        return html.substring(0, split ? MAX_LENGTH - 1 : MAX_LENGTH);
    }

    private static final class Rendering implements NodeFilter {
        private final TextLines lines = new TextLines();

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode text) {
                lines.text(text.getWholeText());
                return FilterResult.CONTINUE;
            }
            if (!(node instanceof Element element)) {
                return FilterResult.CONTINUE;
            }
            if (SKIPPED.contains(element.normalName()) || isHidden(element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            open(element);
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element) {
                close(element);
            }
            return FilterResult.CONTINUE;
        }

        private void open(Element element) {
            String name = element.normalName();
            separate(name, element);
            switch (name) {
                case "br" -> lines.lineBreak();
                case "hr" -> lines.text("----");
                case "img" -> lines.text(element.attr("alt"));
                case "td", "th" -> lines.cell();
                case "ul" -> lines.openList(false);
                case "ol" -> lines.openList(true);
                case "li" -> lines.item();
                case "pre" -> lines.preformatted(true);
                case "a" -> lines.openLink();
                default -> {}
            }
        }

        private void close(Element element) {
            String name = element.normalName();
            switch (name) {
                case "ul", "ol" -> lines.closeList();
                case "li" -> lines.closeItem();
                case "pre" -> lines.preformatted(false);
                case "a" -> lines.closeLink(element.attr("href").strip());
                default -> {}
            }
            separate(name, element);
        }

        private void separate(String name, Element element) {
            if (APART.contains(name) && !isNestedList(element)) {
                lines.gap();
            } else if (APART.contains(name) || BLOCKS.contains(name)) {
                lines.newLine();
            }
        }

        private static boolean isNestedList(Element element) {
            var parent = element.parent();
            String name = element.normalName();
            return parent != null
                    && (name.equals("ul") || name.equals("ol"))
                    && parent.normalName().equals("li");
        }

        /// The preview line of most templates is hidden this way.
        private static boolean isHidden(Element element) {
            if (element.hasAttr("hidden")) {
                return true;
            }
            String style = element.attr("style");
            return !style.isEmpty()
                    && style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
        }
    }
}
