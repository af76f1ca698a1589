package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

/// The body of `POST /api-keys`.
///
/// @param permission `full_access` (when absent) or `sending_access`
/// @param domainId only with `sending_access`: the one domain it may send from
public record CreateApiKey(String name, @Nullable String permission, @Nullable String domainId) {}
