package ai.mailgoat.server.signup;

import ai.mailgoat.common.json.ApiTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A sign-up as the API and the events show it.
///
/// @param status `pending` or `confirmed`
record SignupBody(
        String object,
        UUID id,
        UUID formId,
        String email,
        @Nullable String firstName,
        @Nullable String lastName,
        String status,
        @Nullable UUID contactId,
        Consent consent,
        String createdAt,
        @Nullable String confirmedAt) {

    /// What proves that the reader of the address wanted the mail.
    ///
    /// @param text agreed to when asking
    record Consent(
            String text,
            String ip,
            String at,
            @Nullable String confirmedIp,
            @Nullable String confirmedAt) {}

    static SignupBody of(Signup signup) {
        var confirmed = signup.confirmed();
        String createdAt = ApiTime.postgres(signup.createdAt());
        String confirmedAt = confirmed == null ? null : ApiTime.postgres(confirmed.at());
        return new SignupBody(
                "signup",
                signup.id(),
                signup.form(),
                signup.email(),
                signup.firstName(),
                signup.lastName(),
                confirmed == null ? "pending" : "confirmed",
                confirmed == null ? null : confirmed.contact(),
                new Consent(
                        signup.consent(),
                        signup.ip(),
                        createdAt,
                        confirmed == null ? null : confirmed.ip(),
                        confirmedAt),
                createdAt,
                confirmedAt);
    }
}
