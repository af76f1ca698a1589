package ai.mailgoat.server.console;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.apikey.ApiKeys;
import ai.mailgoat.server.apikey.Grants;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.team.Teams.Team;
import java.util.List;
import java.util.UUID;

/// `/v1/teams` and `/v1/oauth/grants`: who there is, and what applications may do for them.
public final class TeamRoutes {
    private static final int MAX_NAME = 200;

    private final Store store;
    private final Teams teams;
    private final ApiKeys keys;
    private final Grants grants;

    public TeamRoutes(Store store, Teams teams, ApiKeys keys, Grants grants) {
        this.store = store;
        this.teams = teams;
        this.keys = keys;
        this.grants = grants;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/v1/teams", Access.FULL, this::create)
                .get("/v1/teams", Access.FULL, this::list)
                .post("/v1/oauth/grants", Access.FULL, this::grant);
    }

    // A team without a key could do nothing.
    private Answer create(Call call) {
        String name = call.body().requiredText("name", MAX_NAME);
        return store.write(tx -> {
            var team = teams.create(tx, name);
            var key = keys.create(tx, team.id(), "First key", Permission.FULL_ACCESS, null);
            return Answer.created(
                    new Made(
                            "team",
                            team.id().value(),
                            team.name(),
                            ApiTime.postgres(team.createdAt()),
                            new Key(key.id().value(), key.token())));
        });
    }

    private Answer list(Call call) {
        var page = call.page();
        return Answer.ok(page.list(teams.list(page).stream().map(Item::of).toList()));
    }

    private Answer grant(Call call) {
        var body = call.body();
        String clientId = body.requiredText("client_id", MAX_NAME);
        String clientName = body.requiredText("client_name", MAX_NAME);
        var team = body.uuid("team_id").map(TeamId::new).orElse(call.principal().team());
        if (teams.name(team).isEmpty()) {
            throw ApiException.notFound("Team");
        }
        var scopes = body.strings("scopes");
        var made = grants.create(team, clientId, clientName, scopes);
        return Answer.created(
                new Granted(
                        "oauth_grant",
                        made.id().value(),
                        clientId,
                        scopes,
                        "Bearer",
                        made.token()));
    }

    record Made(String object, UUID id, String name, String createdAt, Key apiKey) {}

    record Key(UUID id, String token) {}

    record Item(String object, UUID id, String name, String createdAt) {
        static Item of(Team team) {
            return new Item(
                    "team", team.id().value(), team.name(), ApiTime.postgres(team.createdAt()));
        }
    }

    record Granted(
            String object,
            UUID id,
            String clientId,
            List<String> scopes,
            String tokenType,
            String accessToken) {}
}
