package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;

/// A courier with short time limits, and a DNS in which `mx1.test` to `mx5.test` are this machine.
abstract class CourierFixture {
    static final Duration PHASE = Duration.ofMillis(400);
    static final Duration TOTAL = Duration.ofMillis(1500);

    /// Dots at line starts, one alone, one in the middle.
    static final byte[] MESSAGE =
            bytes(
                    "From: <sender@example.com>\r\nSubject: dots\r\n\r\n.\r\n..\r\n.three\r\n"
                            + "a.b\r\n\r\n.\r\n");

    final MapDns dns =
            new MapDns()
                    .addresses("mx1.test", "127.0.0.1")
                    .addresses("mx2.test", "127.0.0.1")
                    .addresses("mx3.test", "127.0.0.1")
                    .addresses("mx4.test", "127.0.0.1")
                    .addresses("mx5.test", "127.0.0.1");
    Courier courier = courier(true, SslContexts.system());

    @AfterEach
    void closeCourier() {
        courier.close();
    }

    final Courier courier(boolean allowPrivate, SslContexts tls) {
        return courier(CourierSettings.Timeouts.all(PHASE), TOTAL, allowPrivate, tls);
    }

    final Courier courier(
            CourierSettings.Timeouts timeouts,
            Duration total,
            boolean allowPrivate,
            SslContexts tls) {
        return new Courier(
                dns,
                new CourierSettings(
                        "client.test",
                        timeouts,
                        total,
                        5,
                        2,
                        Duration.ofSeconds(5),
                        10,
                        allowPrivate,
                        Set.of(),
                        tls),
                RandomGenerator.getDefault());
    }

    final Map<Mailbox, DeliveryOutcome> deliver(FaultMx mx, Consignment consignment) {
        return courier.deliver(site(mx.host(10, "mx1.test")), consignment);
    }

    static Route.Site site(Route.Host... hosts) {
        return new Route.Site(
                String.join(
                        ",", Arrays.stream(hosts).map(host -> host.name() + host.port()).toList()),
                List.of(hosts));
    }

    static Consignment mail(byte[] message, String... recipients) {
        return mail(message, Consignment.TlsPolicy.OPPORTUNISTIC, recipients);
    }

    static Consignment mail(byte[] message, Consignment.TlsPolicy tls, String... recipients) {
        return new Consignment(
                mailbox("sender@example.com"),
                Arrays.stream(recipients).map(Mailbox::parse).toList(),
                message,
                false,
                false,
                tls);
    }

    static DeliveryOutcome only(Map<Mailbox, DeliveryOutcome> outcomes) {
        if (outcomes.size() != 1) {
            throw new AssertionError(outcomes);
        }
        return outcomes.values().iterator().next();
    }

    static Mailbox mailbox(String text) {
        return Mailbox.parse(text);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
