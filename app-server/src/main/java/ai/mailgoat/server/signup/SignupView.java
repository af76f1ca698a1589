package ai.mailgoat.server.signup;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.page.Html;
import ai.mailgoat.server.page.Sheet;
import ai.mailgoat.server.signup.SignupForm.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What people see of a form, and of the confirmation.
final class SignupView {
    private static final String TITLE = "signup.title";

    private final Sheet sheet;
    private final SignupForm form;

    SignupView(Sheet sheet, SignupForm form) {
        this.sheet = sheet;
        this.form = form;
    }

    /// The words that whoever sends the form agrees to.
    String consent() {
        return Objects.requireNonNullElseGet(
                form.options().consentText(), () -> sheet.text("signup.consent", sheet.name()));
    }

    /// @param token says when it was shown
    /// @param written so far
    /// @param faults keys of texts, by the names of fields
    Answer form(int status, String token, Submission written, Map<String, String> faults) {
        var options = form.options();
        String title =
                Objects.requireNonNullElseGet(
                        options.title(), () -> sheet.text(TITLE, sheet.name()));
        var rows = new ArrayList<Html>();
        rows.add(row(Submission.EMAIL, "email", "email", true, written, faults));
        for (var field : options.fields()) {
            String autocomplete = field == Field.FIRST_NAME ? "given-name" : "family-name";
            rows.add(row(field.text(), "text", autocomplete, false, written, faults));
        }
        var content =
                Html.of(
                        """
                        <h1>{}</h1>
                        {}{}<form method="post">
                        {}{}{}<input type="hidden" name="token" value="{}">
                        <button>{}</button>
                        {}</form>
                        """,
                        title,
                        fault(faults),
                        paragraphs(options.intro()),
                        Html.all(rows),
                        trap(),
                        options.consentText() == null ? Html.NONE : checkMark(written, faults),
                        token,
                        Objects.requireNonNullElseGet(
                                options.button(), () -> sheet.text("signup.button")),
                        options.consentText() == null ? smallPrint() : Html.NONE);
        return sheet.answer(
                status,
                faults.isEmpty() ? title : sheet.text("signup.error.title", title),
                content);
    }

    /// The same for every address.
    Answer sent(String email) {
        return sheet.answer(
                200,
                sheet.text("signup.sent.title"),
                Html.of(
                        "<h1>{}</h1>\n<p>{}</p>\n<p class=\"soft\">{}</p>\n",
                        sheet.text("signup.sent.title"),
                        sheet.text("signup.sent.text", email),
                        sheet.text("signup.sent.hint")));
    }

    /// The page behind the link of the mail: a button, for programs follow links, too.
    static Answer confirm(Sheet sheet, Signup signup) {
        return sheet.answer(
                200,
                sheet.text("signup.confirm.title"),
                Html.of(
                        """
                        <h1>{}</h1>
                        <p>{}</p>
                        <form method="post">
                        <button>{}</button>
                        </form>
                        <p class="soft after">{}</p>
                        """,
                        sheet.text("signup.confirm.title"),
                        sheet.text("signup.confirm.text", signup.email(), sheet.name()),
                        sheet.text("signup.confirm.button"),
                        signup.consent()));
    }

    private Html row(
            String name,
            String type,
            String autocomplete,
            boolean required,
            Submission written,
            Map<String, String> faults) {
        String key = faults.get(name);
        var fault =
                key == null
                        ? Html.NONE
                        : Html.of(
                                "<p class=\"fault\" id=\"{}-fault\">{}</p>", name, sheet.text(key));
        return Html.of(
                """
                <div class="field"><label for="{}">{}</label><input id="{}" name="{}" type="{}" autocomplete="{}" maxlength="{}" value="{}"{}{}>{}</div>
                """,
                name,
                sheet.text("signup." + name),
                name,
                name,
                type,
                autocomplete,
                required ? 254 : 200,
                written.value(name),
                required ? new Html(" required") : Html.NONE,
                key == null
                        ? Html.NONE
                        : Html.of(" aria-invalid=\"true\" aria-describedby=\"{}-fault\"", name),
                fault);
    }

    private Html trap() {
        return Html.of(
                """
                <div class="aside" aria-hidden="true"><label for="{}">{}</label><input id="{}" name="{}" type="text" tabindex="-1" autocomplete="off"></div>
                """,
                Submission.TRAP,
                sheet.text("signup.trap"),
                Submission.TRAP,
                Submission.TRAP);
    }

    private Html checkMark(Submission written, Map<String, String> faults) {
        boolean wrong = faults.containsKey(Submission.CONSENT);
        return Html.of(
                """
                <label class="choice agree"><input type="checkbox" name="consent" value="yes" required{}{}><span>{}</span></label>
                {}\
                """,
                written.value(Submission.CONSENT).isEmpty() ? Html.NONE : new Html(" checked"),
                wrong
                        ? new Html(" aria-invalid=\"true\" aria-describedby=\"consent-fault\"")
                        : Html.NONE,
                consent(),
                wrong
                        ? Html.of(
                                "<p class=\"fault\" id=\"consent-fault\">{}</p>\n",
                                sheet.text("signup.error.consent"))
                        : Html.NONE);
    }

    private Html smallPrint() {
        return Html.of("<p class=\"soft after\">{}</p>\n", consent());
    }

    private Html fault(Map<String, String> faults) {
        if (faults.isEmpty()) {
            return Html.NONE;
        }
        String key = faults.getOrDefault(Submission.WHOLE, "signup.error.some");
        return Html.of("<p class=\"note bad\" role=\"alert\">{}</p>\n", sheet.text(key));
    }

    private static Html paragraphs(@Nullable String text) {
        List<String> lines =
                text == null
                        ? List.of()
                        : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        return Html.all(lines.stream().map(line -> Html.of("<p>{}</p>\n", line)).toList());
    }
}
