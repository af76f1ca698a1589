package ai.mailgoat.server.page;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a team's pages look and what they say.
///
/// @param name who writes
/// @param logo the key of the picture, `null` without one
/// @param logoType its media type
/// @param updatedAt `null` when nothing was ever chosen
record Brand(
        String name,
        BrandOptions options,
        @Nullable String logo,
        @Nullable String logoType,
        @Nullable Instant updatedAt) {

    /// Without anything of its own.
    static Brand plain(String name) {
        return new Brand(name, BrandOptions.NONE, null, null, null);
    }

    /// The team's own words in a language, by key.
    Map<String, String> texts(Language language) {
        return options.texts().getOrDefault(language.tag(), Map.of());
    }
}
