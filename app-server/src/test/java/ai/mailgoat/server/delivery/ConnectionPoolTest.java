package ai.mailgoat.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// What becomes of connections between mails, seen from the host.
class ConnectionPoolTest extends CourierFixture {

    private Courier keeping(int idlePerSite, Duration idleTimeout) {
        return new Courier(
                dns,
                new CourierSettings(
                        "client.test",
                        CourierSettings.Timeouts.all(PHASE),
                        TOTAL,
                        5,
                        idlePerSite,
                        idleTimeout,
                        100,
                        true,
                        Set.of(),
                        SslContexts.system()),
                RandomGenerator.getDefault());
    }

    @Test
    void anIdleConnectionIsEndedWithQuit() throws InterruptedException {
        var quit = new CountDownLatch(1);
        try (var mx = new FaultMx().on("QUIT", _ -> quit.countDown());
                var courier = keeping(5, Duration.ofMillis(100))) {
            courier.deliver(site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org"));
            assertTrue(quit.await(5, TimeUnit.SECONDS));
            courier.deliver(site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org"));
            assertEquals(2, mx.connections());
        }
    }

    @Test
    void closingEndsIdleConnectionsWithQuit() throws InterruptedException {
        var quit = new CountDownLatch(1);
        try (var mx = new FaultMx().on("QUIT", _ -> quit.countDown())) {
            try (var courier = keeping(5, Duration.ofMinutes(1))) {
                courier.deliver(site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org"));
                assertEquals(0, mx.count("QUIT"));
            }
            assertTrue(quit.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void noMoreThanTheLimitAreKept() throws InterruptedException {
        var all = new CountDownLatch(8);
        var quits = new CountDownLatch(6);
        FaultMx.Act together =
                dialogue -> {
                    all.countDown();
                    try {
                        all.await(300, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    dialogue.say("354 go on");
                };
        try (var mx = new FaultMx().on("DATA", together).on("QUIT", _ -> quits.countDown());
                var courier = keeping(2, Duration.ofMinutes(1))) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    threads.execute(() ->
                            courier.deliver(
                                    site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org")));
                }
            }
            assertEquals(8, mx.mails().size());
            assertEquals(8, mx.connections());
            assertTrue(quits.await(5, TimeUnit.SECONDS));
            assertEquals(6, mx.count("QUIT"));
        }
    }

    @Test
    void unaskedRepliesEndAConnection() {
        try (var mx =
                        new FaultMx()
                                .on("DOT", FaultMx.raw(bytes("250 taken\r\n250 once more\r\n")));
                var courier = keeping(5, Duration.ofMinutes(1))) {
            for (int i = 0; i < 3; i++) {
                var outcome =
                        only(
                                courier.deliver(
                                        site(mx.host(10, "mx1.test")), mail(MESSAGE, "a@x.org")));
                assertInstanceOf(Delivered.class, outcome);
            }
            assertEquals(3, mx.mails().size());
            assertEquals(3, mx.connections());
            assertEquals(3, mx.count("MAIL"));
        }
    }
}
