package ai.mailgoat.server.domain;

import ai.mailgoat.server.domain.Domain.Settings;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import java.util.List;

/// Reads the bodies of requests about domains.
final class DomainRequests {

    /// The names that clients know; .NET's and Rust's know no others.
    private static final List<String> REGIONS =
            List.of("us-east-1", "eu-west-1", "sa-east-1", "ap-northeast-1");

    private enum Switch {
        ENABLED,
        DISABLED
    }

    private DomainRequests() {}

    static NewDomain create(JsonBody body) {
        var name = DomainNames.registrable(body.requiredString("name"));
        String region =
                body.string("region").filter(r -> !r.isEmpty()).orElse(NewDomain.DEFAULT_REGION);
        if (!REGIONS.contains(region)) {
            throw ApiException.validation(
                    "Invalid `region` field. It must be one of: "
                            + String.join(", ", REGIONS)
                            + ".");
        }
        String returnPath =
                body.string("custom_return_path")
                        .filter(label -> !label.isEmpty())
                        .map(DomainNames::returnPathLabel)
                        .orElse(NewDomain.DEFAULT_RETURN_PATH);
        return new NewDomain(name, region, returnPath, settings(body, Settings.DEFAULT));
    }

    /// `before` with what the body changes; absent fields stay. A `tracking_subdomain` of `null`
    /// takes it away.
    static Settings settings(JsonBody body, Settings before) {
        var capabilities = body.object("capabilities");
        var tracking = body.string("tracking_subdomain").filter(label -> !label.isEmpty());
        var settings =
                new Settings(
                        body.constant("tls", TlsPolicy.class).orElse(before.tls()),
                        body.bool("open_tracking").orElse(before.openTracking()),
                        body.bool("click_tracking").orElse(before.clickTracking()),
                        body.has("tracking_subdomain")
                                ? tracking.map(DomainNames::trackingLabel).orElse(null)
                                : before.trackingSubdomain(),
                        capabilities
                                .map(c -> enabled(c, "sending", before.sending()))
                                .orElse(before.sending()),
                        capabilities
                                .map(c -> enabled(c, "receiving", before.receiving()))
                                .orElse(before.receiving()));
        if (!settings.sending() && !settings.receiving()) {
            throw ApiException.validation("At least one of the `capabilities` must be enabled.");
        }
        return settings;
    }

    private static boolean enabled(JsonBody capabilities, String field, boolean before) {
        return capabilities
                .constant(field, Switch.class)
                .map(value -> value == Switch.ENABLED)
                .orElse(before);
    }
}
