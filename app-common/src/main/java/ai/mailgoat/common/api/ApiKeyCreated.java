package ai.mailgoat.common.api;

/// @param token the key itself, shown this once
public record ApiKeyCreated(String id, String token) {}
