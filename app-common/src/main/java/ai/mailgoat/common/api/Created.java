package ai.mailgoat.common.api;

/// The answer to a request that made or changed something: its id.
public record Created(String id) {}
