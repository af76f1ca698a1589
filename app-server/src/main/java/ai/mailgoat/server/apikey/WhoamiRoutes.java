package ai.mailgoat.server.apikey;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HttpSettings;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.usage.Usage;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `/whoami`: what a key is and may do, also for a key that may only send. A way to try a key
/// without sending.
public final class WhoamiRoutes {
    private final ApiKeys keys;
    private final Teams teams;
    private final Usage usage;
    private final HttpSettings settings;

    /// @param settings of the listener, for its limits
    public WhoamiRoutes(ApiKeys keys, Teams teams, Usage usage, HttpSettings settings) {
        this.keys = keys;
        this.teams = teams;
        this.usage = usage;
        this.settings = settings;
    }

    public void register(Endpoints endpoints) {
        endpoints.get("/whoami", Access.SENDING, this::get);
    }

    private Answer get(Call call) {
        var caller = call.principal();
        // A key may be revoked between its recognition and this.
        var holder = keys.holder(caller).orElseThrow(() -> ApiException.notFound("API key"));
        var team = teams.name(caller.team()).orElseThrow(() -> ApiException.notFound("Team"));
        int rate = settings.ratePerSecond();
        return Answer.ok(
                new Body(
                        "whoami",
                        new Team(caller.team().value(), team),
                        new Key(
                                caller.kind().name().toLowerCase(Locale.ROOT),
                                caller.key().value(),
                                holder.name(),
                                caller.permission().apiName(),
                                caller.domain() == null
                                        ? null
                                        : new Domain(caller.domain().value(), holder.domain())),
                        new Rate(rate == 0 ? null : rate, "1s", settings.routeRates()),
                        usage.standing(caller.team())));
    }

    record Body(String object, Team team, Key apiKey, Rate rateLimit, Usage.Standing quotas) {}

    record Team(UUID id, String name) {}

    /// @param type `api_key`, or `grant` for an access token, whose client `name` is then
    record Key(String type, UUID id, String name, String permission, @Nullable Domain domain) {}

    record Domain(UUID id, @Nullable String name) {}

    record Rate(@Nullable Integer limit, String duration, Map<String, Integer> routes) {}
}
