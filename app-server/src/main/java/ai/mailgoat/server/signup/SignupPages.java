package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.page.Sheet;
import ai.mailgoat.server.signup.SignupTokens.Pace;
import ai.mailgoat.server.signup.Signups.Entry;
import ai.mailgoat.server.signup.Signups.Seen;
import ai.mailgoat.server.signup.Signups.State;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/signup/{form}`, and `/signup/confirm/{token}`, where the link of the mail leads. Nothing
/// happens by looking at either; the buttons act.
public final class SignupPages {
    private static final Logger LOG = LoggerFactory.getLogger(SignupPages.class);
    private static final String CLOSED = "signup.closed.title";

    /// Seconds.
    private static final String IN_A_WHILE = "600";

    private final SignupForms forms;
    private final Signups signups;
    private final Pages pages;
    private final Attempts attempts;
    private final InstantSource clock;
    private final String publicUrl;

    /// @param publicUrl base of the links in mails, without trailing slash
    public SignupPages(
            SignupForms forms,
            Signups signups,
            Pages pages,
            InstantSource clock,
            String publicUrl) {
        this.forms = forms;
        this.signups = signups;
        this.pages = pages;
        this.attempts = new Attempts(clock);
        this.clock = clock;
        this.publicUrl = publicUrl;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/signup/{form}", Access.PUBLIC, call -> open(call, this::show))
                .post("/signup/{form}", Access.PUBLIC, call -> open(call, this::take))
                .get("/signup/confirm/{token}", Access.PUBLIC, this::look)
                .post("/signup/confirm/{token}", Access.PUBLIC, this::confirm);
    }

    private interface Next {
        Answer of(Call call, SignupForm form, Sheet sheet);
    }

    private Answer open(Call call, Next next) {
        var found = Uuids.parse(call.parameter("form")).flatMap(forms::open);
        if (found.isEmpty()) {
            return pages.of(call).nothingHere();
        }
        var form = found.get().form();
        var whole = pages.of(call, form.team());
        var sheet = call.query("embed").isPresent() ? whole.embedded() : whole;
        return found.get().closed().isPresent()
                ? sheet.notice(410, CLOSED, "signup.closed.text")
                : next.of(call, form, sheet);
    }

    private Answer show(Call call, SignupForm form, Sheet sheet) {
        return new SignupView(sheet, form)
                .form(200, token(form), new Submission(form, Map.of()), Map.of());
    }

    private Answer take(Call call, SignupForm form, Sheet sheet) {
        if (attempts.isTooMany(call.client())) {
            return busy(sheet);
        }
        var view = new SignupView(sheet, form);
        var submission = submission(call, form);
        if (submission.isTrapped()) {
            return view.sent(submission.value(Submission.EMAIL));
        }
        String token = submission.value(Submission.TOKEN);
        var pace = signups.tokens().pace(form.id(), token, clock.instant());
        var faults = submission.faults(pace);
        if (!faults.isEmpty()) {
            String next = pace == Pace.STALE ? token(form) : token;
            return view.form(422, next, submission, faults);
        }
        if (attempts.isTooMany(form)) {
            return busy(sheet);
        }
        return ask(submission.entry(view.consent(), call.client()), form, sheet)
                ? view.sent(submission.value(Submission.EMAIL))
                : later(sheet.notice(503, "signup.unavailable.title", "signup.unavailable.text"));
    }

    // What cannot be read at all is a form without anything in it.
    private static Submission submission(Call call, SignupForm form) {
        try {
            return new Submission(form, call.fields());
        } catch (ApiException e) {
            return new Submission(form, Map.of());
        }
    }

    /// @return whether the mail could be sent
    private boolean ask(Entry entry, SignupForm form, Sheet sheet) {
        String to = entry.email().toString();
        try {
            signups.ask(
                    form,
                    entry,
                    token ->
                            ConfirmationMail.of(
                                    form, to, sheet, publicUrl + "/signup/confirm/" + token));
            return true;
        } catch (ApiException e) {
            LOG.warn("form {} cannot ask for confirmation: {}", form.id(), e.getMessage());
            return false;
        }
    }

    private Answer look(Call call) {
        return result(call, signups.look(call.parameter("token")));
    }

    private Answer confirm(Call call) {
        var seen = signups.confirm(call.parameter("token"), call.client());
        var answer = result(call, seen);
        var form = seen.form();
        String url = form == null ? null : form.options().redirectUrl();
        return seen.state() == State.CONFIRMED && url != null
                ? new Answer(303, answer.body(), answer.headers()).with("location", url)
                : answer;
    }

    private Answer result(Call call, Seen seen) {
        var signup = seen.signup();
        var sheet = signup == null ? pages.of(call) : pages.of(call, signup.team());
        return switch (seen.state()) {
            case UNKNOWN -> sheet.nothingHere();
            case EXPIRED -> sheet.notice(410, "page.expired.title", "signup.expired.text");
            case CLOSED -> sheet.notice(410, CLOSED, "signup.closed.text");
            case PENDING ->
                    SignupView.confirm(
                            allowingRedirect(sheet, seen.form()), Objects.requireNonNull(signup));
            case CONFIRMED -> sheet.notice(200, "signup.done.title", "signup.done.text");
        };
    }

    // Browsers hold where an answer to a form redirects to, and where that does, against the policy
    // of the page with the form.
    private static Sheet allowingRedirect(Sheet sheet, @Nullable SignupForm form) {
        String url = form == null ? null : form.options().redirectUrl();
        if (url == null) {
            return sheet;
        }
        return sheet.allowing(
                "form-action", url.startsWith("https:") ? "'self' https:" : "'self' https: http:");
    }

    private String token(SignupForm form) {
        return signups.tokens().shown(form.id(), clock.instant());
    }

    private static Answer busy(Sheet sheet) {
        return later(sheet.notice(429, "signup.busy.title", "signup.busy.text"));
    }

    private static Answer later(Answer answer) {
        return answer.with("retry-after", IN_A_WHILE);
    }
}
