package ai.mailgoat.server.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HttpServer;
import ai.mailgoat.server.http.HttpSettings;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.http.RequestLog;
import ai.mailgoat.server.team.TwoTeams;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrantsTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private ApiKeys keys;
    private Grants grants;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        keys = new ApiKeys(teams.store, teams.clock(), teams.ids, new SecureRandom());
        grants = new Grants(teams.store, keys, teams.clock(), teams.ids, new SecureRandom());
        new GrantRoutes(grants).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        keys.close();
        teams.close();
    }

    private NewApiKey grant(String... scopes) {
        return grants.create(teams.acme, "client-1", "Zap & Co", List.of(scopes));
    }

    private TwoTeams.Reply revoke(NewApiKey grant) {
        return teams.call(teams.acme, "DELETE", "/oauth/grants/" + grant.id(), "{}");
    }

    @Test
    void aTokenTellsWhoHoldsIt() {
        var full = grant("emails:send", "full_access");
        assertTrue(full.token().matches("mgo_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"), full.token());
        var expected =
                new Principal(
                        teams.acme, full.id(), Permission.FULL_ACCESS, null, Principal.Kind.GRANT);
        assertEquals(Optional.of(expected), keys.authenticate(full.token()));
        assertEquals(Optional.of(expected), keys.authenticate(full.token()), "from the cache");
        assertTrue(keys.isValid(expected));
        var sending = keys.authenticate(grant("emails:send").token()).orElseThrow();
        assertEquals(Permission.SENDING_ACCESS, sending.permission());
        String wrong = full.token().substring(0, full.token().length() - 1) + "~";
        for (String bad : List.of(wrong, "mgo_", full.token() + "x", full.token().substring(4))) {
            assertEquals(Optional.empty(), keys.authenticate(bad), bad);
        }
    }

    @Test
    void theListShowsAllAndTheRevoked() {
        var first = grant("emails:send", "full_access");
        var second = grant("emails:send");
        revoke(second);
        assertEquals(
                "[{\"object\":\"oauth_grant\",\"id\":\""
                        + second.id()
                        + "\",\"client_id\":\"client-1\",\"scopes\":[\"emails:send\"],"
                        + "\"created_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"revoked_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"revoked_reason\":\"revoked_by_team\","
                        + "\"client\":{\"name\":\"Zap & Co\",\"logo_uri\":null}},"
                        + "{\"object\":\"oauth_grant\",\"id\":\""
                        + first.id()
                        + "\",\"client_id\":\"client-1\",\"scopes\":[\"emails:send\",\"full_access\"],"
                        + "\"created_at\":\"2026-03-01 10:00:00.123456+00\",\"revoked_at\":null,"
                        + "\"revoked_reason\":null,"
                        + "\"client\":{\"name\":\"Zap & Co\",\"logo_uri\":null}}]",
                teams.call(teams.acme, "GET", "/oauth/grants", "").body().get("data").toString());
        var page = teams.call(teams.acme, "GET", "/oauth/grants?limit=1", "").body();
        assertTrue(page.get("has_more").booleanValue());
        assertEquals(1, page.get("data").size());
        var next =
                teams.call(teams.acme, "GET", "/oauth/grants?limit=1&after=" + second.id(), "")
                        .body();
        assertEquals(first.id().toString(), next.get("data").get(0).get("id").stringValue());
        assertFalse(next.get("has_more").booleanValue());
        var back =
                teams.call(teams.acme, "GET", "/oauth/grants?limit=1&before=" + first.id(), "")
                        .body();
        assertEquals(second.id().toString(), back.get("data").get(0).get("id").stringValue());
    }

    @Test
    void aRevokedTokenIsRefusedAtOnce() {
        var grant = grant("full_access");
        var caller = keys.authenticate(grant.token()).orElseThrow();
        var revoked = revoke(grant);
        assertEquals(
                "{\"object\":\"oauth_grant\",\"id\":\""
                        + grant.id()
                        + "\",\"revoked_at\":\"2026-03-01T10:00:00.123Z\","
                        + "\"revoked_reason\":\"revoked_by_team\"}",
                revoked.body().toString());
        assertEquals(Optional.empty(), keys.authenticate(grant.token()));
        assertFalse(keys.isValid(caller));
        teams.pass(java.time.Duration.ofDays(1));
        assertEquals(revoked.body(), revoke(grant).body(), "once more changes nothing");
    }

    @Test
    void anotherTeamsGrantIsNotFound() {
        var grant = grant("full_access");
        var foreign = teams.call(teams.other, "DELETE", "/oauth/grants/" + grant.id(), "");
        assertEquals(404, foreign.status());
        assertEquals("OAuth grant not found", foreign.text("message"));
        assertTrue(keys.authenticate(grant.token()).isPresent());
        assertEquals(
                0, teams.call(teams.other, "GET", "/oauth/grants", "").body().get("data").size());
        assertEquals(422, teams.call(teams.acme, "DELETE", "/oauth/grants/x", "").status());
        // A grant is no API key and the other way round.
        assertFalse(keys.revoke(teams.acme, grant.id()));
        var key = keys.create(teams.acme, "CI", Permission.FULL_ACCESS, null);
        assertEquals(
                404, teams.call(teams.acme, "DELETE", "/oauth/grants/" + key.id(), "").status());
    }

    @Test
    void scopesAreChecked() {
        var none = assertThrows(ApiException.class, () -> grant());
        assertEquals("Missing `scopes` field.", none.getMessage());
        var unknown = assertThrows(ApiException.class, () -> grant("emails:send", "all"));
        assertEquals(
                "Invalid `scopes` field. It must be one of: full_access, emails:send.",
                unknown.getMessage());
    }

    @Test
    void itsLastUseIsWrittenDown() {
        var grant = grant("full_access");
        keys.authenticate(grant.token());
        keys.flush();
        int used =
                teams.store.read(tx ->
                        tx.first(
                                        "SELECT COUNT(*) AS n FROM oauth_grant WHERE last_used_at = ?",
                                        row -> row.integer("n"),
                                        TwoTeams.START)
                                .orElseThrow());
        assertEquals(1, used);
    }

    @Test
    void outsideItsScopesATokenIsForbidden() throws Exception {
        var endpoints =
                new Endpoints()
                        .get("/domains", Access.FULL, call -> Answer.ok(Map.of()))
                        .get("/whoami", Access.SENDING, call -> Answer.ok(Map.of()));
        var settings = new HttpSettings("127.0.0.1", 0, 1 << 20, 0, Clock.systemUTC());
        try (var server = new HttpServer(settings, endpoints, keys, RequestLog.debug()).start();
                var client = HttpClient.newHttpClient()) {
            String sending = grant("emails:send").token();
            var answers =
                    new String[] {
                        get(client, server, "/whoami", sending),
                        get(client, server, "/domains", sending),
                        get(client, server, "/domains", grant("full_access").token()),
                        get(
                                client,
                                server,
                                "/domains",
                                keys.create(teams.acme, "a", Permission.SENDING_ACCESS, null)
                                        .token())
                    };
            assertEquals("200 {}", answers[0]);
            assertEquals(
                    "403 {\"statusCode\":403,\"message\":\"This access token does not have the"
                            + " scopes that this endpoint needs.\",\"name\":\"invalid_permission\"}",
                    answers[1]);
            assertEquals("200 {}", answers[2]);
            assertTrue(answers[3].startsWith("401 "), answers[3]);
        }
    }

    private static String get(HttpClient client, HttpServer server, String path, String token)
            throws Exception {
        var answer =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + path))
                                .header("authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
