package ai.mailgoat.server.rehearsal;

import static ai.mailgoat.server.rehearsal.RehearsalFixture.LINK;
import static ai.mailgoat.server.rehearsal.RehearsalFixture.codes;
import static ai.mailgoat.server.rehearsal.RehearsalFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RehearsalTest {
    private RehearsalFixture f;

    @BeforeEach
    void open(@TempDir Path dataDir) throws IOException {
        f = new RehearsalFixture(dataDir);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void itShowsWhatContactsWouldRead() {
        f.make("/contact-properties", "{'key':'city','type':'string','fallback_value':'A & B'}");
        String ann =
                f.contact("ann@x.example", ",'first_name':'<Ann>','properties':{'city':'Graz'}");
        String bob = f.contact("bob@x.example", "");
        String id =
                f.broadcast(
                        Map.of(
                                "subject", "Hi {{{FIRST_NAME|you}}}",
                                "preview_text", "From {{{city}}}",
                                "html",
                                        "<html><body><p>{{{contact.first_name|<i>you</i>}}} in {{{city}}}</p>"
                                                + LINK
                                                + "</body></html>"));
        String before = state(id);
        var said = f.rehearse(id);
        assertEquals(before, state(id));

        assertEquals("broadcast_rehearsal", said.get("object").asString());
        assertEquals(id, said.get("broadcast_id").asString());
        assertTrue(said.get("ready").asBoolean());
        assertEquals(
                "{'contacts':2,'receiving':2,'unsubscribed':0,'opted_out':0,'suppressed':0,'complete':true}",
                text(said.get("audience")));
        assertEquals(List.of("note reserved_domain"), codes(said));
        assertEquals("[]", text(said.get("links")));
        var messages = said.get("messages");
        assertEquals(2, messages.size());
        var first = messages.get(0);
        assertEquals(ann, first.get("contact_id").asString());
        assertEquals("ann@x.example", first.get("email").asString());
        assertTrue(first.get("excluded").isNull());
        assertEquals("Hi <Ann>", first.get("subject").asString());
        String html = first.get("html").asString();
        assertTrue(html.startsWith("<html><body><div style=\"display:none;"), html);
        assertTrue(html.contains(">From Graz&nbsp;&zwnj;"), html);
        assertTrue(
                html.endsWith(
                        "</div><p>&lt;Ann&gt; in Graz</p><a href=\"https://m.example/unsubscribe/rehearsal\">no more</a>"
                                + "</body></html>"),
                html);
        assertEquals(html.length(), first.get("html_size").asInt());
        assertEquals(
                "<Ann> in Graz\n\nno more (https://m.example/unsubscribe/rehearsal)",
                first.get("text").asString().strip());
        assertFalse(first.get("truncated").asBoolean());
        assertEquals(bob, messages.get(1).get("contact_id").asString());
        assertEquals("Hi you", messages.get(1).get("subject").asString());
        assertTrue(
                messages.get(1).get("html").asString().contains("<i>you</i> in A &amp; B"),
                messages.get(1).toString());
        assertEquals(List.of(), f.asked, "the link to unsubscribe is not followed");
    }

    @Test
    void everybodyIsCountedOnce() {
        String topic = f.make("/topics", "{'name':'News','default_subscription':'opt_in'}");
        String out = ",'topics':[{'id':'" + topic + "','subscription':'opt_out'}]";
        for (int i = 0; i < 7; i++) {
            f.contact("c" + i + "@x.example", "");
        }
        String gone = f.contact("gone@x.example", ",'unsubscribed':true" + out);
        String unwilling = f.contact("unwilling@x.example", out);
        f.contact("dead@x.example", "");
        for (String address : List.of("dead@x.example", "gone@x.example", "c0@y.example")) {
            f.make("/suppressions", "{'email':'" + address + "'}");
        }
        f.make("/contacts", "{'email':'elsewhere@x.example'}");
        f.make(f.teams.other, "/contacts", "{'email':'c1@x.example','unsubscribed':true}");

        String id = f.broadcast(Map.of("topic_id", topic));
        var said = f.rehearse(id);
        assertEquals(
                "{'contacts':10,'receiving':7,'unsubscribed':1,'opted_out':1,'suppressed':1,'complete':true}",
                text(said.get("audience")));
        assertEquals(List.of("note reserved_domain", "warning many_suppressed"), codes(said));
        assertTrue(
                message(said, 1).startsWith("1 of 8 contacts who want the broadcast"),
                said::toString);
        assertEquals(
                List.of(
                        "c0@x.example",
                        "c1@x.example",
                        "c2@x.example",
                        "c3@x.example",
                        "c4@x.example"),
                said.get("messages").valueStream().map(m -> m.get("email").asString()).toList());

        var chosen =
                f.rehearse(
                                id,
                                "{'contact_ids':['"
                                        + unwilling
                                        + "','"
                                        + gone
                                        + "','"
                                        + unwilling
                                        + "']}")
                        .body()
                        .get("messages");
        assertEquals(
                List.of("opted_out", "unsubscribed"),
                chosen.valueStream().map(m -> m.get("excluded").asString()).toList());
    }

    @Test
    void aLargeAudienceIsWalkedInSlices() {
        var team = f.teams.acme.value();
        f.teams.store.write(tx -> {
            for (int i = 0; i < 2_000; i++) {
                var id = f.teams.ids.next();
                tx.update(
                        """
                        INSERT INTO contact (id, team_id, email, address, unsubscribed, properties, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, '{}', ?, ?)\
                        """,
                        id,
                        team,
                        i + "@x.example",
                        i + "@x.example",
                        i % 10 == 0,
                        f.teams.clock().instant(),
                        f.teams.clock().instant());
                tx.update(
                        "INSERT INTO segment_contact (segment_id, contact_id) VALUES (?, ?)",
                        java.util.UUID.fromString(f.segment),
                        id);
            }
            return true;
        });
        var said = f.rehearse(f.broadcast(Map.of("html", "{{{FIRST_NAME}}}" + LINK)));
        assertEquals(
                "{'contacts':2000,'receiving':1800,'unsubscribed':200,'opted_out':0,'suppressed':0,'complete':true}",
                text(said.get("audience")));
        assertEquals(
                "For 1800 of 1800 contacts nothing is put in for {{{contact.first_name}}}. Give it a fallback:"
                        + " {{{contact.first_name|…}}}.",
                message(said, 1));
    }

    @Test
    void whatIsMissingIsNamed() {
        String id = f.broadcast(Map.of("html", "-", "text", "Hi"));
        assertEquals(
                List.of(
                        "error missing_unsubscribe",
                        "note reserved_domain",
                        "error empty_audience"),
                codes(f.rehearse(id)));
        for (String field : List.of("from", "subject", "text")) {
            f.strip(id, field);
        }
        f.teams.call(f.teams.acme, "DELETE", "/segments/" + f.segment, "");
        var said = f.rehearse(id);
        assertFalse(said.get("ready").asBoolean());
        assertEquals(
                List.of(
                        "error missing_from",
                        "error missing_subject",
                        "error missing_content",
                        "error segment_gone",
                        "error empty_audience"),
                codes(said));
        assertEquals("[]", text(said.get("messages")));
    }

    @Test
    void placesThatSayNothingAreNamed() {
        f.make("/contact-properties", "{'key':'plan','type':'string','fallback_value':'free'}");
        f.make("/contact-properties", "{'key':'city','type':'string'}");
        f.contact("ann@x.example", ",'first_name':'Ann','properties':{'city':'Graz'}");
        f.contact("bob@x.example", "");
        f.contact("cy@x.example", ",'unsubscribed':true");
        String id =
                f.broadcast(
                        Map.of(
                                "subject", "{{{FIRST_NAME}}}",
                                "html", "{{{plan}}} {{{city|there}}} {{{plna}}} {{{x|y}}}" + LINK,
                                "text", "{{{city}}}"));
        var said = f.rehearse(id);
        assertTrue(said.get("ready").asBoolean());
        assertEquals(
                List.of(
                        "warning unknown_property",
                        "warning unknown_property",
                        "note reserved_domain",
                        "warning empty_value",
                        "warning empty_value"),
                codes(said));
        assertEquals(
                "There is no contact property for {{{contact.plna}}}: nothing is put in for anybody.",
                message(said, 0));
        assertEquals(
                "There is no contact property for {{{contact.x}}}: everybody reads its fallback.",
                message(said, 1));
        assertTrue(
                message(said, 3)
                        .startsWith(
                                "For 1 of 2 contacts nothing is put in for {{{contact.city}}}"));
        assertTrue(
                message(said, 4)
                        .startsWith(
                                "For 1 of 2 contacts nothing is put in for {{{contact.first_name}}}"));
    }

    @Test
    void badRequestsAreRefused() {
        String id = f.broadcast(Map.of());
        String stranger = f.make(f.teams.other, "/contacts", "{'email':'ann@x.example'}");
        assertRefused(
                id,
                "{'contact_ids':'x'}",
                422,
                "invalid_parameter",
                "The `contact_ids` must be a valid UUID.");
        assertRefused(id, "{'contact_ids':[1]}", 422, "validation_error", null);
        assertRefused(id, "{'contact_ids':{}}", 422, "validation_error", null);
        assertRefused(id, "[]", 400, null, null);
        assertRefused(
                id, "{'contact_ids':['" + stranger + "']}", 404, "not_found", "Contact not found");
        String six =
                IntStream.range(0, 6)
                        .mapToObj(i -> "'" + f.teams.ids.next() + "'")
                        .collect(Collectors.joining(","));
        assertRefused(
                id,
                "{'contact_ids':[" + six + "]}",
                422,
                "validation_error",
                "The `contact_ids` field can name at most 5 contacts.");
        assertRefused("x", "{}", 422, "invalid_parameter", "The `id` must be a valid UUID.");
        assertRefused(f.teams.ids.next().toString(), "{}", 404, "not_found", "Broadcast not found");
        var reply = f.teams.call(f.teams.other, "POST", "/broadcasts/" + id + "/rehearse", "{}");
        assertEquals(404, reply.status());
        assertEquals("Broadcast not found", reply.text("message"));
        assertEquals(200, f.rehearse(id, "").status());
    }

    private void assertRefused(String id, String body, int status, String name, String message) {
        var reply = f.rehearse(id, body);
        if (name != null) {
            assertEquals(
                    status + " " + name,
                    reply.status() + " " + reply.text("name"),
                    reply.text("message"));
        }
        assertTrue(reply.status() >= 400 && reply.status() < 500);
        if (message != null) {
            assertEquals(message, reply.text("message"));
        }
    }

    private static String message(JsonNode said, int problem) {
        return said.get("problems").get(problem).get("message").asString();
    }

    private String state(String id) {
        return f.teams.store.read(tx ->
                tx.query(
                                "SELECT CAST(b.id AS VARCHAR(40)) AS id, status, updated_at, (SELECT COUNT(*) FROM event) AS n,"
                                        + " (SELECT COUNT(*) FROM email) AS m FROM broadcast b",
                                row ->
                                        row.string("status")
                                                + row.instant("updated_at")
                                                + row.integer("n")
                                                + row.integer("m"))
                        .toString());
    }
}
