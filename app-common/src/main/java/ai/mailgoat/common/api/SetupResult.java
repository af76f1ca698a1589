package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

/// What `setup` made or found.
///
/// @param admin the admin's address, if one was given
/// @param apiKey a new full-access key, shown this once
/// @param domain with the records to publish
public record SetupResult(
        @Nullable String admin, @Nullable String apiKey, @Nullable DomainView domain) {}
