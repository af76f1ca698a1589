package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

/// The body of `POST /domains`.
///
/// @param customReturnPath the label of the bounce domain, `send` by default
public record CreateDomain(String name, @Nullable String customReturnPath) {}
