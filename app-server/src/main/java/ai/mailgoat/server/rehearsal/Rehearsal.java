package ai.mailgoat.server.rehearsal;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What came of a rehearsal, as it is answered.
///
/// @param ready whether no problem is an error
/// @param messages what some contacts would read
record Rehearsal(
        String object,
        UUID broadcastId,
        boolean ready,
        Audience audience,
        List<Problem> problems,
        List<Link> links,
        List<Message> messages) {

    /// Contacts by what would become of them, each counted once.
    ///
    /// @param complete whether all were looked at in the time there is
    record Audience(
            long contacts,
            long receiving,
            long unsubscribed,
            long optedOut,
            long suppressed,
            boolean complete) {}

    /// @param code for programs
    /// @param level `error` for what keeps it from being sent, `warning` for what harms, `note`
    /// @param message for people, with what to do
    record Problem(String code, String level, String message) {

        static Problem error(String code, String message) {
            return new Problem(code, "error", message);
        }

        static Problem warning(String code, String message) {
            return new Problem(code, "warning", message);
        }

        static Problem note(String code, String message) {
            return new Problem(code, "note", message);
        }

        boolean isError() {
            return level.equals("error");
        }
    }

    /// A link that was followed.
    ///
    /// @param status `null` when there was no answer
    /// @param problem why it is dead; `null` when it is not
    record Link(String url, @Nullable Integer status, @Nullable String problem) {}

    /// The mail of one contact.
    ///
    /// @param excluded why the contact would not get it; `null` when it would
    /// @param text also when it is made from the HTML
    /// @param htmlSize octets
    /// @param truncated whether HTML or text are longer than what is shown
    record Message(
            UUID contactId,
            String email,
            @Nullable String excluded,
            @Nullable String subject,
            @Nullable String html,
            @Nullable String text,
            int htmlSize,
            boolean truncated) {}

    /// Why a contact would not get the mail.
    enum Exclusion {
        UNSUBSCRIBED,
        OPTED_OUT,
        SUPPRESSED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
