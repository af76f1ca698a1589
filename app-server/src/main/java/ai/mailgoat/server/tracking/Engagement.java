package ai.mailgoat.server.tracking;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An open or a click as it is kept.
///
/// @param url where the link leads; `null` for an open
record Engagement(
        UUID id,
        TeamId team,
        UUID email,
        @Nullable UUID broadcast,
        Kind kind,
        @Nullable String url,
        Instant at,
        String ip,
        String userAgent,
        Verdict verdict) {

    static final int MAX_USER_AGENT = 300;
}
