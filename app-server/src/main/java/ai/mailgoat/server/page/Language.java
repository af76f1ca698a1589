package ai.mailgoat.server.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The languages pages speak.
public enum Language {
    EN(Locale.ENGLISH),
    DE(Locale.GERMAN);

    /// Nobody needs more to say which languages they read.
    private static final int MAX_HEADER = 200;

    private final Locale locale;

    Language(Locale locale) {
        this.locale = locale;
    }

    public Locale locale() {
        return locale;
    }

    /// As in the attribute `lang`.
    public String tag() {
        return locale.toLanguageTag();
    }

    /// The one a reader likes best; English when it is none of them.
    ///
    /// @param accepted the field `Accept-Language` (RFC 9110, 12.5.4), or empty
    static Language of(String accepted) {
        try {
            var ranges =
                    Locale.LanguageRange.parse(
                            accepted.substring(0, Math.min(accepted.length(), MAX_HEADER)));
            List<Locale> known = Arrays.stream(values()).map(Language::locale).toList();
            var best = Locale.lookup(ranges, known);
            return best == null ? EN : values()[known.indexOf(best)];
        } catch (IllegalArgumentException e) {
            return EN;
        }
    }
}
