package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dns.TestDnsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The promise: what was answered 200 is delivered or reported, whenever the process is killed.
/// Under load the service is killed at random moments; at the end every accepted mail must have
/// arrived, none twice beyond the deliveries that were in flight at a kill, each under the
/// Message-ID it was accepted with.
class KillTest {
    private static final int KILLS = Integer.getInteger("mailgoat.kills", 20);
    private static final long SEED = Long.getLong("mailgoat.seed", 20_261_121L);
    private static final int SENDERS = 8;

    /// `delivery.connections-per-site`: one unsettled delivery for each connection is all that a
    /// kill may repeat.
    private static final int CONNECTIONS = 20;

    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private long slowestStart;
    private final AtomicBoolean loading = new AtomicBoolean(true);

    @Test
    @Timeout(600)
    void nothingAcceptedIsEverLost(@TempDir Path data) throws Exception {
        try (var dns = new TestDnsServer();
                var sink = new SmtpSink(false)) {
            TestZone.receives(dns, "inbox.example");
            var environment = new HashMap<>(Service.local(dns.address(), sink.port()));
            environment.put("MAILGOAT_DELIVERY__CONNECTIONS_PER_SITE", String.valueOf(CONNECTIONS));
            try (var service = Service.on(data, environment)) {
                run(service, dns, sink);
            }
        }
    }

    private void run(Service service, TestDnsServer dns, SmtpSink sink) throws Exception {
        String key = verifiedSender(service, dns);
        var random = new Random(SEED);
        for (int i = 0; i < SENDERS; i++) {
            Thread.ofVirtual().start(() -> load(service, key));
        }
        for (int kill = 0; kill < KILLS; kill++) {
            int before = accepted.size();
            Service.await(
                    "mail is accepted again after " + kill + " kills",
                    Duration.ofSeconds(30),
                    () -> accepted.size() > before + 20);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(50 + random.nextInt(1_450)).toNanos());
            service.kill();
            long restarted = System.nanoTime();
            service.start();
            slowestStart = Math.max(slowestStart, System.nanoTime() - restarted);
        }
        loading.set(false);
        Service.await("the queue drains", Duration.ofSeconds(120), () -> entries(service) == 0);

        // A request in flight at a kill may have been accepted without its sender hearing of it:
        // extra mail is no loss.
        var delivered = new HashMap<String, Integer>();
        sink.received()
                .forEach(mail -> delivered.merge(mail.messageId().split("@")[0], 1, Integer::sum));
        var lost =
                accepted.stream()
                        .filter(id -> !delivered.containsKey(id))
                        .collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                lost,
                lost.size() + " of " + accepted.size() + " accepted mails never arrived");
        int duplicates = delivered.values().stream().mapToInt(n -> n - 1).sum();
        System.getLogger("kill").log(System.Logger.Level.INFO, summary(delivered, duplicates));
        assertTrue(
                duplicates <= KILLS * CONNECTIONS,
                duplicates + " duplicates after " + KILLS + " kills");
        assertEquals("delivered", lastEvent(service, key, accepted.iterator().next()));
        assertEquals(0, service.terminate());
    }

    private String summary(Map<String, Integer> delivered, int duplicates) {
        return "kills="
                + KILLS
                + " accepted="
                + accepted.size()
                + " delivered="
                + delivered.size()
                + " lost=0 duplicates="
                + duplicates
                + " slowest start="
                + slowestStart / 1_000_000
                + " ms";
    }

    static String verifiedSender(Service service, TestDnsServer dns) throws Exception {
        var setup = service.setup("sender.example");
        TestZone.publish(dns, setup.get("domain"));
        service.start();
        String key = setup.get("api_key").stringValue();
        String id = setup.get("domain").get("id").stringValue();
        assertEquals(200, service.post(key, "/domains/" + id + "/verify", "").statusCode());
        Service.await(
                "the domain is verified",
                Duration.ofSeconds(20),
                () -> status(service, key, id).equals("verified"));
        return key;
    }

    private static String status(Service service, String key, String id) {
        return json(service, key, "/domains/" + id).get("status").stringValue();
    }

    private static String lastEvent(Service service, String key, String id) {
        return json(service, key, "/emails/" + id).get("last_event").stringValue();
    }

    private static tools.jackson.databind.JsonNode json(Service service, String key, String path) {
        try {
            return Json.tree(service.get(key, path).body().getBytes());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static long entries(Service service) {
        try {
            return service.admin("/v1/queue").get("entries").longValue();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void load(Service service, String key) {
        var sent = new HashSet<String>();
        while (loading.get()) {
            try {
                var answer =
                        service.post(
                                key,
                                "/emails",
                                Map.of(
                                        "from",
                                        "Goat <goat@sender.example>",
                                        "to",
                                        "someone@inbox.example",
                                        "subject",
                                        "mail " + sent.size(),
                                        "text",
                                        "Accepted means on disk.\n".repeat(40)));
                if (answer.statusCode() == 200) {
                    String id = Json.tree(answer.body().getBytes()).get("id").stringValue();
                    sent.add(id);
                    accepted.add(id);
                }
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            } catch (IOException e) {
                // The service is down at the moment: nobody was promised anything.
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
