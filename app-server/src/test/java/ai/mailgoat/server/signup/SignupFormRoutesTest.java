package ai.mailgoat.server.signup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `/signup-forms` and `/signups`, as the API has them.
class SignupFormRoutesTest {
    private static final String NOBODY = "018f0000-0000-7000-8000-00000000dead";

    @TempDir Path data;
    private SignupFixture f;

    @BeforeEach
    void open() {
        f = new SignupFixture(data, 0);
    }

    @AfterEach
    void close() {
        f.close();
    }

    @Test
    void aFormIsKeptAsItWasGiven() {
        String segment = f.segment("Readers");
        String topic =
                f.call("POST", "/topics", "{'name':'T','default_subscription':'opt_in'}")
                        .text("id");
        var made =
                f.call(
                        "POST",
                        "/signup-forms",
                        """
                        {'name':' Footer ','segment_id':'%s','topic_ids':['%s','%s'],'from':'Acme <news@mailgoat.test>',
                        'fields':['last_name','first_name','last_name'],'title':'T','intro':'a\\nb','button':'B',
                        'consent_text':'C','confirm_subject':'S','confirm_text':'X','redirect_url':'https://acme.example/',
                        'max_per_hour':7}\
                        """
                                .formatted(segment, topic, topic));
        assertEquals(201, made.status(), made.body().toString());
        String id = made.text("id");
        var expected =
                Json.tree(
                        """
                        {"object":"signup_form","id":"%1$s","name":"Footer","status":"open","closed_reason":null,
                        "segment_id":"%2$s","topic_ids":["%3$s"],"from":"Acme <news@mailgoat.test>",
                        "fields":["last_name","first_name"],"title":"T","intro":"a\\nb","button":"B","consent_text":"C",
                        "confirm_subject":"S","confirm_text":"X","redirect_url":"https://acme.example/","max_per_hour":7,
                        "url":"https://mail.example/goat/signup/%1$s",
                        "embed_url":"https://mail.example/goat/signup/%1$s?embed=1",
                        "created_at":"2026-03-01 10:00:00.123456+00","updated_at":"2026-03-01 10:00:00.123456+00"}\
                        """
                                .formatted(id, segment, topic)
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(expected, made.body());
        assertEquals(expected, f.get("/signup-forms/" + id).body());
        assertEquals(expected, f.get("/signup-forms").body().get("data").get(0));
    }

    @Test
    void whatIsNotNamedInAChangeStays() {
        var made = f.form(",'title':'T','intro':'I','redirect_url':'https://acme.example/'");
        String path = "/signup-forms/" + made.text("id");
        f.teams.pass(java.time.Duration.ofSeconds(1));
        var changed = f.call("PATCH", path, "{'title':null,'intro':'  ','button':'Go','name':'N'}");
        assertEquals(200, changed.status());
        assertEquals("signup_form", changed.text("object"));
        assertEquals(made.text("id"), changed.text("id"));
        var form = f.get(path);
        assertEquals("null", form.text("title"));
        assertEquals("null", form.text("intro"));
        assertEquals("Go", form.text("button"));
        assertEquals("N", form.text("name"));
        assertEquals("https://acme.example/", form.text("redirect_url"));
        assertEquals(made.text("segment_id"), form.text("segment_id"));
        assertEquals("2026-03-01 10:00:01.123456+00", form.text("updated_at"));
        assertEquals(made.text("created_at"), form.text("created_at"));
    }

    @Test
    void aSegmentThatIsGoneDoesNotKeepTheFormFromBeingMended() {
        var made = f.form("");
        String path = "/signup-forms/" + made.text("id");
        f.call("DELETE", "/segments/" + made.text("segment_id"), "");
        assertEquals(200, f.call("PATCH", path, "{'name':'Other'}").status());
        assertEquals("closed", f.get(path).text("status"));
        f.call("PATCH", path, "{'segment_id':'" + f.segment("New") + "'}");
        assertEquals("open", f.get(path).text("status"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | missing_required_field | Missing `name` field.",
                "{'name':' '} | missing_required_field | Missing `name` field.",
                "{'name':'a\\nb'} | validation_error | Invalid `name` field. Line breaks and control characters are not allowed.",
                "{'name':'a'} | missing_required_field | Missing `segment_id` field.",
                "{'name':'a','segment_id':'x'} | invalid_parameter | The `segment_id` must be a valid UUID.",
                "{'name':'a','segment_id':'SEGMENT'} | missing_required_field | Missing `from` field.",
            })
    void aNewFormNeedsThree(String body, String name, String message) {
        check("POST", "/signup-forms", body, 422, name, message);
        assertEquals(0, f.count("signup_form"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'from':'x'} | 422 | Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.",
                "{'from':7} | 422 | The `from` field must be a string.",
                "{'from':'a@unknown.example'} | 403 | The unknown.example domain is not verified. The mail that asks for confirmation needs a verified sender.",
                "{'segment_id':'NOBODY'} | 404 | Audience not found",
                "{'topic_ids':['NOBODY']} | 404 | Topic not found",
                "{'topic_ids':['x']} | 422 | The `topic_ids` must be a valid UUID.",
                "{'topic_ids':[7]} | 422 | The `topic_ids` field must be a string.",
                "{'fields':['email']} | 422 | Invalid `fields` field. It may have: first_name, last_name.",
                "{'title':'a\\nb'} | 422 | Invalid `title` field. Line breaks and control characters are not allowed.",
                "{'title':'\\ud800'} | 422 | Invalid `title` field. Line breaks and control characters are not allowed.",
                "{'intro':'a\\u0000b'} | 422 | Invalid `intro` field. Control characters are not allowed.",
                "{'intro':'\\ud800'} | 422 | Invalid `intro` field. Control characters are not allowed.",
                "{'confirm_subject':{}} | 422 | The `confirm_subject` field must be a string.",
                "{'redirect_url':'javascript:alert(1)'} | 422 | Invalid `redirect_url` field. It must be a URL such as https://example.com/welcome.",
                "{'redirect_url':'//evil.example'} | 422 | Invalid `redirect_url` field. It must be a URL such as https://example.com/welcome.",
                "{'redirect_url':'https://'} | 422 | Invalid `redirect_url` field. It must be a URL such as https://example.com/welcome.",
                "{'redirect_url':'https://ä.example/'} | 422 | Invalid `redirect_url` field. It must be a URL such as https://example.com/welcome.",
                "{'redirect_url':'https://a.example/\\r\\nx'} | 422 | Invalid `redirect_url` field. It must be a URL such as https://example.com/welcome.",
                "{'max_per_hour':0} | 422 | The `max_per_hour` field must be a number between 1 and 100000.",
                "{'max_per_hour':99999999999999999999} | 422 | The `max_per_hour` field must be a number between 1 and 100000.",
                "{'max_per_hour':'7'} | 422 | The `max_per_hour` field must be a number between 1 and 100000.",
                "{'max_per_hour':1.5} | 422 | The `max_per_hour` field must be a number between 1 and 100000.",
            })
    void whatIsWrongIsNamedAndChangesNothing(String body, int status, String message) {
        String path = "/signup-forms/" + f.form("").text("id");
        var before = f.get(path).body();
        var reply = f.call("PATCH", path, body.replace("NOBODY", NOBODY));
        assertEquals(status, reply.status());
        assertEquals(message, reply.text("message"));
        assertEquals(before, f.get(path).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "title",
                "button",
                "confirm_subject",
                "intro",
                "consent_text",
                "confirm_text"
            })
    void textsHaveAnEnd(String field) {
        String path = "/signup-forms/" + f.form("").text("id");
        int max = field.endsWith("text") || field.equals("intro") ? 2_000 : 200;
        var fits = f.call("PATCH", path, "{'%s':'%s'}".formatted(field, "x".repeat(max)));
        assertEquals(200, fits.status());
        var tooLong = f.call("PATCH", path, "{'%s':'%s'}".formatted(field, "x".repeat(max + 1)));
        assertEquals(422, tooLong.status());
        assertEquals(
                "The `%s` field must have at most %d characters.".formatted(field, max),
                tooLong.text("message"));
    }

    @Test
    void anotherTeamSeesNothing() {
        String form = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        String signup = f.get("/signups").body().at("/data/0/id").asString();
        for (String path : List.of("/signup-forms/" + form, "/signups/" + signup)) {
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                if (method.equals("PATCH") && path.startsWith("/signups")) {
                    continue;
                }
                var reply = f.call(f.teams.other, method, path, "{}");
                assertEquals(404, reply.status(), method + path);
                assertEquals(
                        path.startsWith("/signups") ? "Signup not found" : "Signup form not found",
                        reply.text("message"));
            }
        }
        for (String path : List.of("/signup-forms", "/signups", "/signups?form_id=" + form)) {
            var reply = f.call(f.teams.other, "GET", path, "");
            assertEquals(0, reply.body().get("data").size(), path);
        }
        var foreign =
                f.call(
                        f.teams.other,
                        "POST",
                        "/signup-forms",
                        "{'name':'x','from':'a@mailgoat.test','segment_id':'%s'}"
                                .formatted(f.get("/signup-forms/" + form).text("segment_id")));
        assertEquals(404, foreign.status());
        assertEquals(1, f.count("signup_form"));
        assertEquals(1, f.count("signup"));
    }

    @Test
    void formsAreListedNewestFirst() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(f.form("").text("id"));
        }
        assertEquals(ids.subList(0, 2), ids("/signup-forms?limit=2"));
        assertEquals(ids.subList(2, 4), ids("/signup-forms?limit=2&after=" + ids.get(1)));
        assertEquals(ids.subList(1, 3), ids("/signup-forms?limit=2&before=" + ids.get(3)));
    }

    @Test
    void signupsAreListedByFormAndByAddress() {
        String one = f.form("").text("id");
        String two = f.form("").text("id");
        f.signUp(one, "a@x.example");
        f.signUp(two, "b@x.example");
        f.signUp(one, "b@x.example");
        var all = ids("/signups");
        assertEquals(3, all.size());
        assertEquals(List.of(all.get(0), all.get(2)), ids("/signups?form_id=" + one));
        assertEquals(List.of(all.get(2)), ids("/signups?form_id=" + one + "&after=" + all.get(1)));
        assertEquals(all.subList(0, 2), ids("/signups?email=B@x.example"));
        assertEquals(all.subList(1, 2), ids("/signups?email=b@x.example&after=" + all.get(0)));
        assertEquals(List.of(), ids("/signups?form_id=" + NOBODY));
        assertEquals(422, f.get("/signups?form_id=" + one + "&email=b@x.example").status());
        assertEquals(422, f.get("/signups?form_id=x").status());
        assertEquals(422, f.get("/signups?email=x").status());
    }

    @Test
    void aSignupCanBeForgotten() {
        f.signUp(f.form("").text("id"), "a@x.example");
        String link = f.links("a@x.example").getFirst();
        String id = ids("/signups").getFirst();
        var deleted = f.call("DELETE", "/signups/" + id, "");
        assertEquals(200, deleted.status());
        assertEquals("true", deleted.text("deleted"));
        assertEquals("signup", deleted.text("object"));
        assertEquals(404, f.get("/signups/" + id).status());
        assertEquals(404, f.call("DELETE", "/signups/" + id, "").status());
        assertEquals(410, f.press(link).status());
        assertEquals(0, f.count("contact"));
    }

    private List<String> ids(String path) {
        var reply = f.get(path);
        assertTrue(reply.status() == 200, reply.body().toString());
        var ids = new ArrayList<String>();
        reply.body().get("data").forEach(row -> ids.add(row.get("id").asString()));
        return ids;
    }

    private void check(
            String method, String path, String body, int status, String name, String message) {
        var reply = f.call(method, path, body.replace("SEGMENT", f.segment("Readers")));
        assertEquals(status, reply.status());
        assertEquals(name, reply.text("name"));
        assertEquals(message, reply.text("message"));
    }
}
