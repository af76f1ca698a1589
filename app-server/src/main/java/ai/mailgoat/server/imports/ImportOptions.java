package ai.mailgoat.server.imports;

import ai.mailgoat.server.contact.ContactDraft.Conflict;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// How a file is to be read and what becomes of its rows; kept as JSON.
record ImportOptions(
        Columns columns, List<UUID> segments, List<TopicChoice> topics, Conflict conflict) {

    /// Names of columns. Those that the file lacks are left out, but for `email`.
    ///
    /// @param properties column by key of the property
    record Columns(
            String email,
            String firstName,
            String lastName,
            String unsubscribed,
            Map<String, String> properties) {}
}
