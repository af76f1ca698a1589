package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.LoggerFactory;

/// How many messages a second the courier gets into a local `smtp-sink`. Arguments: messages
/// (100000), threads (20), octets (5000), rounds (3).
final class CourierBench {
    private CourierBench() {}

    public static void main(String[] args) throws Exception {
        int messages = argument(args, 0, 100_000);
        int threads = argument(args, 1, 20);
        int octets = argument(args, 2, 5_000);
        int rounds = argument(args, 3, 3);
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT"))
                .setLevel(ch.qos.logback.classic.Level.WARN);
        var dns = new MapDns().addresses("mx1.test", "127.0.0.1");
        var settings = CourierSettings.defaults("client.test").withPrivateAddresses();
        try (var sink = SmtpSink.start(List.of("-m", "1000"));
                var courier = new Courier(dns, settings, RandomGenerator.getDefault())) {
            var host = new Route.Host(10, "mx1.test", sink.port());
            var site = new Route.Site("mx1.test", List.of(host));
            for (int round = 0; round < rounds; round++) {
                run(courier, site, message(octets), messages, threads);
            }
        }
    }

    private static void run(
            Courier courier, Route.Site site, byte[] message, int messages, int threads)
            throws InterruptedException {
        var consignment =
                new Consignment(
                        Mailbox.parse("sender@example.com"),
                        List.of(Mailbox.parse("someone@example.org")),
                        message,
                        false,
                        false,
                        Consignment.TlsPolicy.OPPORTUNISTIC);
        var left = new AtomicInteger(messages);
        var lost = new AtomicInteger();
        long start = System.nanoTime();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < threads; i++) {
                executor.execute(() -> {
                    while (left.getAndDecrement() > 0) {
                        var outcomes = courier.deliver(site, consignment).values();
                        if (!(outcomes.iterator().next() instanceof DeliveryOutcome.Delivered)) {
                            lost.incrementAndGet();
                        }
                    }
                });
            }
        }
        var took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "%d messages of %d octets, %d threads: %d ms, %d/s, %d not delivered%n",
                messages,
                message.length,
                threads,
                took.toMillis(),
                messages * 1000L / Math.max(1, took.toMillis()),
                lost.get());
    }

    private static byte[] message(int octets) {
        var text = new StringBuilder("From: <sender@example.com>\r\nSubject: bench\r\n\r\n");
        while (text.length() < octets - 80) {
            text.append("The quick brown fox jumps over the lazy dog, and does so once more.\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static int argument(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }
}
