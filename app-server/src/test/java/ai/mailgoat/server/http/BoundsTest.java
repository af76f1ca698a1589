package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.server.http.Endpoints.Access;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundsTest {
    @TempDir Path directory;

    @Test
    void countsAnewEachSecondAndEachKeyByItself() {
        var now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00.900Z"));
        var rate = new RateLimit(2, now::get);
        var one = new ApiKeyId(new UUID(0, 1));
        var other = new ApiKeyId(new UUID(0, 2));
        assertEquals(1, rate.take(one));
        assertEquals(0, rate.take(one));
        assertTrue(rate.take(one) < 0);
        assertEquals(1, rate.take(other));
        now.set(Instant.parse("2026-11-21T12:00:01Z"));
        assertEquals(1, rate.take(one));
        now.set(Instant.parse("2026-11-21T11:59:00Z"));
        assertEquals(1, rate.take(one));
    }

    @Test
    void lendsMemoryUpToTheBudgetAndAlwaysToOne() {
        var budget = new BodyBudget(100);
        assertTrue(budget.take(500));
        assertFalse(budget.take(1));
        budget.give(500);
        assertTrue(budget.take(60));
        assertTrue(budget.take(40));
        assertFalse(budget.take(1));
        assertEquals(100, budget.held());
    }

    @Test
    void shedsLargeBodiesWhenMemoryIsShort() throws Exception {
        var inHandler = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var endpoints =
                new Endpoints()
                        .post(
                                "/emails",
                                Access.SENDING,
                                call -> {
                                    inHandler.countDown();
                                    try {
                                        release.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    return Answer.ok(Map.of());
                                });
        try (var server = TestServer.with(endpoints);
                var other = Executors.newSingleThreadExecutor()) {
            server.budget.take(60 << 20);
            var first =
                    other.submit(() ->
                            server.send(
                                    server.request("/emails")
                                            .POST(BodyPublishers.ofByteArray(new byte[3 << 20]))));
            inHandler.await();
            var second =
                    server.send(
                            server.request("/emails")
                                    .POST(BodyPublishers.ofByteArray(new byte[3 << 20])));
            assertEquals(503, second.statusCode());
            assertEquals("1", second.headers().firstValue("retry-after").orElse(""));
            release.countDown();
            assertEquals(200, first.get().statusCode());
        }
    }

    @Test
    void keepsTheAdminTokenInAFileOfTheOwner() throws IOException {
        var holder = TestServer.authenticate(TestServer.FULL).orElseThrow();
        Path file = directory.resolve("admin.token");
        var token = AdminToken.loadOrCreate(file, holder);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String text = Files.readString(file).strip();
        assertTrue(text.length() >= 43);
        assertTrue(token.authenticate(text).isPresent());
        assertTrue(AdminToken.loadOrCreate(file, holder).authenticate(text).isPresent());
        assertTrue(token.authenticate(text + "x").isEmpty());
        assertTrue(token.authenticate("").isEmpty());
        Files.writeString(file, "short");
        assertThrows(IOException.class, () -> AdminToken.loadOrCreate(file, holder));
    }
}
