package ai.mailgoat.server.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.store.TestStore;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsTest {
    private static final Instant AT = Instant.parse("2026-02-03T04:05:06.789012Z");
    private static final UUID EMAIL = UUID.fromString("018f0000-0000-7000-8000-0000000000ee");

    private final Uuids ids = new Uuids(InstantSource.system(), new Random(1));
    private final Events events = new Events(ids, new WebhookCalls(ids));
    private TestStore test;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = TestStore.open(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void tellsTheStoryOfASubjectInItsOrder() {
        test.store()
                .write(tx -> {
                    events.recordAll(
                            tx,
                            List.of(
                                    event("email.queued", Map.of("n", 1)),
                                    event("email.sent", Map.of("n", 2))));
                    events.record(tx, event("email.delivered", Map.of("n", 3)));
                    return null;
                });

        var story = test.store().read(tx -> events.ofSubject(tx, EMAIL));

        assertEquals(
                List.of("email.queued", "email.sent", "email.delivered"),
                story.stream().map(StoredEvent::type).toList());
        assertEquals(
                List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"),
                story.stream().map(e -> new String(e.data(), StandardCharsets.UTF_8)).toList());
        assertEquals(AT, story.getFirst().at());
        assertEquals(List.of(), test.store().read(tx -> events.ofSubject(tx, ids.next())));
    }

    @Test
    void owesACallToEachEnabledEndpointThatAskedForTheType() {
        var both = webhook(test.team(), "email.sent,email.delivered", "ENABLED");
        var one = webhook(test.team(), "email.delivered", "ENABLED");
        webhook(test.team(), "email.sent,email.delivered", "DISABLED");
        var other = test.addTeam(UUID.fromString("018f0000-0000-7000-8000-000000000002"));
        webhook(other, "email.sent,email.delivered", "ENABLED");

        record("email.queued", "email.sent", "email.delivered");

        assertEquals(3, test.count("event"));
        assertEquals(
                List.of(
                        both + " email.sent PENDING 0",
                        both + " email.delivered PENDING 0",
                        one + " email.delivered PENDING 0"),
                calls());
    }

    @Test
    void keepsInternalTypesInTheHouse() {
        webhook(test.team(), "email.sent,email.delivered", "ENABLED");

        record("email.queued", "email.canceled");

        assertEquals(2, test.count("event"));
        assertEquals(0, test.count("webhook_call"));
    }

    @Test
    void whatIsOnlyNotedIsNoConcernOfWebhooks() {
        webhook(test.team(), "email.opened", "ENABLED");
        test.store()
                .write(tx -> {
                    events.note(tx, event("email.opened", Map.of("n", 1)));
                    return null;
                });
        assertEquals(1, test.count("event"));
        assertEquals(0, test.count("webhook_call"));
        record("email.opened");
        assertEquals(1, test.count("webhook_call"));
    }

    @Test
    void aRollbackLeavesNeitherEventNorCall() {
        webhook(test.team(), "email.sent", "ENABLED");

        assertThrows(
                IllegalStateException.class,
                () ->
                        test.store()
                                .write(tx -> {
                                    events.record(tx, event("email.sent", Map.of()));
                                    throw new IllegalStateException("after the event");
                                }));

        assertEquals(0, test.count("event"));
        assertEquals(0, test.count("webhook_call"));
    }

    @Test
    void eventAndCallOutliveARestart() {
        webhook(test.team(), "email.sent", "ENABLED");
        record("email.sent");

        test.reopen();

        assertEquals(1, test.count("event"));
        assertEquals(1, calls().size());
    }

    private void record(String... types) {
        test.store()
                .write(tx -> {
                    events.recordAll(
                            tx,
                            java.util.Arrays.stream(types)
                                    .map(type -> event(type, Map.of()))
                                    .toList());
                    return null;
                });
    }

    private Event event(String type, Object data) {
        return new Event(test.team(), EMAIL, type, AT, data);
    }

    private UUID webhook(TeamId team, String types, String status) {
        UUID id = ids.next();
        test.store()
                .write(tx ->
                        tx.update(
                                """
                                INSERT INTO webhook
                                    (id, team_id, endpoint, events, status, sealed_secret, created_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?)
                                """,
                                id,
                                team.value(),
                                "https://example.com/" + id,
                                types,
                                status,
                                new byte[1],
                                AT));
        return id;
    }

    private List<String> calls() {
        return test.store()
                .read(tx ->
                        tx.query(
                                """
                                SELECT c.webhook_id, c.type, c.status, c.attempts
                                FROM webhook_call c ORDER BY c.id
                                """,
                                row ->
                                        row.uuid("webhook_id")
                                                + " "
                                                + row.string("type")
                                                + " "
                                                + row.string("status")
                                                + " "
                                                + row.integer("attempts")));
    }
}
