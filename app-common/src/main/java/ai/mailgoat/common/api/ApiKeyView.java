package ai.mailgoat.common.api;

import org.jspecify.annotations.Nullable;

public record ApiKeyView(
        String id, String name, @Nullable String createdAt, @Nullable String lastUsedAt) {}
