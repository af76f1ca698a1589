package ai.mailgoat.server.page;

import ai.mailgoat.server.http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One page in the making: whose it is, which language it speaks, what its browser may do. The
/// feature gives the content; the head, the frame around it and the header fields are made here.
/// Immutable.
public final class Sheet {
    private static final String SELF = "'self'";
    private static final String NOTHING = "'none'";

    private final Brand brand;
    private final Language language;
    private final Texts texts;
    private final String style;
    private final String logo;
    private final String colors;
    private final List<String> kinds;
    private final Map<String, String> policy;

    /// @param style path of the style sheet
    /// @param logo path of the logo, or empty
    Sheet(Brand brand, Language language, String style, String logo) {
        this(
                brand,
                language,
                style,
                logo,
                Palette.css(
                        color(brand.options().accentColor()),
                        color(brand.options().backgroundColor())),
                List.of(),
                Map.of());
    }

    private Sheet(
            Brand brand,
            Language language,
            String style,
            String logo,
            String colors,
            List<String> kinds,
            Map<String, String> policy) {
        this.brand = brand;
        this.language = language;
        this.texts = new Texts(language, brand.texts(language));
        this.style = style;
        this.logo = logo;
        this.colors = colors;
        this.kinds = kinds;
        this.policy = policy;
    }

    public Language language() {
        return language;
    }

    /// Who the page is from: the brand's or the team's name.
    public String name() {
        return brand.name();
    }

    /// The colours of a button of a mail that belongs to the page, as declarations of CSS.
    public String buttonColors() {
        return Palette.button(color(brand.options().accentColor()));
    }

    /// A text in the page's language, in the team's words if it has any for it.
    ///
    /// @param values take the places of `{0}`, `{1}` and so on
    public String text(String key, Object... values) {
        return texts.get(key, values);
    }

    /// The page as it stands inside of any other site's frame: without logo, footer and ground.
    public Sheet embedded() {
        return kind("embedded").allowing("frame-ancestors", "*");
    }

    /// The page with room for more than a form.
    public Sheet wide() {
        return kind("wide");
    }

    /// With another rule of the Content-Security-Policy.
    ///
    /// @param directive such as `form-action`
    /// @param sources all of them, such as `'self' https://example.com`
    public Sheet allowing(String directive, String sources) {
        var more = new LinkedHashMap<>(policy);
        more.put(directive, sources);
        return new Sheet(brand, language, style, logo, colors, kinds, more);
    }

    /// A page of one heading and one paragraph.
    ///
    /// @param title a text's key
    /// @param words a text's key
    public Answer notice(int status, String title, String words) {
        return answer(
                status, text(title), Html.of("<h1>{}</h1>\n<p>{}</p>\n", text(title), text(words)));
    }

    /// The page for a link that leads nowhere: 404.
    public Answer nothingHere() {
        return notice(404, "page.nothing.title", "page.nothing.text");
    }

    /// The page for a link that did lead somewhere: 410.
    public Answer expired() {
        return notice(410, "page.expired.title", "page.expired.text");
    }

    /// @param title for the browser's tab; the team's name is added
    /// @param content what stands in `main`, its `h1` first
    public Answer answer(int status, String title, Html content) {
        return Answer.html(status, document(title, content).markup())
                .with("content-security-policy", contentSecurityPolicy())
                .with("referrer-policy", "no-referrer")
                .with("x-content-type-options", "nosniff")
                .with("x-robots-tag", "noindex")
                .with("cache-control", "private, no-store")
                .with("content-language", language.tag())
                .with("vary", "accept-language");
    }

    private Html document(String title, Html content) {
        return Html.of(
                """
                <!doctype html>
                <html lang="{}">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="robots" content="noindex">
                <title>{}</title>
                {}<link rel="stylesheet" href="{}">
                {}</head>
                <body class="{}">
                {}<main>
                {}</main>
                {}</body>
                </html>
                """,
                language.tag(),
                brand.name().isBlank() ? title : title + " · " + brand.name(),
                logo.isEmpty() ? Html.NONE : Html.of("<link rel=\"icon\" href=\"{}\">\n", logo),
                style,
                // Only colours that were parsed and written anew stand in it.
                colors.isEmpty() ? Html.NONE : new Html("<style>" + colors + "</style>\n"),
                String.join(" ", kinds),
                isEmbedded() ? Html.NONE : header(),
                content,
                isEmbedded() ? Html.NONE : footer());
    }

    private Html header() {
        if (logo.isEmpty() && brand.name().isBlank()) {
            return Html.NONE;
        }
        var sign =
                logo.isEmpty()
                        ? Html.of("{}", brand.name())
                        : Html.of("<img src=\"{}\" alt=\"{}\">", logo, brand.name());
        String site = brand.options().websiteUrl();
        return Html.of(
                "<header>{}</header>\n",
                site == null ? sign : Html.of("<a href=\"{}\">{}</a>", site, sign));
    }

    private Html footer() {
        var options = brand.options();
        var parts = new ArrayList<Html>();
        if (options.footer() != null) {
            parts.add(Html.of("<p>{}</p>", options.footer()));
        }
        var links = new LinkedHashMap<String, String>();
        if (options.imprintUrl() != null) {
            links.put(text("page.imprint"), options.imprintUrl());
        }
        if (options.privacyUrl() != null) {
            links.put(text("page.privacy"), options.privacyUrl());
        }
        if (!links.isEmpty()) {
            var all = new ArrayList<Html>();
            links.forEach((words, url) -> all.add(Html.of("<a href=\"{}\">{}</a> ", url, words)));
            parts.add(Html.of("<p>{}</p>", Html.all(all)));
        }
        return parts.isEmpty() ? Html.NONE : Html.of("<footer>{}</footer>\n", Html.all(parts));
    }

    private String contentSecurityPolicy() {
        var rules = new LinkedHashMap<String, String>();
        rules.put("default-src", NOTHING);
        rules.put("style-src", colors.isEmpty() ? SELF : SELF + " '" + hash(colors) + "'");
        rules.put("img-src", SELF);
        rules.put("form-action", SELF);
        rules.put("base-uri", NOTHING);
        rules.put("frame-ancestors", NOTHING);
        rules.putAll(policy);
        return rules.entrySet().stream()
                .map(rule -> rule.getKey() + " " + rule.getValue())
                .collect(Collectors.joining("; "));
    }

    private boolean isEmbedded() {
        return kinds.contains("embedded");
    }

    private Sheet kind(String kind) {
        var more = new ArrayList<>(kinds);
        more.add(kind);
        return new Sheet(brand, language, style, logo, colors, more, policy);
    }

    private static @Nullable Color color(@Nullable String text) {
        return text == null ? null : Color.parse(text).orElse(null);
    }

    private static String hash(String style) {
        try {
            byte[] octets = style.getBytes(StandardCharsets.UTF_8);
            return "sha256-"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
