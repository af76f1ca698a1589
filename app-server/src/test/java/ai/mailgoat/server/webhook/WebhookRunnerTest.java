package ai.mailgoat.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.webhook.Receiver.Request;
import com.resend.Resend;
import com.resend.services.webhooks.model.VerifyWebhookOptions;
import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class WebhookRunnerTest {
    private static final List<Duration> LADDER =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(10));

    private WebhookFixture test;
    private Receiver receiver;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        test = new WebhookFixture(directory);
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
        test.close();
    }

    @Test
    void postsTheEnvelopeSignedForResendsAndTheStandardLibrary() throws Exception {
        // The libraries compare the timestamp with the real time.
        test.teams.setClock(Instant.now().truncatedTo(ChronoUnit.MICROS));
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");

        test.happen("email.sent");

        var request = receiver.take();
        String time = ai.mailgoat.common.json.ApiTime.iso(test.teams.clock().instant());
        assertEquals(
                "{\"type\":\"email.sent\",\"created_at\":\"" + time + "\",\"data\":{\"n\":0}}",
                request.body());
        assertEquals("application/json", request.headers().get("content-type"));
        assertEquals(test.newest(id), request.headers().get("svix-id"));
        for (String part : List.of("id", "timestamp", "signature")) {
            assertEquals(
                    request.headers().get("svix-" + part),
                    request.headers().get("webhook-" + part));
        }
        new Webhook(test.secret(id)).verify(request.body(), standardHeaders(request));
        new Resend("re_test")
                .webhooks()
                .verify(
                        VerifyWebhookOptions.builder()
                                .payload(request.body())
                                .secret(test.secret(id))
                                .addHeader("svix-id", request.headers().get("svix-id"))
                                .addHeader(
                                        "svix-timestamp", request.headers().get("svix-timestamp"))
                                .addHeader(
                                        "svix-signature", request.headers().get("svix-signature"))
                                .build());
        awaitStatuses(id, "success");
        var attempt = attempts(id).get(0);
        assertEquals(200, attempt.get("http_status_code").asInt());
        assertEquals("thanks", attempt.get("response").asString());
        assertEquals(
                List.of("id", "http_status_code", "response", "sent_at"),
                attempt.propertyNames().stream().toList());
    }

    @Test
    void triesEightTimesWithGrowingWaitsUnderOneName() throws Exception {
        receiver.behave(request -> 500);
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");

        for (int attempt = 1; attempt <= 8; attempt++) {
            receiver.take();
            int made = attempt;
            await("attempt " + made + " settled", () -> attempts(id).size() == made);
            if (attempt < 8) {
                assertEquals(List.of("pending"), test.statuses(id));
                var wait = Duration.between(test.teams.clock().instant(), nextAttempt(id));
                var least = LADDER.get(attempt - 1);
                assertTrue(wait.compareTo(least) >= 0, wait + " after " + attempt);
                assertTrue(wait.toMillis() <= least.toMillis() * 1.1, wait + " after " + attempt);
                test.teams.pass(wait.minusMillis(1));
                assertEquals(0, due());
                test.teams.pass(Duration.ofMillis(1));
                runner.poll();
            }
        }

        assertEquals(List.of("failed"), test.statuses(id));
        assertEquals("null", event(id).get("next_attempt_at").toString());
        assertEquals(8, receiver.all.size());
        var names = new HashSet<String>();
        var signatures = new HashSet<String>();
        receiver.all.forEach(request -> {
            names.add(request.headers().get("svix-id"));
            signatures.add(request.headers().get("svix-signature"));
        });
        assertEquals(1, names.size());
        assertEquals(8, signatures.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void anySuccessAcknowledges(int status) throws Exception {
        receiver.behave(request -> status);
        receiver.answer("");
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");

        test.happen("email.sent");

        awaitStatuses(id, "success");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 404, 429, 500, 503})
    void anythingElseIsTriedAgain(int status) throws Exception {
        receiver.behave(request -> status);
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");

        test.happen("email.sent");

        await("an attempt", () -> attempts(id).size() == 1);
        assertEquals(List.of("pending"), test.statuses(id));
        assertEquals(status, attempts(id).get(0).get("http_status_code").asInt());
    }

    @Test
    void recoversAfterAFailure() throws Exception {
        var answers = new AtomicInteger();
        receiver.behave(request -> answers.incrementAndGet() == 1 ? 500 : 200);
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        await("an attempt", () -> attempts(id).size() == 1);

        test.teams.pass(Duration.ofSeconds(6));
        runner.poll();

        awaitStatuses(id, "success");
        assertEquals(2, attempts(id).size());
    }

    @Test
    void anEndpointThatIsGoneIsDisabled() throws Exception {
        var others = new CountDownLatch(1);
        receiver.behave(request -> {
            others.await();
            return 410;
        });
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen(test.teams.acme, "email.sent", 20);
        for (int i = 0; i < 8; i++) {
            receiver.take();
        }

        others.countDown();

        await("disabled", () -> test.get("/webhooks/" + id).text("status").equals("disabled"));
        runner.poll();
        await("settled", () -> test.count("webhook_call WHERE status = 'ATTEMPTING'") == 0);
        int seen = receiver.all.size();
        assertTrue(seen < 20, seen + " of 20 were posted");
        assertEquals(20 - seen, test.count("webhook_call WHERE status = 'PENDING'"));
        test.happen("email.sent");
        assertEquals(20, test.count("webhook_call"));
        assertEquals(
                "validation_error",
                test.call("POST", "/webhooks/" + id + "/events/" + test.newest(id) + "/replay", "")
                        .text("name"));

        // Enabled again, it gets what it had been owed.
        receiver.behave(request -> 200);
        test.call("PATCH", "/webhooks/" + id, "{\"status\":\"enabled\"}");
        await("the rest", () -> test.count("webhook_call WHERE due_at IS NOT NULL") == 0);
        assertEquals(20, receiver.all.size());
    }

    @Test
    void aDisabledOrDeletedEndpointGetsNothing() throws Exception {
        receiver.behave(request -> 500);
        var runner = test.run();
        String disabled = test.webhook(receiver.url(), "email.sent");
        String deleted = test.webhook(receiver.url(), "email.sent");
        test.happen(test.teams.acme, "email.sent", 3);
        await("first attempts", () -> test.count("webhook_attempt") == 6);

        test.call("PATCH", "/webhooks/" + disabled, "{\"status\":\"disabled\"}");
        test.call("DELETE", "/webhooks/" + deleted, "");
        test.happen("email.sent");
        test.teams.pass(Duration.ofHours(1));
        runner.poll();

        // The sweep runs with a poll that also looks for calls.
        await("swept", () -> test.count("webhook") == 1);
        assertEquals(6, receiver.all.size());
        assertEquals(3, test.count("webhook_call"));
        assertEquals(3, test.count("webhook_attempt"));
    }

    @Test
    void aStallingEndpointDoesNotHoldTheOthers() throws Exception {
        var release = new CountDownLatch(1);
        try (var stalling = new Receiver()) {
            stalling.behave(request -> {
                release.await();
                return 200;
            });
            test.run();
            String slow = test.webhook(stalling.url(), "email.sent");
            String quick = test.webhook(receiver.url(), "email.sent");

            test.happen(test.teams.acme, "email.sent", 300);

            await("the quick one has all", () -> receiver.all.size() == 300);
            assertEquals(8, stalling.all.size());
            assertEquals(
                    300,
                    test.count(
                            "webhook_call WHERE webhook_id = '"
                                    + slow
                                    + "' AND due_at IS NOT NULL"));
            release.countDown();
            await("the slow one has all", () -> stalling.all.size() == 300);
            await("all settled", () -> test.count("webhook_call WHERE status = 'SUCCESS'") == 600);
            assertEquals(100, test.statuses(quick).size());
        }
    }

    @Test
    void anEndpointInTroubleIsProbedWithOneCallAtATime() throws Exception {
        var inFlight = new AtomicInteger();
        var most = new AtomicInteger();
        receiver.behave(request -> 500);
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        await("an attempt", () -> attempts(id).size() == 1);

        receiver.behave(request -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            inFlight.decrementAndGet();
            return 503;
        });
        test.happen(test.teams.acme, "email.sent", 50);

        await("all attempted", () -> test.count("webhook_attempt") == 51);
        assertEquals(1, most.get());
        receiver.behave(request -> 200);
        test.teams.pass(Duration.ofHours(1));
        runner.poll();
        await("recovered", () -> test.count("webhook_call WHERE status = 'SUCCESS'") == 51);
    }

    @Test
    void whatACrashLeftInFlightIsMadeAgainAtOnceAndKeepsItsAttempts() throws Exception {
        receiver.behave(request -> {
            new CountDownLatch(1).await();
            return 200;
        });
        String id = test.webhook(receiver.url(), "email.sent");
        var dying = test.run(Duration.ofSeconds(60), Duration.ZERO);
        test.happen("email.sent");
        String name = receiver.take().headers().get("svix-id");
        await("claimed", () -> test.statuses(id).equals(List.of("attempting")));
        assertTrue(nextAttempt(id).isAfter(test.teams.clock().instant()));
        // As after kill -9: nobody settles the attempt any more.
        dying.close();

        receiver.behave(request -> 200);
        test.run();

        assertEquals(name, receiver.take().headers().get("svix-id"));
        awaitStatuses(id, "success");
        assertEquals(1, attempts(id).size());
        assertEquals(1, test.count("webhook_call WHERE attempts = 1"));
    }

    @Test
    void whatWasOwedBeforeTheStartIsPaid() throws Exception {
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen(test.teams.acme, "email.sent", 30);

        test.run();

        await("all", () -> test.statuses(id).stream().allMatch("success"::equals));
        assertEquals(30, receiver.all.size());
    }

    @Test
    void closingSettlesWhatIsInFlight() throws Exception {
        var release = new CountDownLatch(1);
        receiver.behave(request -> {
            release.await();
            return 200;
        });
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        receiver.take();

        var closing = Thread.ofVirtual().start(runner::close);
        release.countDown();
        closing.join();

        assertEquals(List.of("success"), test.statuses(id));
    }

    @Test
    void aReplaySendsTheSameMessageAgain() throws Exception {
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        var first = receiver.take();
        awaitStatuses(id, "success");
        String event = test.newest(id);

        var reply = test.call("POST", "/webhooks/" + id + "/events/" + event + "/replay", "");

        assertEquals("{\"object\":\"webhook_event\",\"id\":\"" + event + "\"}", text(reply.body()));
        var again = receiver.take();
        assertEquals(first.headers().get("svix-id"), again.headers().get("svix-id"));
        assertEquals(first.body(), again.body());
        await("two attempts", () -> attempts(id).size() == 2);
        awaitStatuses(id, "success");
    }

    @Test
    void aFailedEventCanBeReplayedWithAWholeNewSchedule() throws Exception {
        receiver.behave(request -> 500);
        var runner = test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        test.happen("email.sent");
        for (int i = 1; i <= 8; i++) {
            int made = i;
            await("attempt " + i, () -> attempts(id).size() == made);
            test.teams.pass(Duration.ofHours(12));
            runner.poll();
        }
        awaitStatuses(id, "failed");

        test.call("POST", "/webhooks/" + id + "/events/" + test.newest(id) + "/replay", "");

        await("attempt 9", () -> attempts(id).size() == 9);
        assertEquals(List.of("pending"), test.statuses(id));
    }

    @Test
    void signsWithBothSecretsForADayAfterARotation() throws Exception {
        test.teams.setClock(Instant.now().truncatedTo(ChronoUnit.MICROS));
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        String old = test.secret(id);
        test.call("POST", "/webhooks/" + id + "/signing-secret/rotate", "");

        test.happen("email.sent");

        var request = receiver.take();
        assertEquals(2, request.headers().get("svix-signature").split(" ").length);
        for (String secret : List.of(old, test.secret(id))) {
            new Webhook(secret).verify(request.body(), standardHeaders(request));
        }
        test.teams.pass(Duration.ofHours(24));
        test.happen("email.sent");
        assertEquals(1, receiver.take().headers().get("svix-signature").split(" ").length);
    }

    @Test
    void keepsTheBeginningOfALongAnswerOnly() throws Exception {
        receiver.answer("\0" + "x".repeat(1_999) + "🐐" + "y".repeat(300_000));
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");

        test.happen("email.sent");

        awaitStatuses(id, "success");
        assertEquals("x".repeat(1_999), attempts(id).get(0).get("response").asString());
    }

    @Test
    void aStallEndsAtTheDeadlineAndCountsAsAnAttempt() throws Exception {
        receiver.behave(request -> {
            new CountDownLatch(1).await();
            return 200;
        });
        test.run(Duration.ofMillis(300));
        String id = test.webhook(receiver.url(), "email.sent");

        test.happen("email.sent");

        await("an attempt", () -> attempts(id).size() == 1);
        var attempt = attempts(id).get(0);
        assertEquals(0, attempt.get("http_status_code").asInt());
        assertEquals("The host did not answer in time.", attempt.get("response").asString());
        assertEquals(List.of("pending"), test.statuses(id));
    }

    @Test
    void aNameThatCameToLeadInsideIsNotCalled() throws Exception {
        test.dns.answer("hook.example", "127.0.0.1").answer("hook.example", "10.0.0.1");
        var runner = test.run();
        String id = test.webhook("http://hook.example:" + receiver.port() + "/", "email.sent");
        test.happen("email.sent");
        awaitStatuses(id, "success");

        test.happen("email.sent");

        await("refused", () -> test.count("webhook_attempt WHERE status_code IS NULL") == 1);
        assertEquals(1, receiver.all.size());
        assertFalse(attempts(id).get(0).get("response").asString().contains("10.0.0.1"));
        runner.close();
    }

    @Test
    void aRolledBackEventIsNeverPosted() throws Exception {
        test.run();
        String id = test.webhook(receiver.url(), "email.sent");
        try {
            test.teams.store.write(tx -> {
                test.events.record(
                        tx,
                        new ai.mailgoat.server.event.Event(
                                test.teams.acme,
                                WebhookFixture.EMAIL,
                                "email.sent",
                                test.teams.clock().instant(),
                                "rolled back"));
                throw new IllegalStateException();
            });
        } catch (IllegalStateException e) {
            test.happen("email.sent");
        }

        assertTrue(receiver.take().body().endsWith("\"data\":{\"n\":0}}"));
        awaitStatuses(id, "success");
        assertEquals(1, receiver.all.size());
    }

    private void awaitStatuses(String id, String... expected) {
        await(String.join(" ", expected), () -> test.statuses(id).equals(List.of(expected)));
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        WebhookFixture.await(what, condition);
    }

    private JsonNode attempts(String webhook) {
        return test.get("/webhooks/" + webhook + "/events/" + test.newest(webhook) + "/attempts")
                .body()
                .get("data");
    }

    private JsonNode event(String webhook) {
        return test.get("/webhooks/" + webhook + "/events/" + test.newest(webhook)).body();
    }

    private Instant nextAttempt(String webhook) {
        String text = event(webhook).get("next_attempt_at").asString();
        return Instant.parse(text.replace(' ', 'T').replace("+00", "Z"));
    }

    private int due() {
        var now = test.teams.clock().instant();
        return test.teams.store.read(tx ->
                WebhookStore.enabled(tx).stream()
                        .mapToInt(webhook -> WebhookCallStore.due(tx, webhook, now, 100).size())
                        .sum());
    }

    private static HashMap<String, List<String>> standardHeaders(Request request) {
        var headers = new HashMap<String, List<String>>();
        request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    private static String text(JsonNode node) {
        return new String(Json.bytes(node), StandardCharsets.UTF_8);
    }
}
