package ai.mailgoat.server.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UsageTest {
    @TempDir Path dataDir;
    private TwoTeams teams;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    private Usage usage(long daily, long monthly) {
        return new Usage(teams.store, new Quotas(daily, monthly), teams.clock());
    }

    private void count(Usage usage, TeamId team, int recipients) {
        teams.store.write(tx -> {
            usage.count(tx, team, recipients);
            return true;
        });
    }

    private static Map<String, String> told(Usage usage, TeamId team) {
        return usage.tell(team, Answer.ok(Map.of())).headers();
    }

    @Test
    void theAnswerHasEveryNumber() {
        var usage = usage(100, 0);
        new UsageRoutes(usage, 10).register(teams.endpoints);
        count(usage, teams.acme, 3);
        teams.pass(Duration.ofDays(1));
        count(usage, teams.acme, 2);
        count(usage, teams.other, 50);
        teams.store.write(tx -> {
            usage.countReceived(tx, teams.acme, 4);
            return tx.update(
                    "INSERT INTO segment (id, team_id, name, created_at) VALUES (?, ?, 'a', ?)",
                    teams.ids.next(),
                    teams.acme.value(),
                    teams.clock().instant());
        });
        assertEquals(
                "{\"object\":\"usage\",\"emails\":{"
                        + "\"daily\":{\"used\":6,\"limit\":100,\"sent\":2,\"received\":4,"
                        + "\"resets_at\":\"2026-03-03T00:00:00.000Z\"},"
                        + "\"monthly\":{\"used\":9,\"limit\":null,\"sent\":5,\"received\":4,"
                        + "\"resets_at\":\"2026-04-01T00:00:00.000Z\"}},"
                        + "\"contacts\":{\"used\":0,\"limit\":null},"
                        + "\"segments\":{\"used\":1,\"limit\":null},"
                        + "\"broadcasts\":{\"used\":0,\"limit\":null},"
                        + "\"ai_credits\":{\"used\":0,\"limit\":null,\"next_increase_at\":null},"
                        + "\"automation_runs\":{\"used\":0,\"limit\":null,"
                        + "\"resets_at\":\"2026-04-01T00:00:00.000Z\"},"
                        + "\"domains\":{\"used\":0,\"limit\":null},"
                        + "\"rate_limit\":{\"limit\":10,\"duration\":\"1s\"}}",
                teams.call(teams.acme, "GET", "/usage", "").body().toString());
        var others = teams.call(teams.other, "GET", "/usage", "").body();
        assertEquals(50, others.get("emails").get("daily").get("used").intValue());
        assertEquals(0, others.get("segments").get("used").intValue());
    }

    @Test
    void theDailyQuotaIsHeldAndEndsWithTheDay() {
        var usage = usage(5, 0);
        count(usage, teams.acme, 3);
        var refused = assertThrows(ApiException.class, () -> count(usage, teams.acme, 3));
        assertEquals(429, refused.status());
        assertEquals("daily_quota_exceeded", refused.name());
        assertEquals(
                "You have reached your daily quota of 5 emails. It starts anew at"
                        + " 2026-03-02T00:00:00.000Z.",
                refused.getMessage());
        usage.require(teams.acme);
        count(usage, teams.acme, 2);
        assertThrows(ApiException.class, () -> usage.require(teams.acme));
        usage.require(teams.other);
        count(usage, teams.other, 5);
        teams.setClock(Instant.parse("2026-03-02T00:00:00Z"));
        usage.require(teams.acme);
        count(usage, teams.acme, 5);
        assertEquals(
                Map.of("x-resend-monthly-quota", "10", "x-resend-daily-quota", "5"),
                told(usage, teams.acme));
    }

    @Test
    void theMonthlyQuotaIsHeldAndEndsWithTheMonth() {
        var usage = usage(0, 5);
        count(usage, teams.acme, 3);
        teams.pass(Duration.ofDays(3));
        count(usage, teams.acme, 2);
        var refused = assertThrows(ApiException.class, () -> count(usage, teams.acme, 1));
        assertEquals("monthly_quota_exceeded", refused.name());
        assertEquals(Map.of("x-resend-monthly-quota", "5"), told(usage, teams.acme));
        teams.setClock(Instant.parse("2026-04-01T00:00:00Z"));
        count(usage, teams.acme, 1);
        assertEquals(Map.of("x-resend-monthly-quota", "1"), told(usage, teams.acme));
    }

    @Test
    void receivedMailsCountTowardsTheQuota() {
        var usage = usage(5, 0);
        teams.store.write(tx -> {
            usage.countReceived(tx, teams.acme, 7);
            return true;
        });
        assertThrows(ApiException.class, () -> count(usage, teams.acme, 1));
    }

    @Test
    void aRefusedBatchCountsNothing() {
        var usage = usage(5, 0);
        assertThrows(
                ApiException.class,
                () ->
                        teams.store.write(tx -> {
                            for (int i = 0; i < 6; i++) {
                                usage.count(tx, teams.acme, 1);
                            }
                            return true;
                        }));
        assertEquals(0, usage.used(teams.acme).daily().total());
        assertEquals("0", told(usage, teams.acme).get("x-resend-daily-quota"));
    }

    // Many writes share a commit, and one that throws has the others of its group run twice.
    @Test
    void countsAreExactAmongManyWritesAndFailures() {
        var usage = usage(0, 0);
        var all = new ArrayList<CompletableFuture<Boolean>>();
        for (int i = 0; i < 2_000; i++) {
            boolean fails = i % 7 == 0;
            all.add(
                    teams.store.writeAsync(tx -> {
                        usage.count(tx, teams.acme, 2);
                        if (fails) {
                            throw ApiException.validation("no");
                        }
                        return true;
                    }));
        }
        int accepted = 0;
        for (var one : all) {
            try {
                accepted += one.join() ? 2 : 0;
            } catch (CompletionException e) {
                assertEquals(ApiException.class, e.getCause().getClass());
            }
        }
        assertEquals((2_000 - 286) * 2, accepted);
        assertEquals(accepted, usage.used(teams.acme).daily().sent());
        assertEquals("" + accepted, told(usage, teams.acme).get("x-resend-monthly-quota"));
        assertEquals(accepted, usage(0, 0).used(teams.acme).monthly().sent());
    }

    @Test
    void aRestartForgetsNothing() {
        count(usage(0, 0), teams.acme, 3);
        var again = usage(0, 0);
        assertEquals("3", told(again, teams.acme).get("x-resend-monthly-quota"));
        count(again, teams.acme, 1);
        assertEquals("4", told(again, teams.acme).get("x-resend-monthly-quota"));
        teams.pass(Duration.ofDays(40));
        assertEquals("0", told(again, teams.acme).get("x-resend-monthly-quota"));
    }
}
