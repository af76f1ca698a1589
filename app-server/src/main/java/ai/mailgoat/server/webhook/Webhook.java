package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// An endpoint of a team and what it asked for.
///
/// @param events types out of [EventTypes], at least one
record Webhook(
        UUID id,
        TeamId team,
        String endpoint,
        List<String> events,
        Status status,
        SealedSecrets secrets,
        Instant createdAt) {

    enum Status {
        ENABLED,
        /// Is owed nothing new, and gets nothing of what was owed until it is enabled again.
        DISABLED;

        String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
