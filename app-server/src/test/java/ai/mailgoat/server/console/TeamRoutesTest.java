package ai.mailgoat.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.apikey.ApiKeys;
import ai.mailgoat.server.apikey.Grants;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TeamRoutesTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private ApiKeys keys;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        var random = new SecureRandom();
        keys = new ApiKeys(teams.store, teams.clock(), teams.ids, random);
        new TeamRoutes(
                        teams.store,
                        new Teams(teams.store, teams.clock(), teams.ids, random),
                        keys,
                        new Grants(teams.store, keys, teams.clock(), teams.ids, random))
                .register(teams.endpoints);
    }

    @AfterEach
    void close() {
        keys.close();
        teams.close();
    }

    @Test
    void aTeamComesWithItsFirstKey() {
        var made = teams.call(teams.acme, "POST", "/v1/teams", "{\"name\":\"Newcomers\"}");
        assertEquals(201, made.status());
        assertEquals("Newcomers", made.text("name"));
        assertEquals("2026-03-01 10:00:00.123456+00", made.text("created_at"));
        String token = made.body().get("api_key").get("token").stringValue();
        var caller = keys.authenticate(token).orElseThrow();
        assertEquals(made.text("id"), caller.team().toString());
        assertEquals(Permission.FULL_ACCESS, caller.permission());

        var list = teams.call(teams.acme, "GET", "/v1/teams?limit=2", "").body();
        assertEquals(
                "{\"object\":\"team\",\"id\":\""
                        + made.text("id")
                        + "\",\"name\":\"Newcomers\",\"created_at\":\"2026-03-01 10:00:00.123456+00\"}",
                list.get("data").get(0).toString());
        assertEquals("Other", list.get("data").get(1).get("name").stringValue());
        assertTrue(list.get("has_more").booleanValue());
        var rest = teams.call(teams.acme, "GET", "/v1/teams?after=" + teams.other, "").body();
        assertEquals("Acme", rest.get("data").get(0).get("name").stringValue());
    }

    @Test
    void aTeamNeedsAName() {
        var bad =
                Map.of(
                        "{}", "Missing `name` field.",
                        "{\"name\":\" \"}", "Missing `name` field.",
                        "{\"name\":1}", "The `name` field must be a string.",
                        "{\"name\":\"a\\u0000\"}",
                                "Invalid `name` field. Control characters are not allowed.");
        bad.forEach((body, message) -> {
            var reply = teams.call(teams.acme, "POST", "/v1/teams", body);
            assertEquals(422, reply.status(), body);
            assertEquals(message, reply.text("message"), body);
        });
        assertEquals(2, teams.call(teams.acme, "GET", "/v1/teams", "").body().get("data").size());
    }

    @Test
    void aGrantShowsItsTokenOnce() {
        var made =
                teams.call(
                        teams.acme,
                        "POST",
                        "/v1/oauth/grants",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":[\"emails:send\"]}");
        assertEquals(201, made.status(), made.toString());
        assertEquals("oauth_grant", made.text("object"));
        assertEquals("Bearer", made.text("token_type"));
        assertEquals("[\"emails:send\"]", made.body().get("scopes").toString());
        var caller = keys.authenticate(made.text("access_token")).orElseThrow();
        assertEquals(teams.acme, caller.team());
        assertEquals(Principal.Kind.GRANT, caller.kind());

        var forOther =
                teams.call(
                        teams.acme,
                        "POST",
                        "/v1/oauth/grants",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":\"full_access\","
                                + "\"team_id\":\""
                                + teams.other
                                + "\"}");
        assertEquals(
                teams.other, keys.authenticate(forOther.text("access_token")).orElseThrow().team());
    }

    @Test
    void wrongGrantsAreRefused() {
        for (String body :
                List.of(
                        "{\"client_name\":\"Zap\",\"scopes\":[\"full_access\"]}",
                        "{\"client_id\":\"zap\",\"scopes\":[\"full_access\"]}",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\"}",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":[\"root\"]}",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":[7]}",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":[\"full_access\"],"
                                + "\"team_id\":\"x\"}")) {
            assertEquals(
                    422, teams.call(teams.acme, "POST", "/v1/oauth/grants", body).status(), body);
        }
        var stranger =
                teams.call(
                        teams.acme,
                        "POST",
                        "/v1/oauth/grants",
                        "{\"client_id\":\"zap\",\"client_name\":\"Zap\",\"scopes\":[\"full_access\"],"
                                + "\"team_id\":\""
                                + UUID.randomUUID()
                                + "\"}");
        assertEquals(404, stranger.status());
        assertEquals("Team not found", stranger.text("message"));
    }
}
