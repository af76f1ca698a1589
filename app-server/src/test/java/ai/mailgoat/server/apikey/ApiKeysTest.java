package ai.mailgoat.server.apikey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiKeysTest {
    @TempDir Path dataDir;
    private TwoTeams teams;
    private ApiKeys keys;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        keys = new ApiKeys(teams.store, teams.clock(), teams.ids, new SecureRandom());
        new ApiKeyRoutes(keys).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        keys.close();
        teams.close();
    }

    @Test
    void aTokenTellsWhoHoldsIt() {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        assertTrue(key.token().matches("re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}"), key.token());
        var expected = new Principal(teams.acme, key.id(), Permission.FULL_ACCESS, null);
        assertEquals(Optional.of(expected), keys.authenticate(key.token()));
        assertEquals(Optional.of(expected), keys.authenticate(key.token()), "from the cache");
    }

    @Test
    void anythingElseIsNobodysKey() {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        keys.authenticate(key.token());
        String token = key.token();
        char last = token.charAt(token.length() - 1);
        String wrongSecret = token.substring(0, token.length() - 1) + (last == 'x' ? 'y' : 'x');
        for (String bad :
                new String[] {
                    "",
                    "re_",
                    wrongSecret,
                    token + "x",
                    token.substring(1),
                    token.toUpperCase(java.util.Locale.ROOT),
                    "re_abcdefgh_abcdefghijklmnopqrstuvwx",
                    "re_abcdefgh_abcdefghijklmnopqrstuvw\u0000",
                    "é".repeat(36)
                }) {
            assertEquals(Optional.empty(), keys.authenticate(bad), bad);
        }
    }

    @Test
    void aRevokedKeyIsRefusedAsSoonAsTheRevocationReturns() {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        assertTrue(keys.authenticate(key.token()).isPresent());
        assertTrue(keys.revoke(teams.acme, key.id()));
        assertEquals(Optional.empty(), keys.authenticate(key.token()));
        assertFalse(keys.revoke(teams.acme, key.id()));
    }

    @Test
    void aRevocationHoldsAgainstRequestsThatRunAtTheSameTime() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                var key = create(teams.acme, Permission.FULL_ACCESS, null);
                var stop = new AtomicBoolean();
                var running = new CountDownLatch(2);
                for (int i = 0; i < 2; i++) {
                    var _ =
                            threads.submit(() -> {
                                running.countDown();
                                while (!stop.get()) {
                                    keys.authenticate(key.token());
                                }
                            });
                }
                running.await();
                try {
                    keys.revoke(teams.acme, key.id());
                    assertEquals(Optional.empty(), keys.authenticate(key.token()));
                } finally {
                    stop.set(true);
                }
            }
        }
    }

    @Test
    void theTokenIsNowhereInTheDatabase() throws Exception {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        String secret = key.token().substring(12);
        assertFalse(key.toString().contains(secret));
        try (var files = Files.walk(dataDir)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(content.contains(secret), file.toString());
            }
        }
    }

    @Test
    void lastUseIsWrittenOnceAMinute() {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        assertEquals(Optional.empty(), lastUsed(key.id()));
        keys.authenticate(key.token());
        keys.flush();
        assertEquals(Optional.of(TwoTeams.START), lastUsed(key.id()));
        teams.pass(Duration.ofSeconds(59));
        keys.authenticate(key.token());
        keys.flush();
        assertEquals(Optional.of(TwoTeams.START), lastUsed(key.id()));
        teams.pass(Duration.ofSeconds(1));
        keys.authenticate(key.token());
        keys.flush();
        assertEquals(Optional.of(TwoTeams.START.plusSeconds(60)), lastUsed(key.id()));
    }

    @Test
    void keysBoundToADomainGoWithIt() {
        var domain = domain(teams.acme);
        var bound = create(teams.acme, Permission.SENDING_ACCESS, domain);
        var free = create(teams.acme, Permission.SENDING_ACCESS, null);
        assertEquals(domain, keys.authenticate(bound.token()).orElseThrow().domain());
        teams.store.write(tx -> {
            keys.revokeBoundTo(tx, domain);
            return true;
        });
        assertEquals(Optional.empty(), keys.authenticate(bound.token()));
        assertTrue(keys.authenticate(free.token()).isPresent());
    }

    @Test
    void aKeyCannotBeBoundToAnotherTeamsDomain() {
        var domain = domain(teams.other);
        var refused =
                assertThrows(
                        ApiException.class,
                        () -> create(teams.acme, Permission.SENDING_ACCESS, domain));
        assertEquals(404, refused.status());
        var reply =
                teams.call(
                        teams.acme,
                        "POST",
                        "/api-keys",
                        "{\"name\":\"x\",\"permission\":\"sending_access\",\"domain_id\":\""
                                + domain
                                + "\"}");
        assertEquals(404, reply.status());
    }

    @Test
    void theRoutesMakeListRenameAndRevoke() {
        var created = teams.call(teams.acme, "POST", "/api-keys", "{\"name\":\"Production\"}");
        assertEquals(201, created.status());
        assertEquals(2, created.body().size());
        String id = created.text("id");
        keys.authenticate(created.text("token"));
        keys.flush();

        var list = teams.call(teams.acme, "GET", "/api-keys", "");
        assertEquals("list", list.text("object"));
        assertFalse(list.body().get("has_more").booleanValue());
        var item = list.body().get("data").get(0);
        assertEquals(
                "{\"id\":\""
                        + id
                        + "\",\"name\":\"Production\",\"created_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"last_used_at\":\"2026-03-01 10:00:00.123456+00\","
                        + "\"permission\":\"full_access\",\"domain_id\":null}",
                item.toString());

        var renamed = teams.call(teams.acme, "PATCH", "/api-keys/" + id, "{\"name\":\"Web\"}");
        assertEquals("{\"object\":\"api_key\",\"id\":\"" + id + "\"}", renamed.body().toString());
        assertEquals("Web", list(teams.acme).getFirst().name());

        var deleted = teams.call(teams.acme, "DELETE", "/api-keys/" + id, "{}");
        assertEquals(
                "{\"object\":\"api_key\",\"id\":\"" + id + "\",\"deleted\":true}",
                deleted.body().toString());
        var again = teams.call(teams.acme, "DELETE", "/api-keys/" + id, "");
        assertEquals(404, again.status());
        assertEquals("API key not found", again.text("message"));
        assertEquals("not_found", again.text("name"));
    }

    @Test
    void teamsDoNotSeeEachOthersKeys() {
        var key = create(teams.acme, Permission.FULL_ACCESS, null);
        assertEquals(0, teams.call(teams.other, "GET", "/api-keys", "").body().get("data").size());
        assertEquals(
                404,
                teams.call(teams.other, "PATCH", "/api-keys/" + key.id(), "{\"name\":\"x\"}")
                        .status());
        assertEquals(404, teams.call(teams.other, "DELETE", "/api-keys/" + key.id(), "").status());
        assertTrue(keys.authenticate(key.token()).isPresent());
    }

    @Test
    void badRequestsAreRefusedByName() {
        assertRefused("{}", 422, "missing_required_field", "Missing `name` field.");
        assertRefused(
                "{\"name\":\"" + "x".repeat(51) + "\"}",
                422,
                "validation_error",
                "The `name` field must have at most 50 characters.");
        assertRefused(
                "{\"name\":\"x\",\"permission\":\"root\"}",
                422,
                "validation_error",
                "Invalid `permission` field. It must be one of: full_access, sending_access.");
        assertRefused(
                "{\"name\":\"x\",\"permission\":\"sending_access\",\"domain_id\":\"7\"}",
                422,
                "invalid_parameter",
                "The `domain_id` must be a valid UUID.");
        assertRefused(
                "{\"name\":\"x\",\"domain_id\":\"" + UUID.randomUUID() + "\"}",
                422,
                "validation_error",
                "The `domain_id` field can only be used with the `sending_access` permission.");
        var badId = teams.call(teams.acme, "DELETE", "/api-keys/7", "");
        assertEquals("The `id` must be a valid UUID.", badId.text("message"));
        assertEquals(201, post("{\"name\":\"" + "☃".repeat(50) + "\"}").status());
    }

    @Test
    void listsArePagedFromTheNewest() {
        for (int i = 0; i < 5; i++) {
            post("{\"name\":\"k" + i + "\"}");
        }
        var first = teams.call(teams.acme, "GET", "/api-keys?limit=2", "");
        assertTrue(first.body().get("has_more").booleanValue());
        assertEquals("k4", first.body().get("data").get(0).get("name").stringValue());
        String last = first.body().get("data").get(1).get("id").stringValue();
        var second = teams.call(teams.acme, "GET", "/api-keys?limit=3&after=" + last, "");
        assertFalse(second.body().get("has_more").booleanValue());
        assertEquals("k0", second.body().get("data").get(2).get("name").stringValue());
    }

    @Test
    void twoTokensAreNeverTheSame() {
        assertNotEquals(
                Token.random(new SecureRandom(), Token.KEY).text(),
                Token.random(new SecureRandom(), Token.KEY).text());
    }

    private TwoTeams.Reply post(String body) {
        return teams.call(teams.acme, "POST", "/api-keys", body);
    }

    private void assertRefused(String body, int status, String name, String message) {
        var reply = post(body);
        assertEquals(status, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(message, reply.text("message"));
    }

    private NewApiKey create(TeamId team, Permission permission, @Nullable DomainId domain) {
        return keys.create(team, "key", permission, domain);
    }

    private java.util.List<ApiKey> list(TeamId team) {
        return keys.list(team, new Page(20, null, null));
    }

    private Optional<Instant> lastUsed(ApiKeyId id) {
        return list(teams.acme).stream()
                .filter(k -> k.id().equals(id))
                .map(ApiKey::lastUsedAt)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private DomainId domain(TeamId team) {
        var id = new DomainId(teams.ids.next());
        teams.store.write(tx ->
                tx.update(
                        """
                        INSERT INTO domain (id, team_id, name, region, status, return_path_label,
                            tls, open_tracking, click_tracking, sending, receiving, created_at)
                        VALUES (?, ?, ?, 'us-east-1', 'VERIFIED', 'send', 'OPPORTUNISTIC', FALSE,
                            FALSE, TRUE, FALSE, ?)\
                        """,
                        id.value(),
                        team.value(),
                        id + ".example",
                        TwoTeams.START));
        return id;
    }
}
