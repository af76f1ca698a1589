package ai.mailgoat.server.suppression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.suppression.Suppression.Origin;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SuppressionsTest {
    @TempDir Path dataDir;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private TwoTeams teams;
    private Suppressions suppressions;

    @BeforeEach
    void open() {
        teams = new TwoTeams(dataDir);
        suppressions =
                new Suppressions(
                        teams.store,
                        (tx, event) -> tx.afterCommit(() -> events.add(event)),
                        teams.clock(),
                        teams.ids);
        new SuppressionRoutes(teams.store, suppressions).register(teams.endpoints);
    }

    @AfterEach
    void close() {
        teams.close();
    }

    @Test
    void onlyTheTeamsOwnListCounts() {
        add(teams.acme, "a@x.example", Origin.BOUNCE);
        add(teams.other, "b@x.example", Origin.BOUNCE);
        var asked = List.of("a@x.example", "b@x.example", "c@x.example");
        assertEquals(Set.of("a@x.example"), suppressed(teams.acme, asked));
        assertEquals(Set.of("b@x.example"), suppressed(teams.other, asked));
        assertEquals(Set.of(), suppressed(teams.acme, List.of()));
    }

    @Test
    void anyNumberOfAddressesCanBeAsked() {
        var all = new ArrayList<String>();
        for (int i = 0; i < 3_000; i++) {
            all.add("u" + i + "@x.example");
        }
        for (int i : new int[] {0, 1, 2, 3, 1_023, 1_024, 1_025, 2_999}) {
            add(teams.acme, all.get(i), Origin.MANUAL);
        }
        for (int size : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 1_024, 1_025, 3_000}) {
            var found = suppressed(teams.acme, all.subList(0, size));
            assertEquals(
                    size < 5 ? size : size < 1_024 ? 4 : found.size(), found.size(), "" + size);
        }
        assertEquals(8, suppressed(teams.acme, all).size());
    }

    @Test
    void anAddressIsEnteredOnceAndKeepsItsFirstOrigin() {
        var source = UUID.randomUUID();
        var first =
                teams.store.write(tx ->
                        suppressions.add(tx, teams.acme, "a@x.example", Origin.BOUNCE, source));
        var second = add(teams.acme, "a@x.example", Origin.COMPLAINT);
        assertEquals(first, second);
        assertEquals(source, first.sourceId());
        assertEquals(List.of("suppression.added"), events.stream().map(Event::type).toList());
    }

    @Test
    void theRoutesAddShowListAndRemove() {
        var added = call("POST", "/suppressions", "{\"email\":\"Ann+News@X.example\"}");
        assertEquals(201, added.status());
        String id = added.text("id");
        assertEquals("{\"object\":\"suppression\",\"id\":\"" + id + "\"}", added.body().toString());
        String entry =
                "{\"object\":\"suppression\",\"id\":\""
                        + id
                        + "\",\"email\":\"ann+news@x.example\",\"origin\":\"manual\","
                        + "\"source_id\":null,\"created_at\":\"2026-03-01 10:00:00.123456+00\"}";
        assertEquals(entry, call("GET", "/suppressions/" + id, "").body().toString());
        assertEquals(entry, call("GET", "/suppressions/ann+NEWS@x.example", "").body().toString());
        assertEquals(
                entry,
                call("GET", "/suppressions?origin=manual", "")
                        .body()
                        .get("data")
                        .get(0)
                        .toString());
        assertEquals(0, call("GET", "/suppressions?origin=bounce", "").body().get("data").size());
        assertEquals(422, call("GET", "/suppressions?origin=whim", "").status());

        var removed = call("DELETE", "/suppressions/Ann+news@x.example", "{}");
        assertEquals(
                "{\"object\":\"suppression\",\"id\":\"" + id + "\",\"deleted\":true}",
                removed.body().toString());
        var gone = call("GET", "/suppressions/" + id, "");
        assertEquals(404, gone.status());
        assertEquals("Suppression not found", gone.text("message"));
        assertEquals(
                List.of("suppression.added", "suppression.removed"),
                events.stream().map(Event::type).toList());
    }

    @Test
    void batchesAddAndRemove() {
        var added =
                call(
                        "POST",
                        "/suppressions/batch/add",
                        "{\"emails\":[\"a@x.example\",\"b@x.example\",\"A@x.example\"]}");
        assertEquals(201, added.status());
        var data = added.body().get("data");
        assertEquals(data.get(0), data.get(2), "the same entry");
        String idOfB = data.get(1).get("id").stringValue();
        var removed = call("POST", "/suppressions/batch/remove", "{\"ids\":[\"" + idOfB + "\"]}");
        assertEquals(
                "{\"data\":[{\"object\":\"suppression\",\"id\":\""
                        + idOfB
                        + "\",\"deleted\":true}]}",
                removed.body().toString());
        assertEquals(
                Set.of("a@x.example"),
                suppressed(teams.acme, List.of("a@x.example", "b@x.example")));
        call("POST", "/suppressions/batch/remove", "{\"emails\":[\"a@X.example\"]}");
        assertEquals(Set.of(), suppressed(teams.acme, List.of("a@x.example")));
    }

    @Test
    void badRequestsAreRefused() {
        assertEquals("Missing `email` field.", call("POST", "/suppressions", "{}").text("message"));
        var bad = call("POST", "/suppressions", "{\"email\":\"nobody\"}");
        assertEquals(422, bad.status());
        assertTrue(bad.text("message").startsWith("Invalid `email` field."));
        assertEquals(422, call("GET", "/suppressions/7", "").status());
        assertEquals(422, call("POST", "/suppressions/batch/remove", "{}").status());
        assertEquals(
                422,
                call(
                                "POST",
                                "/suppressions/batch/remove",
                                "{\"ids\":[\"7\"],\"emails\":[\"a@x.example\"]}")
                        .status());
        assertEquals(422, call("POST", "/suppressions/batch/add", "{\"emails\":[]}").status());
        var many = "\"a@x.example\",".repeat(100) + "\"b@x.example\"";
        assertEquals(
                422,
                call("POST", "/suppressions/batch/add", "{\"emails\":[" + many + "]}").status());
        assertEquals(Set.of(), suppressed(teams.acme, List.of("a@x.example")));
    }

    @Test
    void teamsDoNotSeeEachOthersEntries() {
        var entry = add(teams.acme, "a@x.example", Origin.BOUNCE);
        for (String key : List.of(entry.id().toString(), "a@x.example")) {
            assertEquals(404, teams.call(teams.other, "GET", "/suppressions/" + key, "").status());
            assertEquals(
                    404, teams.call(teams.other, "DELETE", "/suppressions/" + key, "").status());
        }
        assertEquals(
                0, teams.call(teams.other, "GET", "/suppressions", "").body().get("data").size());
        teams.call(
                teams.other,
                "POST",
                "/suppressions/batch/remove",
                "{\"emails\":[\"a@x.example\"]}");
        assertEquals(Set.of("a@x.example"), suppressed(teams.acme, List.of("a@x.example")));
    }

    private TwoTeams.Reply call(String method, String path, String body) {
        return teams.call(teams.acme, method, path, body);
    }

    private Suppression add(TeamId team, String address, Origin origin) {
        return teams.store.write(tx -> suppressions.add(tx, team, address, origin, null));
    }

    private Set<String> suppressed(TeamId team, Collection<String> addresses) {
        return teams.store.read(tx -> suppressions.suppressed(tx, team, addresses));
    }
}
