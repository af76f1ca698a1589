package ai.mailgoat.server.page;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a team chose for its pages, as it is kept; `null` where it chose nothing.
///
/// @param name who writes, instead of the team's name
/// @param accentColor of buttons and links, `#rrggbb`
/// @param backgroundColor behind the card in the light, `#rrggbb`
/// @param footer one line below every page
/// @param language of all pages, whatever their readers prefer
/// @param texts by the tag of the language and by key; they replace the standard ones
record BrandOptions(
        @Nullable String name,
        @Nullable String websiteUrl,
        @Nullable String imprintUrl,
        @Nullable String privacyUrl,
        @Nullable String accentColor,
        @Nullable String backgroundColor,
        @Nullable String footer,
        @Nullable Language language,
        Map<String, Map<String, String>> texts) {
    static final BrandOptions NONE =
            new BrandOptions(null, null, null, null, null, null, null, null, Map.of());
}
