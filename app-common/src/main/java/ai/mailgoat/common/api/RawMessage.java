package ai.mailgoat.common.api;

/// @param raw the message in wire form, with its DKIM signatures
public record RawMessage(String raw) {}
