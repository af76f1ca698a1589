package ai.mailgoat.server.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HttpSettings;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.team.Teams;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.usage.Quotas;
import ai.mailgoat.server.usage.Usage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhoamiTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private ApiKeys keys;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        keys = new ApiKeys(teams.store, teams.clock(), teams.ids, new SecureRandom());
        var usage = new Usage(teams.store, new Quotas(0, 500), teams.clock());
        teams.store.write(tx -> {
            usage.count(tx, teams.acme, 3);
            return true;
        });
        var settings = new HttpSettings("127.0.0.1", 0, 1, 10, teams.clock());
        new WhoamiRoutes(
                        keys,
                        new Teams(teams.store, teams.clock(), teams.ids, new SecureRandom()),
                        usage,
                        settings.withRouteRates(Map.of("POST /emails", 2)))
                .register(teams.endpoints);
    }

    @AfterEach
    void close() {
        keys.close();
        teams.close();
    }

    @Test
    void aKeyLearnsWhatItIs() {
        var key = keys.create(teams.acme, "CI", Permission.FULL_ACCESS, null);
        var caller = keys.authenticate(key.token()).orElseThrow();
        assertEquals(
                "{\"object\":\"whoami\",\"team\":{\"id\":\""
                        + teams.acme
                        + "\",\"name\":\"Acme\"},\"api_key\":{\"type\":\"api_key\",\"id\":\""
                        + key.id()
                        + "\",\"name\":\"CI\",\"permission\":\"full_access\",\"domain\":null},"
                        + "\"rate_limit\":{\"limit\":10,\"duration\":\"1s\","
                        + "\"routes\":{\"POST /emails\":2}},"
                        + "\"quotas\":{\"daily\":{\"used\":3,\"limit\":null},"
                        + "\"monthly\":{\"used\":3,\"limit\":500}}}",
                teams.call(caller, "GET", "/whoami", "").body().toString());
    }

    @Test
    void aKeyThatMaySendFromOneDomainLearnsWhich() {
        var domain = new DomainId(teams.ids.next());
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO domain (id, team_id, name, region, status, return_path_label,
                            tls, open_tracking, click_tracking, sending, receiving, created_at)
                        VALUES (?, ?, 'acme.example', 'us-east-1', 'VERIFIED', 'send',
                            'OPPORTUNISTIC', FALSE, FALSE, TRUE, FALSE, ?)\
                        """,
                        domain.value(),
                        teams.acme.value(),
                        TwoTeams.START));
        var key = keys.create(teams.acme, "Shop", Permission.SENDING_ACCESS, domain);
        var caller = keys.authenticate(key.token()).orElseThrow();
        var told = teams.call(caller, "GET", "/whoami", "").body().get("api_key");
        assertEquals("sending_access", told.get("permission").stringValue());
        assertEquals(
                "{\"id\":\"" + domain + "\",\"name\":\"acme.example\"}",
                told.get("domain").toString());
        assertTrue(
                teams.endpoints.all().stream()
                        .filter(e -> e.path().equals("/whoami"))
                        .allMatch(e -> e.access() == Access.SENDING));
    }

    @Test
    void aKeyThatWasJustRevokedIsGone() {
        var key = keys.create(teams.acme, "CI", Permission.FULL_ACCESS, null);
        var caller = keys.authenticate(key.token()).orElseThrow();
        keys.revoke(teams.acme, key.id());
        var refused = teams.call(caller, "GET", "/whoami", "");
        assertEquals(404, refused.status());
        assertEquals("API key not found", refused.text("message"));
    }
}
