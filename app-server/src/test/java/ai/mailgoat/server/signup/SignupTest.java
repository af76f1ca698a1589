package ai.mailgoat.server.signup;

import static ai.mailgoat.server.signup.SignupFixture.LOOK;
import static ai.mailgoat.server.signup.SignupFixture.heading;
import static ai.mailgoat.server.signup.SignupFixture.html;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From the form to the contact.
class SignupTest {
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
    void whoConfirmsIsInTheSegment() {
        String topic =
                f.call("POST", "/topics", "{'name':'Letters','default_subscription':'opt_out'}")
                        .text("id");
        var made = f.form(",'fields':['first_name'],'topic_ids':['" + topic + "']");
        String form = made.text("id");
        var sent = f.signUp(form, Map.of("email", "Ann@x.example", "first_name", " Ann "));
        assertEquals(200, sent.status());
        assertEquals(LOOK, heading(sent));
        assertEquals(0, f.count("contact"));

        var asked = f.get("/signups").body().get("data").get(0);
        String id = asked.get("id").asString();
        assertEquals("pending", asked.get("status").asString());
        assertTrue(asked.get("contact_id").isNull());
        assertEquals(form, asked.get("form_id").asString());
        assertEquals("Ann@x.example", asked.get("email").asString());
        assertEquals("Ann", asked.get("first_name").asString());
        assertTrue(asked.get("last_name").isNull());
        assertEquals(List.of("signup.requested"), f.told(id));

        String link = f.links("ann@x.example").getFirst();
        var page = f.page(link);
        assertEquals(200, page.status());
        assertEquals("Do you want to sign up?", heading(page));
        assertTrue(html(page).text().contains("Ann@x.example is going to get email from Acme."));
        assertEquals(0, f.count("contact"), "to look changes nothing");

        f.teams.pass(Duration.ofMinutes(1));
        var done = f.press(link);
        assertEquals(200, done.status());
        assertEquals("You are signed up", heading(done));
        var contact = f.get("/contacts/ann@x.example");
        assertEquals("Ann@x.example", contact.text("email"));
        assertEquals("Ann", contact.text("first_name"));
        assertEquals("false", contact.text("unsubscribed"));
        String segment = made.text("segment_id");
        assertEquals(
                segment,
                f.get("/contacts/ann@x.example/segments").body().at("/data/0/id").asString());
        assertEquals(
                "opt_in",
                f.get("/contacts/ann@x.example/topics")
                        .body()
                        .at("/data/0/subscription")
                        .asString());
        assertEquals(
                List.of("contact.created", "contact.topics.updated"), f.told(contact.text("id")));

        var signup = f.get("/signups/" + id).body();
        assertEquals("confirmed", signup.get("status").asString());
        assertEquals(contact.text("id"), signup.get("contact_id").asString());
        var consent = signup.get("consent");
        assertEquals(
                "By signing up you agree to get email from Acme. You can unsubscribe at any time, with the link in"
                        + " every email.",
                consent.get("text").asString());
        assertEquals("203.0.113.9", consent.get("ip").asString());
        assertEquals("2026-03-01 10:00:05.123456+00", consent.get("at").asString());
        assertEquals("198.51.100.7", consent.get("confirmed_ip").asString());
        assertEquals("2026-03-01 10:01:05.123456+00", consent.get("confirmed_at").asString());
        assertEquals(List.of("signup.requested", "signup.confirmed"), f.told(id));
    }

    @Test
    void theSecondPressDoesNothing() {
        String form = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        String link = f.links("ann@x.example").getFirst();
        f.press(link);
        f.call("PATCH", "/contacts/ann@x.example", "{'unsubscribed':true}");
        for (var answer : List.of(f.press(link), f.page(link))) {
            assertEquals(200, answer.status());
            assertEquals("You are signed up", heading(answer));
        }
        assertEquals("true", f.get("/contacts/ann@x.example").text("unsubscribed"));
        assertEquals(1, f.count("contact"));
    }

    @Test
    void whoIsKnownIsTreatedAsAnybody() {
        String form = f.form("").text("id");
        f.call(
                "POST",
                "/contacts",
                "{'email':'ann@x.example','first_name':'Ann','unsubscribed':true}");
        var known = f.signUp(form, "ann@x.example");
        var unknown = f.signUp(form, "bob@x.example");
        assertEquals(text(unknown).replace("bob@x.example", "ann@x.example"), text(known));
        assertEquals("true", f.get("/contacts/ann@x.example").text("unsubscribed"));
        f.press(f.links("ann@x.example").getFirst());
        var contact = f.get("/contacts/ann@x.example");
        assertEquals("false", contact.text("unsubscribed"));
        assertEquals("Ann", contact.text("first_name"));
    }

