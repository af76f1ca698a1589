package ai.mailgoat.server.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.EventStreamRoutes.Pace;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.HttpServer;
import ai.mailgoat.server.http.HttpSettings;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.http.RequestLog;
import ai.mailgoat.server.team.TwoTeams;
import ai.mailgoat.server.webhook.WebhookCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventStreamTest {
    @TempDir Path dataDir;
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicBoolean keysAreGood = new AtomicBoolean(true);
    private TwoTeams teams;
    private Events events;
    private EventStreams streams;
    private HttpServer server;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        events = new Events(teams.ids, new WebhookCalls(teams.ids));
        streams = new EventStreams(teams.store, events);
        server = serve(Pace.DEFAULT);
    }

    @AfterEach
    void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        server.close();
        teams.close();
    }

    private HttpServer serve(Pace pace) {
        var endpoints = new Endpoints();
        new EventStreamRoutes(streams, caller -> keysAreGood.get(), pace).register(endpoints);
        var settings = new HttpSettings("127.0.0.1", 0, 1 << 20, 0, Clock.systemUTC());
        return new HttpServer(settings, endpoints, this::authenticate, RequestLog.debug()).start();
    }

    private Optional<Principal> authenticate(String token) {
        var team = token.equals("acme") ? teams.acme : teams.other;
        var key = new ApiKeyId(new UUID(0, 1));
        return Optional.of(new Principal(team, key, Permission.FULL_ACCESS, null));
    }

    /// One open stream; `lines` are those of the answer without the framing of chunks.
    private final class Stream {
        private final BufferedReader reader;
        private final int status;

        Stream(String token, String query, String... headers) throws IOException {
            var socket = new Socket("127.0.0.1", server.port());
            sockets.add(socket);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            ("GET /events/stream"
                                            + query
                                            + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
                                            + "authorization: Bearer "
                                            + token
                                            + "\r\n"
                                            + String.join("", headers)
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            reader =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            status = Integer.parseInt(reader.readLine().split(" ")[1]);
            if (status == 200) {
                assertEquals("retry: 1000", next("retry"));
            }
        }

        /// The next line that begins with `name`; all others are left out. `null` at the end.
        String next(String name) throws IOException {
            String line = reader.readLine();
            while (line != null && !line.startsWith(name)) {
                line = reader.readLine();
            }
            return line;
        }

        String nextId() throws IOException {
            String line = next("id: ");
            return line == null ? "none" : line.substring(4);
        }

        String body() throws IOException {
            String line = next("{");
            return line == null ? "" : line;
        }
    }

    /// @return the id of what was recorded
    private String happens(TeamId team, String type, Object data) {
        teams.store.write(tx -> {
            events.record(
                    tx, new Event(team, teams.ids.next(), type, teams.clock().instant(), data));
            return true;
        });
        return newest();
    }

    private String newest() {
        return streams.last().toString();
    }

    @Test
    void anEventComesAtOnceAsAWebhookHasIt() throws IOException {
        var stream = new Stream("acme", "");
        happens(teams.other, "email.sent", Map.of("not", "ours"));
        happens(teams.acme, "email.queued", Map.of("stays", "inside"));
        long start = System.nanoTime();
        String id = happens(teams.acme, "email.delivered", Map.of("subject", "Grüße\n\nzwei"));
        assertEquals("id: " + id, stream.next("id: "));
        assertTrue(System.nanoTime() - start < 1_000_000_000L, "took its time");
        assertEquals("event: email.delivered", stream.next("event"));
        assertEquals(
                "data: {\"type\":\"email.delivered\",\"created_at\":\"2026-03-01T10:00:00.123Z\","
                        + "\"data\":{\"subject\":\"Grüße\\n\\nzwei\"}}",
                stream.next("data"));
        assertEquals("", stream.next(""));
    }

    @Test
    void withoutACursorItBeginsNow() throws IOException {
        happens(teams.acme, "email.sent", Map.of());
        var stream = new Stream("acme", "");
        String later = happens(teams.acme, "email.sent", Map.of());
        assertEquals(later, stream.nextId());
    }

    @Test
    void aCursorMissesNothingAndRepeatsNothing() throws IOException {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 1_300; i++) {
            ids.add(happens(teams.acme, "email.sent", Map.of("i", i)));
        }
        var first = new Stream("acme", "?after=" + ids.get(0));
        for (int i = 1; i < 1_300; i++) {
            assertEquals(ids.get(i), first.nextId());
        }
        // The client's first URL again, and what it saw last.
        var again =
                new Stream(
                        "acme",
                        "?after=" + ids.get(0),
                        "last-event-id: " + ids.get(1_297) + "\r\n");
        assertEquals(ids.get(1_298), again.nextId());
        assertEquals(ids.get(1_299), again.nextId());
        String later = happens(teams.acme, "email.sent", Map.of());
        assertEquals(later, again.nextId());
        assertEquals(later, first.nextId());
    }

    // What other teams do in between must not keep a cursor from getting on.
    @Test
    void aCursorPassesOverTheEventsOfOthers() throws IOException {
        String before = happens(teams.acme, "email.sent", Map.of());
        teams.store.write(tx -> {
            var others = new ArrayList<Event>();
            for (int i = 0; i < 12_000; i++) {
                others.add(
                        new Event(teams.other, new UUID(1, i), "email.sent", TwoTeams.START, "x"));
            }
            events.recordAll(tx, others);
            return true;
        });
        String after = happens(teams.acme, "email.sent", Map.of());
        assertEquals(after, new Stream("acme", "?after=" + before).nextId());
    }

    @Test
    void onlyTheAskedTypesCome() throws IOException {
        var stream = new Stream("acme", "?types=email.bounced,%20domain.created");
        happens(teams.acme, "email.sent", Map.of());
        String bounced = happens(teams.acme, "email.bounced", Map.of());
        happens(teams.acme, "email.sent", Map.of());
        String created = happens(teams.acme, "domain.created", Map.of());
        assertEquals(bounced, stream.nextId());
        assertEquals(created, stream.nextId());
    }

    @Test
    void anUnknownCursorStandsForItsTime() throws IOException {
        happens(teams.acme, "email.sent", Map.of());
        String unknown = teams.ids.next().toString();
        String after = happens(teams.acme, "email.sent", Map.of());
        assertEquals(after, new Stream("acme", "?after=" + unknown).nextId());
        // From the future: nothing that was is told again.
        var future = new Stream("acme", "?after=ffffffff-ffff-7fff-bfff-ffffffffffff");
        var all = new Stream("acme", "?after=00000000-0000-0000-0000-000000000000");
        all.nextId();
        assertEquals(after, all.nextId());
        happens(teams.acme, "email.sent", Map.of());
        all.nextId();
        assertTrue(!future.reader.ready() || !future.next("").startsWith("id"));
    }

    @Test
    void whatIsWrongIsRefused() throws IOException {
        var cursor = new Stream("acme", "?after=yesterday");
        assertEquals(422, cursor.status);
        assertTrue(cursor.body().contains("The `after` cursor must be a valid UUID."));
        var header = new Stream("acme", "", "last-event-id: 1\r\n");
        assertEquals(422, header.status);
        assertTrue(header.body().contains("The `Last-Event-ID` cursor must be a valid UUID."));
        var types = new Stream("acme", "?types=email.sent,email.exploded");
        assertEquals(422, types.status);
        assertTrue(types.body().contains("Invalid `types` parameter."));
        assertEquals(422, new Stream("acme", "?types=email.queued").status);
    }

    @Test
    void aTeamHasSoManyStreamsAndNoMore() throws Exception {
        for (int i = 0; i < EventStreams.MAX_OF_TEAM; i++) {
            assertEquals(200, new Stream("acme", "").status);
        }
        var refused = new Stream("acme", "");
        assertEquals(429, refused.status);
        assertTrue(refused.body().contains("You can have at most 10 at a time."));
        assertEquals(200, new Stream("other", "").status);
        sockets.getFirst().close();
        // Its end is noticed when something is said to it.
        int status = 429;
        for (int i = 0; i < 100 && status == 429; i++) {
            happens(teams.acme, "email.sent", Map.of());
            Thread.sleep(50);
            status = new Stream("acme", "").status;
        }
        assertEquals(200, status);
    }

    @Test
    void silenceIsBrokenNowAndThenAndLifeIsBounded() throws IOException {
        server.close();
        server = serve(new Pace(Duration.ofMillis(300), Duration.ofSeconds(2)));
        long start = System.nanoTime();
        var stream = new Stream("acme", "");
        int comments = 0;
        while (stream.next(":") != null) {
            comments++;
        }
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(comments >= 4 && comments <= 7, comments + " comments");
        assertTrue(took >= 1_900 && took < 6_000, took + " ms");
    }

    @Test
    void aRevokedKeyEndsIt() throws IOException {
        server.close();
        server = serve(new Pace(Duration.ofMillis(200), Duration.ofHours(1)));
        var stream = new Stream("acme", "");
        keysAreGood.set(false);
        while (stream.next(":") != null) {
            assertTrue(true);
        }
    }

    @Test
    void closingTheServerEndsItWithinASecond() throws IOException {
        var stream = new Stream("acme", "");
        long start = System.nanoTime();
        server.close();
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(took < 1_000, took + " ms");
        assertEquals("none", stream.nextId());
        server = serve(Pace.DEFAULT);
    }

    @Test
    void underLoadEverythingComesInOrder() throws Exception {
        var stream = new Stream("acme", "");
        var writes = new ArrayList<CompletableFuture<Boolean>>();
        for (int i = 0; i < 3_000; i++) {
            var team = i % 3 == 0 ? teams.other : teams.acme;
            writes.add(
                    teams.store.writeAsync(tx -> {
                        events.record(
                                tx,
                                new Event(
                                        team,
                                        new UUID(0, 1),
                                        "email.sent",
                                        TwoTeams.START,
                                        Map.of()));
                        return true;
                    }));
        }
        String last = "";
        for (int i = 0; i < 2_000; i++) {
            String id = stream.nextId();
            assertTrue(id.compareTo(last) > 0, id + " after " + last);
            last = id;
        }
        writes.forEach(CompletableFuture::join);
    }

    @Test
    void readingOnUsesTheIndex() {
        String plan =
                teams.store.read(tx ->
                        tx.first(
                                        "EXPLAIN SELECT id FROM event WHERE id > ? ORDER BY id DESC"
                                                + " FETCH FIRST 1 ROWS ONLY",
                                        row -> row.string("PLAN"),
                                        new UUID(0, 0))
                                .orElseThrow());
        assertTrue(plan.contains("PRIMARY_KEY") && plan.contains("index sorted"), plan);
    }
}
