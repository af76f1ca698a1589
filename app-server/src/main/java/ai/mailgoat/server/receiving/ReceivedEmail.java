package ai.mailgoat.server.receiving;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.download.StoredFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A mail as it is kept.
///
/// @param domain it came in for, or `null` when that is none of the team's
/// @param rawBlob the message, as a key in the blob store
/// @param rawSize its octets
record ReceivedEmail(
        EmailId id,
        TeamId team,
        @Nullable UUID domain,
        String messageId,
        String sender,
        String subject,
        Listed listed,
        String rawBlob,
        long rawSize,
        Instant createdAt) {

    /// What lists show beside the columns.
    record Listed(
            List<String> to,
            List<String> cc,
            List<String> bcc,
            List<String> replyTo,
            List<String> receivedFor,
            List<StoredFile> files) {}

    /// What only the mail itself shows.
    record Content(Map<String, String> headers, @Nullable String html, @Nullable String text) {}
}