    @Test
    void theMailSaysNothingThatTheFormWasGiven() {
        String form =
                f.form(",'fields':['first_name'],'consent_text':'I want <b>letters</b>'")
                        .text("id");
        f.signUp(
                form,
                Map.of(
                        "email", "ann@x.example",
                        "first_name", "Buy at https://evil.example",
                        "consent", "yes"));
        var mail = f.get("/emails?to=ann@x.example").body().get("data").get(0);
        var whole = f.get("/emails/" + mail.get("id").asString()).body();
        assertEquals("Acme <news@mailgoat.test>", whole.get("from").asString());
        assertEquals("Please confirm your sign-up for Acme", whole.get("subject").asString());
        assertFalse(whole.toString().contains("evil"));
        String link = f.links("ann@x.example").getFirst();
        var anchor = org.jsoup.Jsoup.parse(whole.get("html").asString()).select("a").first();
        assertEquals(SignupFixture.PUBLIC_URL + link, anchor.attr("href"));
        assertTrue(anchor.hasAttr("data-no-track"));
        assertEquals(
                "I want <b>letters</b>",
                f.get("/signups").body().at("/data/0/consent/text").asString());
        assertTrue(text(f.page(link)).contains("I want &lt;b&gt;letters&lt;/b&gt;"));
    }

    // Yellow would be lost on white.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    null      | background:#0f6b52;color:#ffffff
                    '#123456' | background:#123456;color:#ffffff
                    '#ffee00' | background:#998f00;color:#000000
                    """)
    void itsButtonHasTheTeamsColor(String accent, String style) {
        f.call(
                "PATCH",
                "/brand",
                "{'accent_color':" + (accent.equals("null") ? accent : "'" + accent + "'") + "}");
        f.signUp(f.form("").text("id"), "ann@x.example");
        String id = f.get("/emails").body().at("/data/0/id").asString();
        String html = f.get("/emails/" + id).text("html");
        var button = org.jsoup.Jsoup.parse(html).select("a").first();
        assertTrue(button.attr("style").contains(style), button.attr("style"));
    }

    @Test
    void itSpeaksGermanToThoseWhoDo() {
        String form = f.form("").text("id");
        var german = Map.of("accept-language", "de-AT,en;q=0.5");
        var page = f.teams.answer(f.teams.acme, "GET", "/signup/" + form, "", german);
        assertEquals("de", html(page).select("html").attr("lang"));
        assertEquals("E-Mails von Acme bekommen", heading(page));
        String token = html(page).select("input[name=token]").attr("value");
        f.teams.pass(Duration.ofSeconds(3));
        f.send("/signup/" + form, Map.of("email", "ann@x.example", "token", token), german);
        assertEquals(
                "Bitte bestätigen Sie Ihre Anmeldung bei Acme",
                f.get("/emails").body().at("/data/0/subject").asString());
        assertTrue(
                f.get("/signups")
                        .body()
                        .at("/data/0/consent/text")
                        .asString()
                        .startsWith("Mit der Anmeldung"));
    }

    @Test
    void ownWordsStandWhereTheirAuthorPutThem() {
        String form =
                f.form(
                                ",'title':'The <Letter>','intro':'Once a month.\\n\\nNo more.','button':'Yes please',"
                                        + "'consent_text':'I agree','confirm_subject':'Really?','confirm_text':'One\\nTwo',"
                                        + "'fields':['last_name','first_name']")
                        .text("id");
        var page = html(f.page("/signup/" + form));
        assertEquals("The <Letter>", page.select("h1").text());
        assertEquals(List.of("Once a month.", "No more."), page.select("main > p").eachText());
        assertEquals("Yes please", page.select("button").text());
        assertEquals("I agree", page.select("label.choice").text());
        assertEquals(
                List.of("email", "last_name", "first_name", "comment", "consent", "token"),
                page.select("input").eachAttr("name"));
        f.signUp(form, Map.of("email", "ann@x.example", "consent", "yes"));
        var mail = f.get("/emails").body().get("data").get(0);
        assertEquals("Really?", mail.get("subject").asString());
        String text = f.get("/emails/" + mail.get("id").asString()).text("text");
        assertTrue(text.startsWith("One\n\nTwo\n\nhttps://mail.example/goat/signup/confirm/"));
    }

    @Test
    void theirOwnPageThanksThem() {
        String form = f.form(",'redirect_url':'https://acme.example/welcome?a=b'").text("id");
        f.signUp(form, "ann@x.example");
        String link = f.links("ann@x.example").getFirst();
        var page = f.page(link);
        assertTrue(policy(page).contains("form-action 'self' https:;"), policy(page));
        for (int i = 0; i < 2; i++) {
            var answer = f.press(link);
            assertEquals(303, answer.status());
            assertEquals("https://acme.example/welcome?a=b", answer.headers().get("location"));
        }
        assertEquals(200, f.page(link).status());
        assertEquals(404, f.press(link + "A").status());
        assertEquals(null, f.press(link + "A").headers().get("location"));
    }

    @Test
    void onlyTheEmbeddedFormStandsInFrames() {
        String form = f.form("").text("id");
        var plain = f.page("/signup/" + form);
        assertTrue(policy(plain).contains("frame-ancestors 'none'"));
        assertTrue(policy(plain).contains("default-src 'none'"));
        var embedded = f.page("/signup/" + form + "?embed=1");
        assertTrue(policy(embedded).contains("frame-ancestors *"));
        assertFalse(html(embedded).select("body.embedded").isEmpty());
        f.signUp(form, "ann@x.example");
        String link = f.links("ann@x.example").getFirst();
        assertTrue(policy(f.page(link + "?embed=1")).contains("frame-ancestors 'none'"));
    }

    private static String policy(Answer answer) {
        return String.valueOf(answer.headers().get("content-security-policy"));
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
