package ai.mailgoat.server.merge;

import ai.mailgoat.server.smtp.HeaderText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text with places for what is known of its reader, taken apart once. A place is
/// `{{{contact.first_name}}}` or, as it used to be written, `{{{FIRST_NAME}}}`; properties are
/// `{{{contact.plan}}}` or `{{{plan}}}`. After a bar stands what is said when nothing is known:
/// `{{{contact.first_name|friend}}}`.
///
/// Both spellings have one canonical key: `contact.first_name`, `contact.last_name`,
/// `contact.email`, `contact.` and the key of a property, or {@link #UNSUBSCRIBE_URL}.
public final class MergeText {
    /// Where the reader says that no more is wanted. Also written `{{{RESEND_UNSUBSCRIBE_URL}}}`
    /// and `{{{UNSUBSCRIBE_URL}}}`.
    public static final String UNSUBSCRIBE_URL = "unsubscribe_url";

    /// What canonical keys of contacts begin with: what strangers may have written.
    static final String CONTACT = "contact.";

    private static final String OPEN = "{{{";
    private static final String CLOSE = "}}}";
    private static final Pattern NAME = Pattern.compile("(?:contact\\.)?([A-Za-z0-9_]{1,50})");

    /// With values of a thousand characters a text cannot grow beyond bounds.
    private static final int MAX_PLACES = 1_000;

    private static final int MAX_LINE = 2_000;
    private static final int SHOWN = 40;

    private final List<String> plain;
    private final List<Place> places;

    /// @param fallback what the author wrote behind the bar; `null` for none, which is not the same
    ///   as nothing
    /// @param standard what else holds for all, as plain text
    private record Place(String key, @Nullable String fallback, @Nullable String standard) {}

    private MergeText(List<String> plain, List<Place> places) {
        this.plain = plain;
        this.places = places;
    }

    /// @throws MalformedMergeException when braces are left open, hold no name, or are too many
    public static MergeText parse(String text) {
        var plain = new ArrayList<String>();
        var places = new ArrayList<Place>();
        int done = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, done)) {
            int close = text.indexOf(CLOSE, open + OPEN.length());
            if (close < 0) {
                throw new MalformedMergeException(
                        "has `" + shown(text, open, text.length()) + "` without `}}}` behind it");
            }
            plain.add(text.substring(done, open));
            places.add(place(text, open, close));
            done = close + CLOSE.length();
            if (places.size() > MAX_PLACES) {
                throw new MalformedMergeException(
                        "has more than " + MAX_PLACES + " places to be filled");
            }
        }
        plain.add(text.substring(done));
        return new MergeText(List.copyOf(plain), List.copyOf(places));
    }

    private static Place place(String text, int open, int close) {
        String inside = text.substring(open + OPEN.length(), close);
        int bar = inside.indexOf('|');
        var name = NAME.matcher((bar < 0 ? inside : inside.substring(0, bar)).strip());
        if (!name.matches() || inside.contains(OPEN)) {
            throw new MalformedMergeException(
                    "has `"
                            + shown(text, open, close + CLOSE.length())
                            + "`, which names nothing: expected `{{{contact.first_name|fallback}}}` and the like");
        }
        return new Place(
                canonical(name.group(1)), bar < 0 ? null : inside.substring(bar + 1).strip(), null);
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "first_name", "last_name", "email" -> CONTACT + lower;
            case "unsubscribe_url", "resend_unsubscribe_url" -> UNSUBSCRIBE_URL;
            default -> CONTACT + name;
        };
    }

    private static String shown(String text, int from, int to) {
        return to - from <= SHOWN
                ? text.substring(from, to)
                : text.substring(from, from + SHOWN) + "...";
    }

    /// The canonical keys of all places.
    public Set<String> keys() {
        var keys = new LinkedHashSet<String>();
        places.forEach(place -> keys.add(place.key()));
        return keys;
    }

    /// The canonical keys of places that say nothing when nothing is known.
    public Set<String> bareKeys() {
        var keys = new LinkedHashSet<String>();
        places.stream()
                .filter(place -> place.fallback() == null)
                .forEach(place -> keys.add(place.key()));
        return keys;
    }

    /// The same text, in which places without a fallback of their own have these.
    ///
    /// @param fallbacks plain text by canonical key
    public MergeText withFallbacks(Map<String, String> fallbacks) {
        return new MergeText(
                plain,
                places.stream()
                        .map(p -> new Place(p.key(), p.fallback(), fallbacks.get(p.key())))
                        .toList());
    }

    /// The text for one reader. A value that is missing or blank gives way to the fallback, and
    /// without one to nothing.
    ///
    /// @param values by canonical key
    public String fill(Map<String, String> values) {
        return fill(values, false);
    }

    /// The same of HTML: what is known of contacts is escaped, since strangers type it into forms,
    /// and so are the fallbacks of properties. What the author wrote into the HTML itself is not.
    public String fillHtml(Map<String, String> values) {
        return fill(values, true);
    }

    /// The same of a line, such as a subject: without line breaks and control characters, and no
    /// longer than a subject may be.
    public String fillLine(Map<String, String> values) {
        String line = fill(values, false);
        var clean = new StringBuilder(line.length());
        line.codePoints()
                .forEach(c -> {
                    String one = Character.toString(c);
                    clean.append(HeaderText.isSafe(one) ? one : " ");
                });
        if (clean.length() <= MAX_LINE) {
            return clean.toString();
        }
        boolean split = Character.isHighSurrogate(clean.charAt(MAX_LINE - 1));
        return clean.substring(0, split ? MAX_LINE - 1 : MAX_LINE);
    }

    private String fill(Map<String, String> values, boolean html) {
        var text = new StringBuilder(plain.getFirst());
        for (int i = 0; i < places.size(); i++) {
            text.append(said(places.get(i), values, html)).append(plain.get(i + 1));
        }
        return text.toString();
    }

    private static String said(Place place, Map<String, String> values, boolean html) {
        String value = values.get(place.key());
        if (value == null || value.isBlank()) {
            if (place.fallback() != null) {
                return place.fallback();
            }
            value = Objects.requireNonNullElse(place.standard(), "");
        }
        return html && place.key().startsWith(CONTACT) ? escaped(value) : value;
    }

    /// Text as it stands in HTML, also within quotes.
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
