package ai.mailgoat.server.page;

import java.util.Collection;
import java.util.stream.Collectors;

/// Markup that is safe to show. Whatever is put into it is escaped, unless it is markup itself.
///
/// ```java
/// Html.of("<a href=\"{}\">{}</a>", url, title)
/// ```
public record Html(String markup) {
    public static final Html NONE = new Html("");

    private static final String PLACE = "{}";

    /// @param template markup as the program has it, never what somebody wrote; each `{}` in it is
    ///   a place for one value, also inside of an attribute in double quotes
    /// @param values in the order of their places: {@link Html} as it is, all others escaped
    /// @throws IllegalArgumentException when there are more or fewer values than places
    public static Html of(String template, Object... values) {
        var out = new StringBuilder(template.length() + 64);
        int from = 0;
        for (var value : values) {
            int at = template.indexOf(PLACE, from);
            if (at < 0) {
                throw new IllegalArgumentException("more values than places in: " + template);
            }
            out.append(template, from, at);
            if (value instanceof Html(var markup)) {
                out.append(markup);
            } else {
                escape(String.valueOf(value), out);
            }
            from = at + PLACE.length();
        }
        if (template.indexOf(PLACE, from) >= 0) {
            throw new IllegalArgumentException("fewer values than places in: " + template);
        }
        return new Html(out.append(template, from, template.length()).toString());
    }

    /// One after the other.
    public static Html all(Collection<Html> parts) {
        return new Html(parts.stream().map(Html::markup).collect(Collectors.joining()));
    }

    public Html and(Html next) {
        return new Html(markup + next.markup);
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\0' -> out.append('\ufffd');
                default -> out.append(c);
            }
        }
    }
}
