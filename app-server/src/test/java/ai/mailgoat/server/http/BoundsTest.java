package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Store;
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

    @Test
    void saysThatItIsDownWhenTheStoreIs() {
        var database = Database.open(directory);
        var store = Store.open(database, 1);
        var endpoints =
                new Endpoints()
                        .get(
                                "/emails",
                                Access.FULL,
                                call ->
                                        Answer.ok(
                                                store.read(
                                                        tx -> tx.query("SELECT 1 AS n", row -> 1))))
                        .get(
                                "/wrong",
                                Access.FULL,
                                call -> Answer.ok(store.read(tx -> tx.query("SELEKT", row -> 1))));
        try (var server = TestServer.with(endpoints)) {
            assertEquals(200, server.send(server.request("/emails")).statusCode());
            assertEquals(500, server.send(server.request("/wrong")).statusCode());
            store.close();
            var answer = server.send(server.request("/emails"));
            assertEquals(503, answer.statusCode());
            assertEquals(
                    "{\"statusCode\":503,\"message\":\"The service is temporarily down.\",\"name\":\"service_unavailable\"}",
                    answer.body());
            assertEquals("5", answer.headers().firstValue("retry-after").orElse(""));
        }
    }

    @Test
    void finishesWhatItServesWhenItStops() throws Exception {
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
                                    return Answer.ok(Map.of("id", "7"));
                                });
        var server = TestServer.with(endpoints);
        int port = server.port();
        try (var other = Executors.newSingleThreadExecutor();
                var client = new java.net.Socket("127.0.0.1", server.port())) {
            client.getOutputStream()
                    .write(
                            "POST /emails HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer re_full\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            inHandler.await();
            var stopping = other.submit(server::close);
            release.countDown();
            String answer = TestServer.readAll(client.getInputStream());
            assertTrue(
                    answer.startsWith("HTTP/1.1 200") && answer.endsWith("{\"id\":\"7\"}"), answer);
            stopping.get(10, java.util.concurrent.TimeUnit.SECONDS);
            assertThrows(IOException.class, () -> new java.net.Socket("127.0.0.1", port).close());
        }
    }
}
