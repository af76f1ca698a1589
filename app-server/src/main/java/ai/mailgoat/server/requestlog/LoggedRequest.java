package ai.mailgoat.server.requestlog;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One answered request, as it is kept.
///
/// @param id also the `x-request-id` of the answer
/// @param endpoint the path that was asked for, without its query
/// @param userAgent `null` when the client named none
/// @param tookMicros until the answer had left
/// @param requestBody a JSON document, see {@link LoggedBody}; `null` when there was none, or when
///   bodies are not kept
record LoggedRequest(
        UUID id,
        TeamId team,
        String method,
        String endpoint,
        int status,
        @Nullable String userAgent,
        @Nullable ApiKeyId key,
        long tookMicros,
        byte @Nullable [] requestBody,
        byte @Nullable [] responseBody,
        Instant createdAt) {}
