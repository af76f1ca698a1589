package ai.mailgoat.server.signup;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A form on which people ask for mail.
///
/// @param segment whoever confirms comes into it
record SignupForm(
        UUID id,
        TeamId team,
        UUID segment,
        String name,
        Options options,
        Instant createdAt,
        Instant updatedAt) {

    /// What may be asked beside the address; nobody has to answer.
    enum Field {
        FIRST_NAME,
        LAST_NAME;

        /// As it stands in the API, and in the form.
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What its author chose, as it is kept. A text that is `null` is the standard one, in the
    /// language of the reader.
    ///
    /// @param from sender of the mail that asks for confirmation
    /// @param topics opted in to by whoever confirms
    /// @param consentText has to be agreed to with a check mark
    /// @param redirectUrl where people go once they have confirmed, instead of a page of this
    ///   service
    /// @param maxPerHour sign-ups taken in an hour
    record Options(
            String from,
            List<UUID> topics,
            List<Field> fields,
            @Nullable String title,
            @Nullable String intro,
            @Nullable String button,
            @Nullable String consentText,
            @Nullable String confirmSubject,
            @Nullable String confirmText,
            @Nullable String redirectUrl,
            int maxPerHour) {}
}
