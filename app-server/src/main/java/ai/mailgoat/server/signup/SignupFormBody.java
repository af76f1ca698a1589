package ai.mailgoat.server.signup;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.signup.SignupForms.View;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A form as the API shows it.
///
/// @param status `open`, or `closed` for the reason in `closedReason`
/// @param embedUrl for the frame of another site
record SignupFormBody(
        String object,
        UUID id,
        String name,
        String status,
        @Nullable String closedReason,
        UUID segmentId,
        List<UUID> topicIds,
        String from,
        List<String> fields,
        @Nullable String title,
        @Nullable String intro,
        @Nullable String button,
        @Nullable String consentText,
        @Nullable String confirmSubject,
        @Nullable String confirmText,
        @Nullable String redirectUrl,
        int maxPerHour,
        String url,
        String embedUrl,
        String createdAt,
        String updatedAt) {

    static SignupFormBody of(View view, String publicUrl) {
        var form = view.form();
        var options = form.options();
        String url = publicUrl + "/signup/" + form.id();
        return new SignupFormBody(
                "signup_form",
                form.id(),
                form.name(),
                view.closed().isEmpty() ? "open" : "closed",
                view.closed().map(c -> c.name().toLowerCase(Locale.ROOT)).orElse(null),
                form.segment(),
                options.topics(),
                options.from(),
                options.fields().stream().map(SignupForm.Field::text).toList(),
                options.title(),
                options.intro(),
                options.button(),
                options.consentText(),
                options.confirmSubject(),
                options.confirmText(),
                options.redirectUrl(),
                options.maxPerHour(),
                url,
                url + "?embed=1",
                ApiTime.postgres(form.createdAt()),
                ApiTime.postgres(form.updatedAt()));
    }
}
