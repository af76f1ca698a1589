package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a team lets an application do, as it may be shown: without its token.
///
/// @param scopes see {@link Grants}
/// @param revokedAt `null` while it holds, as is the reason
record Grant(
        ApiKeyId id,
        String clientId,
        String clientName,
        List<String> scopes,
        Instant createdAt,
        @Nullable Instant revokedAt,
        @Nullable String revokedReason) {}
