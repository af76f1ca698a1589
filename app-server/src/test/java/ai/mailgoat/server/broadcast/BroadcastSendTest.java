package ai.mailgoat.server.broadcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastSendTest {
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
    void sendsADraftAtOnce() {
        String id = f.draft();
        f.teams.pass(Duration.ofSeconds(5));
        var reply = f.call("POST", "/" + id + "/send", "{'scheduled_at':''}");
        assertEquals(200, reply.status());
        assertEquals(id, reply.text("id"));
        var shown = f.get(id);
        assertEquals("queued", shown.get("status").stringValue());
        assertTrue(shown.get("scheduled_at").isNull());
        assertTrue(shown.get("sent_at").isNull());
        assertEquals("2026-03-01 10:00:05.123456+00", shown.get("updated_at").stringValue());
        assertEquals(1, f.wakes.get());
    }

    @Test
    void sendsOrSchedulesAsItIsMade() {
        assertEquals("queued", f.status(f.make("{'send':true}")));
        String later = f.make("{'send':true,'scheduled_at':'in 1 hour'}");
        assertEquals("scheduled", f.status(later));
        assertEquals(
                "2026-03-01 11:00:00.123456+00", f.get(later).get("scheduled_at").stringValue());
        assertEquals(2, f.wakes.get());
    }

    @Test
    void whatIsScheduledCanBeADraftAgain() {
        String id = f.draft();
        assertEquals(
                200, f.call("POST", "/" + id + "/send", "{'scheduled_at':'in 1 hour'}").status());
        assertEquals("scheduled", f.status(id));
        var before = f.get(id);
        for (String step : List.of("send", "pause", "resume", "retry", "change")) {
            var refused = step(id, step);
            assertEquals(422, refused.status(), step);
            assertEquals(
                    "The broadcast cannot be " + done(step) + ": it is scheduled; cancel it first.",
                    refused.text("message"));
        }
        assertEquals(before, f.get(id));
        var reply = f.call("POST", "/" + id + "/cancel", "");
        assertEquals(200, reply.status());
        assertEquals("broadcast", reply.text("object"));
        assertEquals("draft", f.status(id));
        assertTrue(f.get(id).get("scheduled_at").isNull());
        for (String step : List.of("cancel", "pause", "resume", "retry")) {
            assertEquals(
                    "The broadcast cannot be " + done(step) + ": it is a draft.",
                    step(id, step).text("message"));
        }
        f.call("POST", "/" + id + "/send", "{'scheduled_at':'in 1 hour'}");
        assertEquals(200, f.call("DELETE", "/" + id, "").status());
        assertEquals(List.of(), f.ids(""));
    }

    @Test
    void pausesAndResumesAndCancels() {
        String id = f.make("{'send':true}");
        for (int i = 0; i < 2; i++) {
            assertEquals(200, f.call("POST", "/" + id + "/pause", "").status());
            assertTrue(f.get(id).get("paused").booleanValue());
            assertEquals("queued", f.status(id));
        }
        int before = f.wakes.get();
        for (int i = 0; i < 2; i++) {
            assertEquals(200, f.call("POST", "/" + id + "/resume", "").status());
            assertFalse(f.get(id).get("paused").booleanValue());
        }
        assertTrue(f.wakes.get() > before);
        f.call("POST", "/" + id + "/pause", "");
        assertEquals(200, f.call("POST", "/" + id + "/cancel", "").status());
        assertEquals("canceled", f.status(id));
        assertFalse(f.get(id).get("paused").booleanValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queued   | send,change,delete,retry | it is being sent",
                "sent     | send,change,delete,cancel,pause,resume | it was sent",
                "sent     | retry | it failed to reach nobody",
                "canceled | send,change,delete,cancel,pause,resume | it was canceled",
                "failed   | send,change,delete,cancel,pause,resume | it failed",
            })
    void whatRunsOrIsOverStaysAsItIs(String status, String steps, String why) {
        String id = f.make("{'send':true}");
        f.addRecipient(id, 0, "sent", null);
        f.end(id, status, 2, 0);
        var before = f.get(id);
        assertEquals(status, before.get("status").stringValue());
        assertEquals(2, before.get("counts").get("sent").intValue());
        for (String step : steps.split(",")) {
            var reply = step(id, step);
            assertEquals(
                    "The broadcast cannot be " + done(step) + ": " + why + ".",
                    reply.text("message"));
            assertEquals("validation_error", reply.text("name"));
            assertEquals(422, reply.status());
            assertEquals(before, f.get(id), step);
        }
        assertEquals(List.of(id), f.ids(""));
    }

    @Test
    void thePaceOfWhatIsBeingSentCanBeChangedAndNothingElse() {
        String id = f.make("{'send':true}");
        assertEquals(200, f.call("PATCH", "/" + id, "{'messages_per_minute':30}").status());
        assertEquals(30, f.get(id).get("messages_per_minute").intValue());
        var refused = f.call("PATCH", "/" + id, "{'messages_per_minute':40,'subject':'New'}");
        assertEquals("The broadcast cannot be changed: it is being sent.", refused.text("message"));
        assertEquals(30, f.get(id).get("messages_per_minute").intValue());
        f.end(id, "sent", 1, 0);
        assertEquals(422, f.call("PATCH", "/" + id, "{'messages_per_minute':50}").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'subject':null} | 422 | missing_required_field | The broadcast has no `subject`.",
                "{'from':null} | 422 | missing_required_field | The broadcast has no `from`.",
                "{'html':null} | 422 | missing_required_field | The broadcast has no `html` or `text`.",
                "{'html':'<p>Hello</p>'} | 422 | validation_error | The broadcast has no way to unsubscribe. Add {{{RESEND_UNSUBSCRIBE_URL}}} to its `html` or `text`.",
                "{'html':'{{RESEND_UNSUBSCRIBE_URL}}'} | 422 | validation_error | The broadcast has no way to unsubscribe. Add {{{RESEND_UNSUBSCRIBE_URL}}} to its `html` or `text`.",
                "{'from':'a@nobody.example'} | 403 | validation_error | The nobody.example domain is not verified. Please, add and verify your domain on https://resend.com/domains",
                "{'from':'a@theirs.example'} | 403 | validation_error | The theirs.example domain is not verified. Please, add and verify your domain on https://resend.com/domains",
            })
    void aDraftThatCannotBeSentStaysOne(String change, int status, String name, String message) {
        f.addDomain("theirs.example", f.teams.other.value());
        String id = f.draft();
        assertEquals(200, f.call("PATCH", "/" + id, change).status());
        var before = f.get(id);
        var reply = f.call("POST", "/" + id + "/send", "");
        assertEquals(message, reply.text("message"));
        assertEquals(name, reply.text("name"));
        assertEquals(status, reply.status());
        assertEquals(before, f.get(id));
        assertEquals(0, f.wakes.get());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{{RESEND_UNSUBSCRIBE_URL}}}",
                "{{{ UNSUBSCRIBE_URL }}}",
                "{{{unsubscribe_url}}}",
                "{{{unsubscribe_url|https://x.example/}}}",
            })
    void theLinkToUnsubscribeHasSeveralNamesAndPlaces(String link) {
        f.make("{'send':true,'html':'<a href=" + link + ">x</a>'}");
        f.make("{'send':true,'text':'" + link + "','html':'-'}");
        f.make("{'send':true,'text':'" + link + "','html':'<p>x</p>'}");
        assertEquals(3, f.wakes.get());
    }

    @Test
    void whatCannotBeSentIsNotKeptAsADraftEither() {
        assertEquals(422, f.call("POST", "", f.request("{'send':true,'html':'x'}")).status());
        assertEquals(
                403,
                f.call("POST", "", f.request("{'send':true,'from':'a@nobody.example'}")).status());
        assertEquals(
                "Invalid `scheduled_at` field. Use an ISO 8601 time such as `2026-08-05T11:52:01.858Z`, or English such"
                        + " as `in 1 hour` or `tomorrow at 9am`.",
                f.call("POST", "", f.request("{'send':true,'scheduled_at':'soon'}"))
                        .text("message"));
        assertEquals(
                422,
                f.call("POST", "", f.request("{'send':true,'scheduled_at':'in 31 days'}"))
                        .status());
        assertEquals(List.of(), f.ids(""));
    }

    @Test
    void aSegmentOrATopicThatIsGoneCannotBeSentTo() {
        String id = f.make("{'topic_id':'" + f.topic + "'}");
        f.teams.call(f.teams.acme, "DELETE", "/topics/" + f.topic, "");
        var reply = f.call("POST", "/" + id + "/send", "");
        assertEquals(404, reply.status());
        assertEquals("Topic not found", reply.text("message"));
        f.teams.call(f.teams.acme, "DELETE", "/segments/" + f.segment, "");
        assertEquals("Audience not found", f.call("POST", "/" + id + "/send", "").text("message"));
        assertEquals("draft", f.status(id));
    }

    @Test
    void aKeyOfOneDomainSendsFromNoOther() {
        String id = f.draft();
        var bound =
                new Principal(
                        f.teams.acme,
                        new ApiKeyId(f.teams.ids.next()),
                        Permission.FULL_ACCESS,
                        new DomainId(f.teams.ids.next()));
        var reply = f.teams.call(bound, "POST", "/broadcasts/" + id + "/send", "");
        assertEquals(403, reply.status());
        assertEquals(
                "This API key is not authorized to send emails from mailgoat.test.",
                reply.text("message"));
        assertEquals("draft", f.status(id));
    }

    @ParameterizedTest
    @CsvSource({"sent,failed,", "sent,sent,transient", "canceled,failed,", "failed,failed,"})
    void triesThoseAgainWhomItDidNotReach(String status, String state, String bounce) {
        String id = f.make("{'name':'News','send':true,'topic_id':'" + f.topic + "'}");
        f.addRecipient(id, 0, "sent", null);
        f.addRecipient(id, 1, state, bounce);
        f.end(id, status, 1, 1);
        f.teams.call(f.teams.acme, "DELETE", "/segments/" + f.segment, "");
        int before = f.wakes.get();
        var reply = f.call("POST", "/" + id + "/retry", "");
        assertEquals(201, reply.status());
        var retry = f.get(reply.text("id"));
        assertEquals(id, retry.get("retry_of").stringValue());
        assertEquals("queued", retry.get("status").stringValue());
        assertEquals("News (Retry)", retry.get("name").stringValue());
        assertTrue(retry.get("segment_id").isNull());
        assertEquals(f.topic, retry.get("topic_id").stringValue());
        assertEquals(f.get(id).get("html"), retry.get("html"));
        assertEquals(0, retry.get("counts").get("audience").intValue());
        assertEquals(before + 1, f.wakes.get());
        assertEquals(status, f.status(id));
    }

    @Test
    void nobodyIsTriedTwiceAtOnceOrAfterARetryReachedHim() {
        String id = f.make("{'send':true}");
        f.addRecipient(id, 0, "failed", null);
        f.end(id, "sent", 0, 1);
        String retry = f.call("POST", "/" + id + "/retry", "").text("id");
        String refusal =
                "The broadcast was retried already. Retry the broadcast " + retry + " instead.";
        for (String status : List.of("queued", "sent", "canceled", "failed")) {
            f.end(retry, status, 1, 1);
            var reply = f.call("POST", "/" + id + "/retry", "");
            assertEquals(422, reply.status(), status);
            assertEquals(refusal, reply.text("message"), status);
        }
        assertEquals(2, f.ids("").size());
        f.addRecipient(retry, 0, "failed", null);
        assertEquals(201, f.call("POST", "/" + retry + "/retry", "").status());
        // A retry that reached nobody is as if it had not been.
        f.end(retry, "canceled", 0, 1);
        assertEquals(201, f.call("POST", "/" + id + "/retry", "").status());
    }

    @Test
    void aRetryNeedsASenderThatStillMaySend() {
        String id = f.make("{'from':'a@nobody.example'}");
        f.addRecipient(id, 0, "failed", null);
        f.end(id, "sent", 0, 1);
        var reply = f.call("POST", "/" + id + "/retry", "");
        assertEquals(403, reply.status());
        assertEquals(List.of(id), f.ids(""));
    }

    private TwoTeams.Reply step(String id, String step) {
        return switch (step) {
            case "change" -> f.call("PATCH", "/" + id, "{'subject':'Changed'}");
            case "delete" -> f.call("DELETE", "/" + id, "");
            default -> f.call("POST", "/" + id + "/" + step, "");
        };
    }

    private static String done(String step) {
        return switch (step) {
            case "send" -> "sent";
            case "cancel" -> "canceled";
            case "pause" -> "paused";
            case "resume" -> "resumed";
            case "retry" -> "retried";
            case "change" -> "changed";
            default -> "deleted";
        };
    }
}
