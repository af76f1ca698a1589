package ai.mailgoat.server.apikey;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.http.Principal.Permission;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key as it may be shown: without its secret.
///
/// @param domain the only domain it may send from, or `null` for any of the team's
/// @param lastUsedAt `null` when never; late by up to a minute
public record ApiKey(
        ApiKeyId id,
        String name,
        Permission permission,
        @Nullable DomainId domain,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {}
