package ai.mailgoat.server.page;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a request changes of a brand. A field that is not there stays; `null` or an empty text
/// takes the choice back.
record BrandRequest(UnaryOperator<BrandOptions> change) {
    private static final int MAX_NAME = 100;
    private static final int MAX_URL = 2_000;
    private static final int MAX_FOOTER = 500;
    private static final int MAX_TEXT = 2_000;

    BrandOptions apply(BrandOptions old) {
        return change.apply(old);
    }

    /// @throws ApiException 422 that names the field
    static BrandRequest of(JsonBody body) {
        var given =
                new BrandOptions(
                        chosen(body, "name", MAX_NAME),
                        url(body, "website_url"),
                        url(body, "imprint_url"),
                        url(body, "privacy_url"),
                        color(body, "accent_color"),
                        color(body, "background_color"),
                        chosen(body, "footer", MAX_FOOTER),
                        body.constant("language", Language.class).orElse(null),
                        body.object("texts").map(BrandRequest::texts).orElse(Map.of()));
        return new BrandRequest(old ->
                new BrandOptions(
                        body.has("name") ? given.name() : old.name(),
                        body.has("website_url") ? given.websiteUrl() : old.websiteUrl(),
                        body.has("imprint_url") ? given.imprintUrl() : old.imprintUrl(),
                        body.has("privacy_url") ? given.privacyUrl() : old.privacyUrl(),
                        body.has("accent_color") ? given.accentColor() : old.accentColor(),
                        body.has("background_color")
                                ? given.backgroundColor()
                                : old.backgroundColor(),
                        body.has("footer") ? given.footer() : old.footer(),
                        body.has("language") ? given.language() : old.language(),
                        body.has("texts") ? given.texts() : old.texts()));
    }

    private static @Nullable String chosen(JsonBody body, String field, int max) {
        return body.text(field, max).map(String::strip).filter(s -> !s.isEmpty()).orElse(null);
    }

    private static @Nullable String url(JsonBody body, String field) {
        String text = chosen(body, field, MAX_URL);
        if (text != null && !isWeb(text)) {
            throw ApiException.validation(
                    "Invalid `" + field + "` field. It must be a URL with http or https.");
        }
        return text;
    }

    private static boolean isWeb(String text) {
        try {
            var url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            return (scheme.equals("https") || scheme.equals("http")) && url.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable String color(JsonBody body, String field) {
        String text = chosen(body, field, MAX_URL);
        if (text == null) {
            return null;
        }
        return Color.parse(text)
                .map(Color::css)
                .orElseThrow(() ->
                        ApiException.validation(
                                "Invalid `"
                                        + field
                                        + "` field. It must be a color such as `#0f6b52`."));
    }

    private static Map<String, Map<String, String>> texts(JsonBody body) {
        var tags = Arrays.stream(Language.values()).map(Language::tag).toList();
        for (String tag : body.tree().propertyNames()) {
            if (!tags.contains(tag)) {
                throw ApiException.validation(
                        "Invalid `texts` field. Its languages are: "
                                + String.join(", ", tags)
                                + ".");
            }
        }
        var all = new TreeMap<String, Map<String, String>>();
        for (var language : Language.values()) {
            body.object(language.tag())
                    .map(texts -> texts(texts, language))
                    .ifPresent(texts -> all.put(language.tag(), texts));
        }
        return all;
    }

    private static Map<String, String> texts(JsonBody body, Language language) {
        var known = Texts.standard(language);
        var texts = new TreeMap<String, String>();
        for (String key : body.tree().propertyNames()) {
            if (!known.containsKey(key)) {
                throw ApiException.validation(
                        "Invalid `texts` field. There is no text of that name in `"
                                + language.tag()
                                + "`.");
            }
            String words = chosen(body, key, MAX_TEXT);
            if (words != null) {
                texts.put(key, words);
            }
        }
        return texts;
    }
}
