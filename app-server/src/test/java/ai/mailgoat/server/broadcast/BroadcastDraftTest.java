package ai.mailgoat.server.broadcast;

import static ai.mailgoat.server.broadcast.BroadcastFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BroadcastDraftTest {
    private BroadcastFixture f;

    @BeforeEach
    void open(@TempDir Path directory) {
        f = new BroadcastFixture(directory);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void tellsOfADraftFromItsCreationToItsDeletion() {
        var made =
                f.call(
                        "POST",
                        "",
                        f.request(
                                "{'name':'November','topic_id':'"
                                        + f.topic
                                        + "','reply_to':'desk@acme.example','preview_text':'All of it','text':'News "
                                        + BroadcastFixture.LINK
                                        + "','messages_per_minute':600}"));
        assertEquals(201, made.status());
        String id = made.text("id");
        assertEquals("{\"object\":\"broadcast\",\"id\":\"" + id + "\"}", text(made.body()));
        String counts =
                "'counts':{'audience':0,'waiting':0,'sent':0,'failed':0,'suppressed':0,'skipped':0}";
        assertEquals(
                "{'object':'broadcast','id':'"
                        + id
                        + "','name':'November','audience_id':'"
                        + f.segment
                        + "','segment_id':'"
                        + f.segment
                        + "','topic_id':'"
                        + f.topic
                        + "','from':'Ada <ada@mailgoat.test>','subject':'News for {{{contact.first_name|you}}}',"
                        + "'reply_to':['desk@acme.example'],'preview_text':'All of it',"
                        + "'html':'<p>News</p><a href=~{{{RESEND_UNSUBSCRIBE_URL}}}~>Unsubscribe</a>',"
                        + "'text':'News {{{RESEND_UNSUBSCRIBE_URL}}}','status':'draft','reason':null,'paused':false,"
                        + "'messages_per_minute':600,'retry_of':null,"
                        + counts
                        + ",'created_at':'2026-03-01 10:00:00.123456+00','updated_at':'2026-03-01 10:00:00.123456+00',"
                        + "'scheduled_at':null,'sent_at':null}",
                shown(id));
        assertEquals(
                "{'object':'list','has_more':false,'data':[{'object':'broadcast','id':'"
                        + id
                        + "','name':'November','audience_id':'"
                        + f.segment
                        + "','segment_id':'"
                        + f.segment
                        + "','topic_id':'"
                        + f.topic
                        + "','status':'draft','paused':false,"
                        + counts
                        + ",'created_at':'2026-03-01 10:00:00.123456+00','scheduled_at':null,'sent_at':null}]}",
                quoted(text(f.call("GET", "", "").body())));

        f.teams.pass(Duration.ofSeconds(1));
        String other = f.makeSegment(f.teams.acme);
        var changed =
                f.call(
                        "PATCH",
                        "/" + id,
                        "{'name':'December','segment_id':'"
                                + other
                                + "','topic_id':null,'from':'bob@mailgoat.test','subject':'Other','reply_to':null,"
                                + "'preview_text':null,'html':null,'text':'Bye','messages_per_minute':null}");
        assertEquals(200, changed.status());
        assertEquals("{\"object\":\"broadcast\",\"id\":\"" + id + "\"}", text(changed.body()));
        assertEquals(
                "{'object':'broadcast','id':'"
                        + id
                        + "','name':'December','audience_id':'"
                        + other
                        + "','segment_id':'"
                        + other
                        + "','topic_id':null,'from':'bob@mailgoat.test','subject':'Other','reply_to':[],"
                        + "'preview_text':null,'html':null,'text':'Bye','status':'draft','reason':null,'paused':false,"
                        + "'messages_per_minute':null,'retry_of':null,"
                        + counts
                        + ",'created_at':'2026-03-01 10:00:00.123456+00','updated_at':'2026-03-01 10:00:01.123456+00',"
                        + "'scheduled_at':null,'sent_at':null}",
                shown(id));

        assertEquals(
                "{\"object\":\"broadcast\",\"id\":\"" + id + "\",\"deleted\":true}",
                text(f.call("DELETE", "/" + id, "").body()));
        for (String call : calls()) {
            var gone = f.call(call.split(" ")[0], call.split(" ")[1].replace("{}", id), "{}");
            assertEquals(404, gone.status(), call);
            assertEquals("not_found", gone.text("name"), call);
            assertEquals("Broadcast not found", gone.text("message"), call);
        }
        assertEquals(0, f.wakes.get(), "a draft is nobody's business");
    }

    @Test
    void takesTheSegmentByItsOlderNameAndDoesWithoutAName() {
        String id = f.make("{'segment_id':'-','audience_id':'" + f.segment + "','topic_id':''}");
        assertEquals(f.segment, f.get(id).get("segment_id").stringValue());
        assertEquals("Untitled", f.get(id).get("name").stringValue());
        assertTrue(f.get(id).get("topic_id").isNull());
        assertTrue(f.get(id).get("messages_per_minute").isNull());
        String other = f.makeSegment(f.teams.acme);
        f.call("PATCH", "/" + id, "{'audience_id':'" + other + "'}");
        assertEquals(other, f.get(id).get("audience_id").stringValue());
        f.call("PATCH", "/" + id, "{'name':null,'segment_id':null}");
        assertEquals("Untitled", f.get(id).get("name").stringValue());
        assertEquals(other, f.get(id).get("segment_id").stringValue());
    }

    @Test
    void anEmptyTextIsAMailWithoutOne() {
        assertEquals("", f.get(f.make("{'text':''}")).get("text").stringValue());
        assertTrue(f.get(f.make("{'text':null}")).get("text").isNull());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'segment_id':'-'}; 422; missing_required_field; Missing `segment_id` field.",
                "{'segment_id':''}; 422; missing_required_field; Missing `segment_id` field.",
                "{'segment_id':7}; 422; validation_error; The `segment_id` field must be a string.",
                "{'segment_id':'x'}; 422; invalid_parameter; The `segment_id` must be a valid UUID.",
                "{'segment_id':'00000000-0000-4000-8000-000000000000'}; 404; not_found; Audience not found",
                "{'topic_id':'x'}; 422; invalid_parameter; The `topic_id` must be a valid UUID.",
                "{'topic_id':'00000000-0000-4000-8000-000000000000'}; 404; not_found; Topic not found",
                "{'from':'-'}; 422; missing_required_field; Missing `from` field.",
                "{'from':['a@x.example']}; 422; validation_error; The `from` field must be a string.",
                "{'from':'nobody'}; 422; validation_error; Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.",
                "{'subject':null}; 422; missing_required_field; Missing `subject` field.",
                "{'subject':'a\\r\\nBcc: b@x.example'}; 422; validation_error; Invalid `subject` field. Line breaks and control characters are not allowed.",
                "{'html':'-'}; 422; validation_error; Missing `html` or `text` field.",
                "{'html':''}; 422; validation_error; Missing `html` or `text` field.",
                "{'html':'\\u0000'}; 422; validation_error; Invalid `html` field. It has a NUL character.",
                "{'text':{}}; 422; validation_error; The `text` field must be a string.",
                "{'reply_to':['a@x.example','b']}; 422; validation_error; Invalid `reply_to` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.",
                "{'preview_text':'\\u0007'}; 422; validation_error; Invalid `preview_text` field. Control characters are not allowed.",
                "{'subject':'{{{first_name'}; 422; validation_error; Invalid `subject` field. It has `{{{first_name` without `}}}` behind it.",
                "{'html':'{{{#if}}}'}; 422; validation_error; Invalid `html` field. It has `{{{#if}}}`, which names nothing: expected `{{{contact.first_name|fallback}}}` and the like.",
                "{'preview_text':'{{{}}}'}; 422; validation_error; Invalid `preview_text` field. It has `{{{}}}`, which names nothing: expected `{{{contact.first_name|fallback}}}` and the like.",
                "{'html':'-','text':''}; 422; validation_error; Missing `html` or `text` field.",
                "{'name':false}; 422; validation_error; The `name` field must be a string.",
                "{'send':'yes'}; 422; validation_error; The `send` field must be a boolean.",
                "{'scheduled_at':'in 1 hour'}; 422; validation_error; The `scheduled_at` field can only be used together with `send`.",
                "{'messages_per_minute':0}; 422; validation_error; The `messages_per_minute` field must be a whole number from 1 to 1000000.",
                "{'messages_per_minute':1.5}; 422; validation_error; The `messages_per_minute` field must be a whole number from 1 to 1000000.",
                "{'messages_per_minute':99999999999999999999}; 422; validation_error; The `messages_per_minute` field must be a whole number from 1 to 1000000.",
                "{'messages_per_minute':'10'}; 422; validation_error; The `messages_per_minute` field must be a whole number from 1 to 1000000.",
            })
    void refusesWhatCannotBeABroadcast(String more, int status, String name, String message) {
        var reply = f.call("POST", "", f.request(more));
        assertEquals(message, reply.text("message"));
        assertEquals(name, reply.text("name"));
        assertEquals(status, reply.status());
        assertEquals(List.of(), f.ids(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':''} | 422 | Missing `name` field.",
                "{'segment_id':'00000000-0000-4000-8000-000000000000'} | 404 | Audience not found",
                "{'topic_id':'00000000-0000-4000-8000-000000000000'} | 404 | Topic not found",
                "{'from':'nobody'} | 422 | Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.",
                "{'html':[]} | 422 | The `html` field must be a string.",
                "{'messages_per_minute':-1} | 422 | The `messages_per_minute` field must be a whole number from 1 to 1000000.",
            })
    void refusesAChangeThatIsNotOne(String body, int status, String message) {
        String id = f.draft();
        var before = f.get(id);
        var reply = f.call("PATCH", "/" + id, body);
        assertEquals(message, reply.text("message"));
        assertEquals(status, reply.status());
        assertEquals(before, f.get(id));
    }

    @Test
    void aDraftCanBeChangedThoughItsSegmentHasGone() {
        String id = f.draft();
        f.teams.call(f.teams.acme, "DELETE", "/segments/" + f.segment, "");
        assertEquals(200, f.call("PATCH", "/" + id, "{'subject':'Still here'}").status());
        assertEquals("Still here", f.get(id).get("subject").stringValue());
        assertEquals(200, f.call("POST", "/" + id + "/duplicate", "").status());
    }

    @Test
    void duplicatesTheContentAndNotWhatBecameOfIt() {
        String id = f.make("{'name':'News','send':true,'messages_per_minute':60}");
        f.end(id, "sent", 3, 0);
        f.teams.pass(Duration.ofHours(1));
        var reply = f.call("POST", "/" + id + "/duplicate", "");
        assertEquals(200, reply.status());
        String copy = reply.text("id");
        assertNotEquals(id, copy);
        var shown = f.get(copy);
        assertEquals("News (copy)", shown.get("name").stringValue());
        assertEquals("draft", shown.get("status").stringValue());
        assertEquals(0, shown.get("counts").get("audience").intValue());
        assertEquals("2026-03-01 11:00:00.123456+00", shown.get("created_at").stringValue());
        assertTrue(shown.get("sent_at").isNull());
        for (String same :
                List.of("segment_id", "from", "subject", "html", "messages_per_minute")) {
            assertEquals(f.get(id).get(same), shown.get(same), same);
        }
        String longest = f.make("{'name':'" + "x".repeat(199) + "'}");
        String cut = f.call("POST", "/" + longest + "/duplicate", "").text("id");
        assertEquals("x".repeat(193) + " (copy)", f.get(cut).get("name").stringValue());
    }

    @Test
    void pagesBothWays() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(f.draft());
        }
        assertEquals(ids, f.ids(""));
        assertEquals(ids.subList(2, 4), f.ids("?limit=2&after=" + ids.get(1)));
        assertEquals(ids.subList(1, 3), f.ids("?limit=2&before=" + ids.get(3)));
        assertEquals(422, f.call("GET", "?limit=0", "").status());
    }

    @Test
    void anotherTeamSeesNothingOfItAndCannotUseWhatIsNotItsOwn() {
        String id = f.draft();
        var before = f.get(id);
        for (String call : calls()) {
            var reply =
                    f.teams.call(
                            f.teams.other,
                            call.split(" ")[0],
                            "/broadcasts" + call.split(" ")[1].replace("{}", id),
                            "{}");
            assertEquals(404, reply.status(), call);
            assertEquals("Broadcast not found", reply.text("message"), call);
        }
        assertEquals(
                0, f.teams.call(f.teams.other, "GET", "/broadcasts", "").body().get("data").size());
        var stolen = f.teams.call(f.teams.other, "POST", "/broadcasts", f.request("{}"));
        assertEquals("Audience not found", stolen.text("message"));
        String theirs = f.makeTopic(f.teams.other);
        assertEquals(
                "Topic not found",
                f.call("POST", "", f.request("{'topic_id':'" + theirs + "'}")).text("message"));
        assertEquals(404, f.call("PATCH", "/" + id, "{'topic_id':'" + theirs + "'}").status());
        assertEquals(before, f.get(id));
    }

    private static List<String> calls() {
        return List.of(
                "GET /{}",
                "PATCH /{}",
                "DELETE /{}",
                "POST /{}/send",
                "POST /{}/cancel",
                "POST /{}/pause",
                "POST /{}/resume",
                "POST /{}/duplicate",
                "POST /{}/retry");
    }

    private String shown(String id) {
        return quoted(text(f.get(id)));
    }

    private static String quoted(String json) {
        return json.replace("\\\"", "~").replace('"', '\'');
    }
}
