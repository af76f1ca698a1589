package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.DomainView;
import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.client.MailGoatClient;
import ai.mailgoat.server.bench.ServiceProcess;
import ai.mailgoat.server.bench.Zones;
import ai.mailgoat.server.config.ConfigFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where one measurement happens: a fresh directory that is set up, with one sending domain and one
/// key, and a DNS server here. Services are started on it one after another.
final class BenchSite implements AutoCloseable {
    static final String SENDER = "sender.test";
    private static final Duration VERIFIED = Duration.ofSeconds(30);

    private final Path work;
    private final Zones zones;
    private final int mxPort;
    private final Map<String, String> overrides;
    private final Path config;
    private final String key;

    /// @param dir where the directory is made, and removed again
    BenchSite(Context context, Path dir) throws IOException {
        work = Files.createTempDirectory(dir, "mailgoat-bench-");
        zones = Zones.open();
        mxPort = freePort();
        overrides = overrides();
        config = Files.writeString(work.resolve("bench.yaml"), "log:\n  level: warn\n");
        var env = new HashMap<>(context.env());
        env.keySet().removeIf(name -> name.startsWith("MAILGOAT_"));
        env.putAll(overrides);
        var set =
                context.service()
                        .setup(
                                ConfigFile.load(Optional.of(config), env),
                                new SetupRequest("admin@sender.test", null, SENDER));
        key =
                Optional.ofNullable(set.apiKey())
                        .orElseThrow(() -> Failure.general("setup made no API key", null));
    }

    Path data() {
        return work.resolve("data");
    }

    Zones zones() {
        return zones;
    }

    /// Where all MX hosts listen.
    int mxPort() {
        return mxPort;
    }

    /// A key with full access.
    String key() {
        return key;
    }

    String fileSystem() throws IOException {
        return Files.getFileStore(work).type();
    }

    /// @param log file name of its log
    ServiceProcess start(String log) throws IOException {
        return ServiceProcess.start(config, overrides, work.resolve(log));
    }

    /// Publishes what the domain asks for, and waits until it is verified.
    void verify(ServiceProcess service) throws IOException, InterruptedException {
        try (var client = new MailGoatClient(service.api(), key)) {
            verify(client);
        }
    }

    private void verify(MailGoatClient client) throws IOException, InterruptedException {
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

    private Map<String, String> overrides() throws IOException {
        int http = freePort();
        return Map.of(
                "MAILGOAT_DATA__DIR",
                data().toString(),
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
                Integer.toString(mxPort),
                "MAILGOAT_DELIVERY__ALLOW_PRIVATE",
                "true",
                "MAILGOAT_DNS__RESOLVERS",
                zones.address(),
                "MAILGOAT_LIMITS__RATE_PER_SECOND",
                "0");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        zones.close();
        DemoCommand.remove(work);
    }
}
