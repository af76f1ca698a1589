package ai.mailgoat.server.template;

import ai.mailgoat.server.http.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A text with `{{{KEY}}}` in it, taken apart once. Nothing else is a placeholder: `{{KEY}}` stays
/// as it is, and there is no logic.
///
/// @param pieces plain text and keys in turn, plain text first and last
record Placeholders(List<String> pieces) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\{([^{}]*)}}}");

    static Placeholders of(String text) {
        var pieces = new ArrayList<String>();
        var matcher = PLACE.matcher(text);
        int done = 0;
        while (matcher.find()) {
            pieces.add(text.substring(done, matcher.start()));
            pieces.add(matcher.group(1).strip());
            done = matcher.end();
        }
        pieces.add(text.substring(done));
        return new Placeholders(List.copyOf(pieces));
    }

    /// Whatever stands between triple braces, in order of appearance.
    Set<String> keys() {
        var keys = new LinkedHashSet<String>();
        for (int i = 1; i < pieces.size(); i += 2) {
            keys.add(pieces.get(i));
        }
        return keys;
    }

    /// The text with every placeholder replaced. Values go in as they are, also into HTML: triple
    /// braces mean that nothing is escaped, so who sends must escape what strangers wrote.
    ///
    /// @param values by key; must have them all
    /// @param max characters of the whole
    /// @throws ApiException 422 when it gets longer
    String fill(Map<String, String> values, int max) {
        var text = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            text.append(i % 2 == 0 ? pieces.get(i) : values.get(pieces.get(i)));
            if (text.length() > max) {
                throw ApiException.validation(
                        "The template is too large with these variables: at most "
                                + max
                                + " characters.");
            }
        }
        return text.toString();
    }
}
