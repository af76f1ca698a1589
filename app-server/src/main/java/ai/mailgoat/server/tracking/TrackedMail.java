package ai.mailgoat.server.tracking;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is to be known of a mail that was opened.
///
/// @param broadcast whose mail it is, if it is one's
/// @param sentAt when it was to leave
/// @param deliveredAt when its first recipient got it, `null` when nobody has yet
/// @param data the facts that all its events carry
public record TrackedMail(
        TeamId team,
        UUID id,
        @Nullable UUID broadcast,
        Instant sentAt,
        @Nullable Instant deliveredAt,
        Map<String, Object> data) {}
