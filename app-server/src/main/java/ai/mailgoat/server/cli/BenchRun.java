package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.bench.Load;
import ai.mailgoat.server.bench.ServiceProcess;
import ai.mailgoat.server.bench.Sink;
import ai.mailgoat.server.bench.Zones;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One measurement: a service as a process of its own with a fresh data directory, real MX routing
/// through a DNS server here, and a sink.
final class BenchRun {
    /// How long the sink may stand still before the run counts as stuck.
    private static final Duration STALL = Duration.ofSeconds(30);

    private final Context context;
    private final BenchPlan plan;

    BenchRun(Context context, BenchPlan plan) {
        this.context = context;
        this.plan = plan;
    }

    BenchFigures run() throws IOException, InterruptedException {
        try (var site = new BenchSite(context, plan.dir());
                var sink = Sink.open(destinations(site.zones()), site.mxPort())) {
            long first = System.nanoTime();
            try (var service = site.start("serve.log")) {
                double empty = millisSince(first);
                site.verify(service);
                warmUp(service, sink, site.key());
                var figures = measure(service, sink, site);
                if (plan.dead() == 0) {
                    return figures;
                }
                site.zones().destination(BenchBacklog.DOMAIN, BenchBacklog.ADDRESS);
                double queued =
                        BenchBacklog.fill(service.api(), site.key(), BenchSite.SENDER, plan.dead());
                var behind = measure(service, sink, site);
                service.kill();
                long begun = System.nanoTime();
                try (var again = site.start("serve-again.log")) {
                    double millis = millisSince(begun);
                    context.terminal().note("started again at " + again.api());
                    return figures.with(
                            BenchBacklog.figures(
                                    plan.dead(), queued, figures, behind, empty, millis));
                }
            }
        }
    }

    private static double millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e6;
    }

    private void warmUp(ServiceProcess service, Sink sink, String key)
            throws IOException, InterruptedException {
        if (plan.warmUp() > 0) {
            check(load(service, key).run(plan.warmUp()));
            awaitSink(sink, plan.acceptOnly() ? 0 : plan.warmUp());
        }
    }

    private Load load(ServiceProcess service, String key) {
        return Load.posts(service.api(), "/emails", key, bodies(), plan.connections());
    }

    private BenchFigures measure(ServiceProcess service, Sink sink, BenchSite site)
            throws IOException, InterruptedException {
        var load = load(service, site.key());
        long before = sink.messages();
        var cpu = service.cpuMillis();
        var result = load.run(plan.messages());
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
                site.fileSystem(),
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

    /// One body for each destination; what is only to be accepted is due tomorrow.
    private String[] bodies() {
        String text = "All work and no play makes a dull mail, line after line. \r\n";
        String body = text.repeat(plan.size() / text.length() + 1).substring(0, plan.size());
        String later = plan.acceptOnly() ? Instant.now().plus(Duration.ofDays(1)).toString() : null;
        return IntStream.rangeClosed(1, plan.domains())
                .mapToObj(i ->
                        text(mail(BenchSite.SENDER, List.of("user@d" + i + ".test"), body, later)))
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
}
