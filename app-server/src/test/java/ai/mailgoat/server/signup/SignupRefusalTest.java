package ai.mailgoat.server.signup;

import static ai.mailgoat.server.signup.SignupFixture.LOOK;
import static ai.mailgoat.server.signup.SignupFixture.heading;
import static ai.mailgoat.server.signup.SignupFixture.html;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.http.Answer;
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
import org.junit.jupiter.params.provider.ValueSource;

/// What leads to no contact: faults, programs, haste, links that hold no more.
class SignupRefusalTest {
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

    @ParameterizedTest
    @CsvSource({
        "email, ''",
        "email, ann",
        "email, ann@",
        "email, 'a@x.example, b@x.example'",
        "email, 'Ann <ann@x.example>'",
        "first_name, LONG",
        "first_name, 'a\u2028b'",
        "consent, ''",
        "token, ''",
        "token, AAAA",
        "token, FAST",
    })
    void whatIsWrongIsSaidAndNothingHappens(String field, String value) {
        String form = f.form(",'fields':['first_name'],'consent_text':'I agree'").text("id");
        var fields = new java.util.HashMap<String, String>();
        fields.put("email", "ann@x.example");
        fields.put("first_name", "\"><script>");
        fields.put("consent", "yes");
        fields.put(field, value.equals("LONG") ? "x".repeat(201) : value);
        Answer answer;
        if (value.equals("FAST")) {
            fields.put("token", f.token(form));
            answer = f.send("/signup/" + form, fields, Map.of());
        } else {
            answer = f.signUp(form, fields);
        }
        assertEquals(422, answer.status());
        var page = html(answer);
        assertEquals(1, page.select("[role=alert]").size());
        assertTrue(page.title().startsWith("Not sent yet: "));
        assertEquals(0, page.select("script").size());
        assertEquals(field.equals("token") ? 0 : 1, page.select("[aria-invalid]").size());
        page.select("[aria-describedby]")
                .forEach(
                        e -> assertEquals(1, page.select("#" + e.attr("aria-describedby")).size()));
        assertEquals(0, f.count("signup"));
        assertEquals(0, f.count("email"));

        // Mended, it passes.
        fields.put("email", "ann@x.example");
        fields.put("first_name", "Ann");
        fields.put("consent", "yes");
        fields.put("token", page.select("input[name=token]").attr("value"));
        f.teams.pass(Duration.ofSeconds(3));
        assertEquals(LOOK, heading(f.send("/signup/" + form, fields, Map.of())));
        assertEquals(1, f.count("signup"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"email=%", "email=a%00b", "email=%ff", "", "{}", "email=a@x.example"})
    void whatIsNoFormChangesNothing(String body) {
        String form = f.form("").text("id");
        for (String type :
                List.of(
                        "application/x-www-form-urlencoded",
                        "application/json",
                        "multipart/form-data; boundary=b")) {
            var answer =
                    f.teams.answer(
                            f.teams.acme,
                            "POST",
                            "/signup/" + form,
                            body,
                            Map.of("content-type", type));
            assertEquals(422, answer.status(), type);
        }
        assertEquals(0, f.count("signup"));
    }

    @Test
    void aFormThatLayOpenForADayIsSentOnceMore() {
        String form = f.form("").text("id");
        String token = f.token(form);
        f.teams.pass(Duration.ofHours(25));
        var late = f.signUp(form, Map.of("email", "ann@x.example", "token", token));
        assertEquals(422, late.status());
        assertEquals("ann@x.example", html(late).select("#email").attr("value"));
        assertEquals(0, f.count("signup"));
    }

    @Test
    void aTokenOfAnotherFormIsNone() {
        String one = f.form("").text("id");
        String two = f.form("").text("id");
        String token = f.token(one);
        assertEquals(422, f.signUp(two, Map.of("email", "a@x.example", "token", token)).status());
    }

    @Test
    void aProgramThatFillsInEverythingIsToldTheSame() {
        String form = f.form("").text("id");
        var trapped = f.signUp(form, Map.of("email", "ann@x.example", "comment", "Hi"));
        assertEquals(200, trapped.status());
        assertEquals(LOOK, heading(trapped));
        assertEquals(0, f.count("signup"));
        assertEquals(0, f.count("email"));
    }

    @Test
    void askingAgainAndAgainIsNoMeansToAnnoy() {
        String form = f.form("").text("id");
        String other = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        assertEquals(LOOK, heading(f.signUp(form, "ANN@x.example")));
        assertEquals(1, f.count("email"), "at once after the first");
        f.signUp(other, "ann@x.example");
        f.teams.pass(Duration.ofMinutes(3));
        f.signUp(form, "ann@x.example");
        assertEquals(3, f.count("email"));
        f.teams.pass(Duration.ofHours(3));
        assertEquals(LOOK, heading(f.signUp(form, "ann@x.example")));
        assertEquals(3, f.count("email"), "more than three in a day");
        f.teams.pass(Duration.ofHours(22));
        f.signUp(form, "ann@x.example");
        assertEquals(4, f.count("email"));
        assertEquals(4, f.count("signup"));
    }

    @Test
    void onePlaceMayNotSendOften() {
        String form = f.form("").text("id");
        for (int i = 0; i < 20; i++) {
            assertEquals(200, f.signUp(form, "a" + i + "@x.example").status());
        }
        var busy = f.signUp(form, "more@x.example");
        assertEquals(429, busy.status());
        assertEquals("600", busy.headers().get("retry-after"));
        assertEquals(20, f.count("signup"));
        var elsewhere =
                f.send(
                        "/signup/" + form,
                        Map.of("email", "more@x.example", "token", f.token(form)),
                        Map.of("x-forwarded-for", "203.0.113.10"));
        assertEquals(422, elsewhere.status(), "too fast, but taken");
        f.teams.pass(Duration.ofMinutes(10));
        assertEquals(200, f.signUp(form, "more@x.example").status());
    }

    @Test
    void onePlaceIsAWholeNetworkOfIpv6() {
        var attempts = new Attempts(f.teams.clock());
        for (int i = 0; i < 20; i++) {
            assertFalse(attempts.isTooMany("2001:db8:0:1::" + i));
        }
        assertTrue(attempts.isTooMany("2001:db8:0:1:ffff::1"));
        assertFalse(attempts.isTooMany("2001:db8:0:2::1"));
        assertFalse(attempts.isTooMany("no address"));
    }

    @Test
    void aFormTakesAsManyInAnHourAsItsAuthorSays() {
        String form = f.form(",'max_per_hour':2").text("id");
        String other = f.form("").text("id");
        f.signUp(form, "a@x.example");
        f.signUp(form, "b@x.example");
        assertEquals(429, f.signUp(form, "c@x.example").status());
        assertEquals(200, f.signUp(other, "c@x.example").status());
        f.teams.pass(Duration.ofHours(1));
        assertEquals(200, f.signUp(form, "c@x.example").status());
    }

    @Test
    void aMailThatCannotBeSentIsNoSignup() {
        f.close();
        f = new SignupFixture(data.resolve("quota"), 1);
        String form = f.form("").text("id");
        f.signUp(form, "a@x.example");
        var answer = f.signUp(form, "b@x.example");
        assertEquals(503, answer.status());
        assertEquals("Not possible now", heading(answer));
        assertEquals(1, f.count("signup"));
        assertEquals(1, f.count("email"));
    }

    @Test
    void aLinkHoldsForSevenDays() {
        String form = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        String link = f.links("ann@x.example").getFirst();
        f.teams.pass(Duration.ofDays(7));
        for (var answer : List.of(f.page(link), f.press(link))) {
            assertEquals(410, answer.status());
            assertEquals("This link has expired", heading(answer));
        }
        f.signUp(form, "bob@x.example");
        f.press(f.links("bob@x.example").getFirst());
        f.teams.pass(Duration.ofDays(8));
        f.signUp(form, "new@x.example");
        f.signups.sweep();
        assertEquals(2, f.count("signup"), "the one that was confirmed, and the new one");
        assertEquals(410, f.press(link).status());
        assertEquals(1, f.count("contact"));
    }

    @Test
    void noOtherTokenIsOne() {
        String form = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        String link = f.links("ann@x.example").getFirst();
        int start = link.lastIndexOf('/') + 1;
        for (int i = start; i < link.length(); i++) {
            char c = link.charAt(i) == 'A' ? 'B' : 'A';
            String altered = link.substring(0, i) + c + link.substring(i + 1);
            assertEquals(404, f.page(altered).status());
            assertEquals(404, f.press(altered).status());
        }
        String page = "/signup/confirm/" + f.token(form);
        assertEquals(404, f.press(page).status());
        assertEquals(0, f.count("contact"));
        assertEquals(200, f.press(link).status());
    }

    @Test
    void whenTheFormGoesNobodyConfirms() {
        String form = f.form("").text("id");
        f.signUp(form, "ann@x.example");
        f.signUp(form, "bob@x.example");
        f.press(f.links("bob@x.example").getFirst());
        f.call("DELETE", "/signup-forms/" + form, "");
        String link = f.links("ann@x.example").getFirst();
        for (var answer : List.of(f.page(link), f.press(link))) {
            assertEquals(410, answer.status());
            assertEquals("This form is closed", heading(answer));
        }
        assertEquals(404, f.page("/signup/" + form).status());
        assertEquals(1, f.count("contact"));
        assertEquals(200, f.page(f.links("bob@x.example").getFirst()).status());
        assertEquals(2, f.get("/signups?form_id=" + form).body().get("data").size());
    }

    @Test
    void whenTheSegmentGoesTheFormIsClosed() {
        var made = f.form("");
        String form = made.text("id");
        String token = f.token(form);
        f.signUp(form, "ann@x.example");
        f.call("DELETE", "/segments/" + made.text("segment_id"), "");
        String link = f.links("ann@x.example").getFirst();
        assertEquals(410, f.press(link).status());
        assertEquals(410, f.page("/signup/" + form).status());
        assertEquals(410, f.signUp(form, Map.of("email", "b@x.example", "token", token)).status());
        assertEquals("closed", f.get("/signup-forms/" + form).text("status"));
        assertEquals("segment_deleted", f.get("/signup-forms/" + form).text("closed_reason"));
        assertEquals(0, f.count("contact"));
        assertEquals(1, f.count("signup"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "018f0000-0000-7000-8000-00000000dead", "confirm", "%00"})
    void thereIsNoOtherForm(String id) {
        var page = f.page("/signup/" + id);
        assertEquals(404, page.status());
        assertEquals("There is nothing here", heading(page));
        assertEquals(
                404, f.send("/signup/" + id, Map.of("email", "a@x.example"), Map.of()).status());
    }
}
