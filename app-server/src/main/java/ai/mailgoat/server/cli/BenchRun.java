package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.DomainView;
import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.client.MailGoatClient;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.bench.Load;
import ai.mailgoat.server.bench.ServiceProcess;
import ai.mailgoat.server.bench.Sink;
import ai.mailgoat.server.bench.Zones;
import ai.mailgoat.server.config.ConfigFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One measurement: a service as a process of its own with a fresh data directory, real MX routing
/// through a DNS server here, and a sink.
final class BenchRun {
    private static final String SENDER = "sender.test";
    private static final Duration VERIFIED = Duration.ofSeconds(30);

    /// How long the sink may stand still before the run counts as stuck.
    private static final Duration STALL = Duration.ofSeconds(30);

    private final Context context;
    private final BenchPlan plan;

    BenchRun(Context context, BenchPlan plan) {
        this.context = context;
        this.plan = plan;
    }

    BenchFigures run() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(plan.dir(), "mailgoat-bench-");
        int port = freePort();
        try (var zones = Zones.open();
                var sink = Sink.open(destinations(zones), port)) {
            var overrides = overrides(work, zones, port);
            Path file = Files.writeString(work.resolve("bench.yaml"), "log:\n  level: warn\n");
            var env = new HashMap<>(context.env());
            env.keySet().removeIf(key -> key.startsWith("MAILGOAT_"));
            env.putAll(overrides);
            var set =
                    context.service()
                            .setup(
                                    ConfigFile.load(Optional.of(file), env),
                                    new SetupRequest("admin@sender.test", null, SENDER));
            String key =
                    Optional.ofNullable(set.apiKey())
                            .orElseThrow(() -> Failure.general("setup made no API key", null));
            long first = System.nanoTime();
            try (var service = ServiceProcess.start(file, overrides, work.resolve("serve.log"));
                    var client = new MailGoatClient(service.api(), key)) {
                double empty = millisSince(first);
                verify(client, zones);
                warmUp(service, sink, key);
                var figures = measure(service, sink, key, work);
                if (plan.dead() == 0) {
                    return figures;
                }
                zones.destination(BenchBacklog.DOMAIN, BenchBacklog.ADDRESS);
                double queued = BenchBacklog.fill(service.api(), key, SENDER, plan.dead());
                var behind = measure(service, sink, key, work);
                service.kill();
                long begun = System.nanoTime();
                try (var again =
                        ServiceProcess.start(file, overrides, work.resolve("serve-again.log"))) {
                    double millis = millisSince(begun);
                    context.terminal().note("started again at " + again.api());
                    return figures.with(
                            BenchBacklog.figures(
                                    plan.dead(), queued, figures, behind, empty, millis));
                }
            }
        } finally {
            DemoCommand.remove(work);
        }
    }

    private static double millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e6;
    }

    private void warmUp(ServiceProcess service, Sink sink, String key)
            throws IOException, InterruptedException {
        if (plan.warmUp() > 0) {
            check(load(service, key).post(plan.warmUp()));
            awaitSink(sink, plan.acceptOnly() ? 0 : plan.warmUp());
        }
    }

    private Load load(ServiceProcess service, String key) {
        return new Load(service.api(), "/emails", key, bodies(), plan.connections());
    }

    private BenchFigures measure(ServiceProcess service, Sink sink, String key, Path work)
            throws IOException, InterruptedException {
        var load = load(service, key);
        long before = sink.messages();
        var cpu = service.cpuMillis();
        var result = load.post(plan.messages());
        check(result);
        if (!plan.acceptOnly()) {
            awaitSink(sink, before + plan.messages());
        }
        long arrived = System.nanoTime();
        var cpuAfter = service.cpuMillis();
        var peak = service.peakMegabytes();
        var seen = BenchCommand.accepted(result);
        return new BenchFigures(
                seen.acceptedPerSecond(),
                plan.acceptOnly() ? null : plan.messages() * 1e9 / (arrived - result.begun()),
                seen.p50Millis(),
                seen.p99Millis(),
                cpu.isPresent() && cpuAfter.isPresent()
                        ? (double) (cpuAfter.getAsLong() - cpu.getAsLong()) / plan.messages()
                        : null,
                peak.isPresent() ? (double) peak.getAsLong() : null,
                sink.name(),
                Files.getFileStore(work).type(),
                null);
    }

    private List<String> destinations(Zones zones) throws IOException {
        // Linux answers on all of 127/8, others on 127.0.0.1 alone.
        boolean many = System.getProperty("os.name").startsWith("Linux");
        var addresses =
                IntStream.rangeClosed(1, plan.domains())
                        .mapToObj(i -> many ? "127.0.0." + (10 + i) : "127.0.0.1")
                        .toList();
        for (int i = 0; i < plan.domains(); i++) {
            zones.destination("d" + (i + 1) + ".test", addresses.get(i));
        }
        return addresses.stream().distinct().toList();
    }

    private static Map<String, String> overrides(Path work, Zones zones, int port)
            throws IOException {
        int http = freePort();
        return Map.of(
                "MAILGOAT_DATA__DIR",
                work.resolve("data").toString(),
                "MAILGOAT_HOSTNAME",
                "mta.sender.test",
                "MAILGOAT_HTTP__PORT",
                Integer.toString(http),
                "MAILGOAT_HTTP__PUBLIC_URL",
                "http://localhost:" + http,
                "MAILGOAT_ADMIN__PORT",
                Integer.toString(freePort()),
                "MAILGOAT_DELIVERY__MODE",
                "direct",
                "MAILGOAT_DELIVERY__MX_PORT",
                Integer.toString(port),
                "MAILGOAT_DELIVERY__ALLOW_PRIVATE",
                "true",
                "MAILGOAT_DNS__RESOLVERS",
                zones.address(),
                "MAILGOAT_LIMITS__RATE_PER_SECOND",
                "0");
    }

    /// Publishes what the domain asks for, and waits until it is verified.
    private static void verify(MailGoatClient client, Zones zones)
            throws IOException, InterruptedException {
        String id =
                client.domains().data().stream()
                        .filter(domain -> domain.name().equals(SENDER))
                        .findFirst()
                        .orElseThrow(() -> Failure.general("setup made no domain", null))
                        .id();
        var records = client.domain(id).records();
        for (var record : records == null ? List.<DomainView.DnsRecord>of() : records) {
            int priority = record.priority() == null ? 10 : record.priority();
            zones.record(fullName(record.name()), record.type(), record.value(), priority);
        }
        client.verifyDomain(id);
        long deadline = System.nanoTime() + VERIFIED.toNanos();
        while (!"verified".equals(client.domain(id).status())) {
            if (System.nanoTime() > deadline) {
                throw Failure.general(
                        "the domain is " + client.domain(id).status() + ", not verified", null);
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /// Names of records are relative to the domain, or whole.
    private static String fullName(String name) {
        if (name.isEmpty() || name.equals("@")) {
            return SENDER;
        }
        return name.equals(SENDER) || name.endsWith("." + SENDER) ? name : name + "." + SENDER;
    }

    /// One body for each destination; what is only to be accepted is due tomorrow.
    private String[] bodies() {
        String text = "All work and no play makes a dull mail, line after line. \r\n";
        String body = text.repeat(plan.size() / text.length() + 1).substring(0, plan.size());
        String later = plan.acceptOnly() ? Instant.now().plus(Duration.ofDays(1)).toString() : null;
        return IntStream.rangeClosed(1, plan.domains())
                .mapToObj(i -> text(mail(SENDER, List.of("user@d" + i + ".test"), body, later)))
                .toArray(String[]::new);
    }

    static SendEmail mail(
            String sender, List<String> to, String text, @Nullable String scheduledAt) {
        return new SendEmail(
                "Bench <bench@" + sender + ">",
                to,
                null,
                null,
                null,
                "A mail to measure with",
                null,
                text,
                null,
                null,
                null,
                scheduledAt);
    }

    static String text(Object document) {
        return new String(Json.bytes(document), StandardCharsets.UTF_8);
    }

    static void check(Load.Result result) {
        if (result.refused() > 0) {
            throw Failure.general(
                    result.refused() + " mails were refused, one with: " + result.firstRefusal(),
                    null);
        }
    }

    private static void awaitSink(Sink sink, long wanted) throws InterruptedException {
        long last = sink.messages();
        long moved = System.nanoTime();
        while (last < wanted) {
            Thread.sleep(Duration.ofMillis(2));
            long now = sink.messages();
            if (now > last) {
                last = now;
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STALL.toNanos()) {
                throw Failure.general(
                        "stuck: " + now + " of " + wanted + " mails have reached the sink", null);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
