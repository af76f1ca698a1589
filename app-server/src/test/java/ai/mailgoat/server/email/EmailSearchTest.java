package ai.mailgoat.server.email;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.email.EmailFilter.Address;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmailSearchTest {
    @TempDir Path dataDir;
    private EmailFixture f;
    private final Map<String, String> names = new HashMap<>();

    @BeforeEach
    void open() {
        f = new EmailFixture(dataDir);
        send("a", Map.of("to", "Ann <Ann@x.example>", "subject", "Your invoice 100%"));
        f.teams.pass(Duration.ofHours(1));
        send("b", Map.of("to", "bob@x.example", "cc", "ann@x.example", "subject", "INVOICE_7"));
        f.teams.pass(Duration.ofHours(1));
        send(
                "c",
                Map.of(
                        "to",
                        "zed@x.example",
                        "bcc",
                        "ann+news@y.example",
                        "from",
                        "other@mailgoat.test"));
        f.teams.pass(Duration.ofHours(1));
        send("d", Map.of("to", "bob@x.example", "reply_to", "ann@x.example"));
        names.put(f.send(f.teams.other, Map.of("to", "ann@x.example")), "foreign");
        tag("a", "[{\"name\":\"kind\",\"value\":\"bill\"},{\"name\":\"a_b\",\"value\":\"1\"}]");
        tag("b", "[{\"name\":\"kind\",\"value\":\"news\"}]");
        tag("c", "[{\"name\":\"aXb\",\"value\":\"1\"}]");
        f.teams.store.write(tx ->
                tx.update(
                        "UPDATE email SET last_event = 'bounced' WHERE id = ?",
                        UUID.fromString(id("b"))));
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void recipientsOfEveryKind() {
        assertEquals("b a", found("to=ann@x.example"));
        assertEquals("b a", found("to=ANN@X.example"));
        assertEquals("d b", found("to=bob@x.example"));
        assertEquals("c", found("to=ann+news@y.example"));
        assertEquals("c", found("to=ann news@y.example"));
        assertEquals("", found("to=nn@x.example"));
        assertEquals("d c b a", found("to=@x.example"));
        assertEquals("c", found("to=@y.example"));
        assertEquals("", found("to=@example.com"));
    }

    @Test
    void senders() {
        assertEquals("d b a", found("from=Acme@mailgoat.test"));
        assertEquals("c", found("from=other@mailgoat.test"));
        assertEquals("d c b a", found("from=@mailgoat.test"));
        assertEquals("", found("from=@oat.test"));
        assertEquals("", found("from=cme@mailgoat.test"));
    }

    @Test
    void statusesTagsSubjectsAndTimes() {
        assertEquals("b", found("status=bounced"));
        assertEquals("d c b a", found("status=bounced,sent"));
        assertEquals("b a", found("tag=kind"));
        assertEquals("a", found("tag=kind:bill"));
        assertEquals("a", found("tag=a_b"));
        assertEquals("a", found("tag=kind:bill,a_b:1"));
        assertEquals("", found("tag=kind:bil"));
        assertEquals("b a", found("subject=invoice"));
        assertEquals("a", found("subject=100%"));
        assertEquals("b", found("subject=_"));
        assertEquals("d c", found("created_after=2026-03-01T11:00:00.123456Z"));
        assertEquals("b a", found("created_before=2026-03-01T12:00:00.123456Z"));
        assertEquals(
                "b",
                found("created_after=2026-03-01T10:30:00Z&created_before=2026-03-01T11:30:00Z"));
        assertEquals("d c b a", found("created_after=2026-03-01&created_before=2026-03-02"));
        assertEquals("", found("created_after=2026-03-02"));
    }

    @Test
    void allThatIsAskedMustBeTrue() {
        assertEquals("a", found("to=ann@x.example&subject=invoice&tag=kind:bill&status=sent"));
        assertEquals("", found("to=ann@x.example&subject=invoice&tag=kind:bill&status=bounced"));
    }

    @Test
    void nobodyFindsTheMailOfOthers() {
        var reply = f.teams.call(f.teams.other, "GET", "/emails?to=@x.example", "");
        assertEquals(1, reply.body().get("data").size());
        assertEquals("foreign", names.get(reply.body().get("data").get(0).get("id").stringValue()));
    }

    @Test
    void pagesGoOnWhereTheyEndedInSlicesOfAnySize() {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < 30; i++) {
            boolean wanted = i % 3 == 0;
            String id = f.send(Map.of("to", wanted ? "zoe@z.example" : "no@z.example"));
            if (wanted) {
                ids.addFirst(UUID.fromString(id));
            }
        }
        var filter = to("zoe@z.example");
        for (int slice : new int[] {1, 2, 7, 1_000}) {
            var search = new EmailSearch(f.teams.store, slice, Duration.ofMinutes(1));
            var older = new ArrayList<UUID>();
            Page page = new Page(4, null, null);
            while (true) {
                var list = page.list(ids(search, filter, page));
                older.addAll(list.data());
                if (!list.hasMore()) {
                    break;
                }
                page = new Page(4, older.getLast(), null);
            }
            assertEquals(ids, older, "slices of " + slice);

            page = new Page(4, null, ids.getLast());
            var newer = page.list(ids(search, filter, page));
            assertEquals(ids.subList(5, 9), newer.data());
            assertTrue(newer.hasMore());
            page = new Page(20, null, ids.getLast());
            assertEquals(ids.subList(0, 9), page.list(ids(search, filter, page)).data());
        }
        assertEquals(
                "true",
                f.get("/emails?to=zoe@z.example&limit=4").body().get("has_more").asString());
    }

    @Test
    void aSearchThatTakesTooLongSaysSo() {
        var search = new EmailSearch(f.teams.store, 1, Duration.ZERO);
        var page = new Page(20, null, null);
        var found = search.find(f.teams.acme, to("bob@x.example"), page);
        assertEquals(List.of(id("d")), found.rows().stream().map(r -> r.id().toString()).toList());
        assertEquals(false, found.isWhole());
        var none =
                assertThrows(
                        ApiException.class,
                        () -> search.find(f.teams.acme, to("none@x.example"), page));
        assertEquals(422, none.status());
        assertTrue(String.valueOf(none.getMessage()).contains("`created_after`"));
    }

    @Test
    void listsReadNoMoreRowsThanTheyShow() {
        for (var page :
                List.of(
                        new Page(20, null, null),
                        new Page(20, UUID.fromString(id("c")), null),
                        new Page(20, null, UUID.fromString(id("a"))))) {
            String sql =
                    "EXPLAIN "
                            + EmailStore.LISTED
                            + "WHERE team_id = ?"
                            + page.sql("team_id", "id");
            var plan =
                    f.teams.store.read(tx ->
                            tx.first(
                                    sql,
                                    row -> row.string("PLAN"),
                                    page.parameters(f.teams.acme.value())));
            assertTrue(plan.orElseThrow().contains("index sorted"), plan.get());
        }
    }

    @Test
    void badFiltersAreRefused() {
        refused("to=ann", "Invalid `to` parameter.");
        refused("to=@", "Invalid `to` parameter.");
        refused("from=a@b@c", "Invalid `from` parameter.");
        refused("status=happy", "Invalid `status` parameter. It must be one of: queued,");
        refused("tag=a b", "Invalid `tag` parameter.");
        refused("tag=a:b:c", "Invalid `tag` parameter.");
        refused("tag=a,b,c,d,e,f,g,h,i,j,k", "The `tag` parameter can name at most 10 tags.");
        refused("created_after=soon", "The `created_after` parameter must be a date");
        refused("created_before=2026-13-01", "The `created_before` parameter must be a date");
        refused("to=a@x.example&limit=0", "The pagination limit");
        assertEquals("d c b a", found("to=&status=,&subject="));
    }

    private static EmailFilter to(String address) {
        return new EmailFilter(
                Optional.of(new Address(address)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private List<UUID> ids(EmailSearch search, EmailFilter filter, Page page) {
        return search.find(f.teams.acme, filter, page).rows().stream()
                .map(row -> row.id().value())
                .toList();
    }

    private void send(String name, Map<String, Object> fields) {
        names.put(f.send(fields), name);
    }

    private String id(String name) {
        return names.entrySet().stream()
                .filter(e -> e.getValue().equals(name))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void tag(String name, String json) {
        f.teams.store.write(tx ->
                tx.update(
                        "UPDATE email SET tags = ? WHERE id = ?", json, UUID.fromString(id(name))));
    }

    private String found(String query) {
        var reply = f.get("/emails?" + query);
        assertEquals(200, reply.status(), () -> query + reply.body());
        var found = new ArrayList<String>();
        reply.body()
                .get("data")
                .forEach(item -> found.add(names.get(item.get("id").stringValue())));
        return String.join(" ", found);
    }

    private void refused(String query, String message) {
        var reply = f.get("/emails?" + query);
        assertEquals(422, reply.status(), query);
        assertEquals("validation_error", reply.text("name"));
        assertTrue(reply.text("message").startsWith(message), reply.text("message"));
    }
}
