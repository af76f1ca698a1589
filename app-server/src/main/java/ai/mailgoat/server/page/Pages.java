package ai.mailgoat.server.page;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/// Where pages are made, and what they load: the style sheet and the logos.
///
/// ```java
/// var sheet = pages.of(call, team);
/// return sheet.answer(200, sheet.text("x.title"), Html.of("<h1>{}</h1>", sheet.text("x.title")));
/// ```
public final class Pages {
    private static final String PRODUCT = "MailGoat";
    private static final String FOR_A_YEAR = "public, max-age=31536000, immutable";

    private final Brands brands;
    private final String base;
    private final byte[] style = styleSheet();
    private final String styleFile = hash(style) + ".css";

    /// @param publicUrl where people reach the service, without trailing slash
    public Pages(Brands brands, String publicUrl) {
        this.brands = brands;
        this.base = Optional.ofNullable(URI.create(publicUrl).getRawPath()).orElse("");
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/pages/style/{file}", Access.PUBLIC, this::style)
                .get("/pages/logo/{file}", Access.PUBLIC, this::logo);
    }

    /// A page of a team, in its look and in the language that it or else the reader prefers.
    public Sheet of(Call call, TeamId team) {
        return sheet(call, brands.of(team));
    }

    /// A page of nobody in particular.
    public Sheet of(Call call) {
        return sheet(call, Brand.plain(PRODUCT));
    }

    private Sheet sheet(Call call, Brand brand) {
        var chosen = brand.options().language();
        var language =
                chosen != null
                        ? chosen
                        : Language.of(call.header().apply("accept-language").orElse(""));
        String logo = brand.logo();
        return new Sheet(
                brand,
                language,
                base + "/pages/style/" + styleFile,
                logo == null ? "" : base + "/pages/logo/" + logo);
    }

    private Answer style(Call call) {
        if (!call.parameter("file").equals(styleFile)) {
            throw ApiException.notFound("File");
        }
        return Answer.octets("text/css; charset=utf-8", style)
                .with("cache-control", FOR_A_YEAR)
                .with("x-content-type-options", "nosniff");
    }

    private Answer logo(Call call) {
        var logo =
                brands.logo(call.parameter("file"))
                        .orElseThrow(() -> ApiException.notFound("File"));
        return Answer.octets(logo.type(), logo.octets())
                .with("cache-control", FOR_A_YEAR)
                .with("content-security-policy", "default-src 'none'; sandbox")
                .with("x-content-type-options", "nosniff");
    }

    private static byte[] styleSheet() {
        try (var in = Pages.class.getResourceAsStream("style.css")) {
            return Objects.requireNonNull(in, "style.css").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] octets) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(octets);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
