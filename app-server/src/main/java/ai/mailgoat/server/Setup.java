package ai.mailgoat.server;

import ai.mailgoat.common.api.DomainView;
import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.apikey.ApiKeys;
import ai.mailgoat.server.domain.Domains;
import ai.mailgoat.server.domain.NewDomain;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.team.Teams;
import org.jspecify.annotations.Nullable;

/// The first run, which may be repeated: a team, its administrator, an API key, a domain. What is
/// there already stays; each run makes a new API key, since the token of an old one cannot be shown
/// again.
public final class Setup {
    private static final String TEAM = "MailGoat";

    private final Store store;
    private final Teams teams;
    private final ApiKeys keys;
    private final Domains domains;

    Setup(Store store, Teams teams, ApiKeys keys, Domains domains) {
        this.store = store;
        this.teams = teams;
        this.keys = keys;
        this.domains = domains;
    }

    /// Sets up on the data of `config`, with no service running there.
    public static SetupResult run(ai.mailgoat.server.config.Config config, SetupRequest request) {
        try (var appliance = Appliance.open(config)) {
            return appliance.setup().run(request);
        }
    }

    /// @throws ai.mailgoat.server.http.ApiException when the domain may not be registered
    public SetupResult run(SetupRequest request) {
        var domain = request.domain() == null ? null : NewDomain.of(request.domain());
        TeamId team = store.write(tx -> teams.ensureDefault(tx, TEAM, request.adminEmail()));
        var email = request.adminEmail();
        var password = request.adminPassword();
        if (email != null && password != null) {
            var hash = teams.hash(password);
            store.write(tx -> {
                teams.setAdmin(tx, team, email, hash);
                return true;
            });
        }
        @Nullable DomainView body = null;
        if (domain != null) {
            var view =
                    domains.find(team, domain.name()).orElseGet(() -> domains.create(team, domain));
            body = Json.read(Json.bytes(domains.body(view)), DomainView.class);
        }
        var key = store.write(tx -> keys.create(tx, team, "setup", Permission.FULL_ACCESS, null));
        return new SetupResult(email, key.token(), body);
    }
}
