package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.client.MailGoatClient;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.config.ConfigFile;
import ai.mailgoat.server.config.Logging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "The service with nothing to set up: sends a first mail, shows it signed and delivered,"
                    + " and keeps serving. Nothing leaves this machine."
        })
final class DemoCommand implements java.util.concurrent.Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REMOVALS = 10;
    private static final String FROM = "MailGoat <onboarding@mailgoat.test>";
    private static final String TO = "delivered@mailgoat.test";

    private final Context context;

    @Option(names = "--once", description = "show it and stop, instead of serving on")
    private boolean once;

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path dataDir = Files.createTempDirectory("mailgoat-demo-");
        var foreground = new Foreground(context.terminal());
        foreground.watch(() -> remove(dataDir));
        Config config;
        DemoPages pages = new DemoPages(context.terminal());
        try {
            config = config(dataDir);
            Logging.apply(config.log());
            pages.title();
            present(config, foreground, pages);
        } catch (RuntimeException | IOException | InterruptedException | Error e) {
            foreground.forget(e);
            throw e;
        }
        if (once) {
            foreground.finish();
            return Exit.OK;
        }
        pages.waiting();
        return foreground.await();
    }

    private void present(Config config, Foreground foreground, DemoPages pages)
            throws InterruptedException {
        long begun = System.nanoTime();
        var set =
                context.service()
                        .setup(config, new SetupRequest("admin@mailgoat.test", null, null));
        String key =
                Optional.ofNullable(set.apiKey())
                        .orElseThrow(() -> Failure.general("setup made no API key", null));
        var running = foreground.run(() -> context.service().start(config), config.dataDir());
        pages.done(
                "service up in " + millis(begun),
                "data in " + config.dataDir() + ", removed at the end");

        try (var client = new MailGoatClient(running.apiUrl(), key);
                var admin = context.admin(config)) {
            begun = System.nanoTime();
            String id = client.send(firstMail()).id();
            pages.done("accepted in " + millis(begun), "POST /emails answered " + id);
            String last = awaitEnd(client, id);
            pages.done(last + " after " + millis(begun), FROM + " to " + TO);
            pages.timeline(admin.timeline(id));
            pages.message(admin.raw(id).raw());
        }
        pages.next(running.apiUrl(), running.adminUrl(), key, config.dataDir());
    }

    private static SendEmail firstMail() {
        return new SendEmail(
                FROM,
                List.of(TO),
                null,
                null,
                null,
                "Hello from your own mail server",
                "<p>It <strong>works</strong>: accepted, queued, signed twice, delivered.</p>",
                "It works: accepted, queued, signed twice, delivered.",
                null,
                null,
                List.of(new SendEmail.Tag("campaign", "demo")),
                null);
    }

    private static String awaitEnd(MailGoatClient client, String id) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            String last = String.valueOf(client.email(id).lastEvent());
            if (List.of("delivered", "bounced", "failed", "suppressed").contains(last)) {
                return last;
            }
            Thread.sleep(Duration.ofMillis(150));
        }
        throw Failure.general(
                "the mail was accepted, but not delivered in " + PATIENCE.toSeconds() + " s", null);
    }

    /// Nothing of the user's own configuration: an empty file, and overrides for what a demo needs.
    private Config config(Path dataDir) throws IOException {
        Path file = Files.writeString(dataDir.resolve("demo.yaml"), "log:\n  level: warn\n");
        var env = new HashMap<>(context.env());
        env.keySet().removeIf(key -> key.startsWith("MAILGOAT_"));
        int http = portLike(8080);
        env.putAll(
                Map.of(
                        "MAILGOAT_DATA__DIR",
                        dataDir.toString(),
                        "MAILGOAT_HOSTNAME",
                        "mta.mailgoat.test",
                        "MAILGOAT_HTTP__PORT",
                        Integer.toString(http),
                        "MAILGOAT_HTTP__PUBLIC_URL",
                        "http://localhost:" + http,
                        "MAILGOAT_ADMIN__PORT",
                        Integer.toString(portLike(8081)),
                        "MAILGOAT_DELIVERY__MODE",
                        "capture"));
        return ConfigFile.load(Optional.of(file), env);
    }

    /// `wanted` if nobody has it, else any free port.
    private static int portLike(int wanted) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        try (var socket = new ServerSocket(wanted, 1, loopback)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            // Taken: the demo must come up all the same.
            try (var socket = new ServerSocket(0, 1, loopback)) {
                return socket.getLocalPort();
            }
        }
    }

    private static String millis(long begun) {
        long millis = (System.nanoTime() - begun) / 1_000_000;
        return millis < 1000 ? millis + " ms" : "%.1f s".formatted(millis / 1000.0);
    }

    static void remove(Path directory) {
        // A service that is stopped while it starts may still add a file meanwhile.
        for (int attempt = 1; ; attempt++) {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
                return;
            } catch (IOException | UncheckedIOException e) {
                if (attempt == REMOVALS) {
                    throw Failure.general("cannot remove " + directory + ": " + e.getMessage(), e);
                }
            }
        }
    }
}
