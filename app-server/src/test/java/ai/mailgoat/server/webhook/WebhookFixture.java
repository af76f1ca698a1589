package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.StubDns;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.team.TwoTeams.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The webhook feature on a real database, with routes, a runner when wanted, and a clock set by
/// hand. Only 127.0.0.0/8 may be reached.
final class WebhookFixture implements AutoCloseable {
    static final UUID EMAIL = UUID.fromString("018f0000-0000-7000-8000-0000000000ee");

    final TwoTeams teams;
    final StubDns dns = new StubDns();
    final GuardedHttp http = GuardedHttp.open(dns, List.of("127.0.0.0/8"));
    final MasterKey key;
    final WebhookCalls calls;
    final Events events;
    final Webhooks webhooks;
    private final List<WebhookRunner> runners = new ArrayList<>();

    WebhookFixture(Path directory) {
        teams = new TwoTeams(directory);
        key = MasterKey.loadOrCreate(directory.resolve("master.key"));
        calls = new WebhookCalls(teams.ids);
        events = new Events(teams.ids, calls);
        webhooks =
                new Webhooks(
                        teams.store, key, http, calls, teams.ids, teams.clock(), new Random(5));
        new WebhookRoutes(webhooks).register(teams.endpoints);
        new WebhookRepairRoutes(
                        new WebhookRepairs(teams.store, key, http, calls, teams.ids, teams.clock()))
                .register(teams.endpoints);
    }

    WebhookRunner run() {
        return run(Duration.ofSeconds(5));
    }

    /// Starts a runner whose calls end after `total`.
    WebhookRunner run(Duration total) {
        return run(total, Duration.ofSeconds(5));
    }

    /// @param grace for calls in flight when it is closed
    WebhookRunner run(Duration total, Duration grace) {
        var caller = new Caller(teams.store, key, http, teams.clock(), total);
        var runner =
                new WebhookRunner(
                        teams.store, calls, caller, teams.ids, teams.clock(), new Random(6), grace);
        runners.add(runner);
        return runner.start();
    }

    Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body);
    }

    Reply get(String path) {
        return call("GET", path, "");
    }

    /// Makes a webhook through the API and returns its id.
    String webhook(String endpoint, String... types) {
        String body =
                "{\"endpoint\":\""
                        + endpoint
                        + "\",\"events\":[\""
                        + String.join("\",\"", types)
                        + "\"]}";
        var reply = call("POST", "/webhooks", body);
        if (reply.status() != 201) {
            throw new AssertionError(reply.toString());
        }
        return reply.text("id");
    }

    String secret(String webhook) {
        return get("/webhooks/" + webhook).text("signing_secret");
    }

    /// Records `n` events of one type in one transaction.
    void happen(TeamId team, String type, int n) {
        teams.store.write(tx -> {
            var all = new ArrayList<Event>();
            for (int i = 0; i < n; i++) {
                all.add(new Event(team, EMAIL, type, teams.clock().instant(), Map.of("n", i)));
            }
            events.recordAll(tx, all);
            return n;
        });
    }

    void happen(String type) {
        happen(teams.acme, type, 1);
    }

    /// The statuses of a webhook's calls as the API lists them, newest first.
    List<String> statuses(String webhook) {
        var statuses = new ArrayList<String>();
        get("/webhooks/" + webhook + "/events?limit=100")
                .body()
                .get("data")
                .forEach(item -> statuses.add(item.get("status").asString()));
        return statuses;
    }

    /// The newest event of a webhook: its id.
    String newest(String webhook) {
        return get("/webhooks/" + webhook + "/events")
                .body()
                .get("data")
                .get(0)
                .get("id")
                .asString();
    }

    int count(String sql) {
        return teams.store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + sql, row -> row.integer("n"))
                        .orElseThrow());
    }

    /// Waits until a condition holds, 10 s at most.
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 10 s: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        runners.forEach(WebhookRunner::close);
        http.close();
        teams.close();
    }
}
