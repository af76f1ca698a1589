package ai.mailgoat.server.page;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `/brand`.
public final class BrandRoutes {
    /// For the head of the part.
    private static final long BESIDE_IT = 16 * 1024;

    private final Brands brands;
    private final String publicUrl;

    /// @param publicUrl base of the logo's URL, without trailing slash
    public BrandRoutes(Brands brands, String publicUrl) {
        this.brands = brands;
        this.publicUrl = publicUrl;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/brand", Access.FULL, this::get)
                .patch("/brand", Access.FULL, this::update)
                .upload("/brand/logo", Access.FULL, Logo.MAX_OCTETS + BESIDE_IT, this::setLogo)
                .delete("/brand/logo", Access.FULL, this::removeLogo);
    }

    private Answer get(Call call) {
        return answer(brands.of(call.principal().team()));
    }

    private Answer update(Call call) {
        var change = BrandRequest.of(call.body());
        return answer(brands.change(call.principal().team(), change::apply));
    }

    private Answer setLogo(Call call) {
        var logo = new Logo[1];
        call.form("file", content -> logo[0] = Logo.of(content.readNBytes(Logo.MAX_OCTETS + 1)));
        return answer(brands.setLogo(call.principal().team(), logo[0]));
    }

    private Answer removeLogo(Call call) {
        return answer(brands.removeLogo(call.principal().team()));
    }

    private Answer answer(Brand brand) {
        var options = brand.options();
        var language = options.language();
        return Answer.ok(
                new BrandBody(
                        "brand",
                        brand.name(),
                        Optional.ofNullable(brand.logo())
                                .map(logo -> publicUrl + "/pages/logo/" + logo)
                                .orElse(null),
                        options.websiteUrl(),
                        options.imprintUrl(),
                        options.privacyUrl(),
                        options.accentColor(),
                        options.backgroundColor(),
                        options.footer(),
                        language == null ? null : language.name().toLowerCase(Locale.ROOT),
                        options.texts(),
                        Optional.ofNullable(brand.updatedAt())
                                .map(ApiTime::postgres)
                                .orElse(null)));
    }

    private record BrandBody(
            String object,
            String name,
            @Nullable String logoUrl,
            @Nullable String websiteUrl,
            @Nullable String imprintUrl,
            @Nullable String privacyUrl,
            @Nullable String accentColor,
            @Nullable String backgroundColor,
            @Nullable String footer,
            @Nullable String language,
            Map<String, Map<String, String>> texts,
            @Nullable String updatedAt) {}
}
