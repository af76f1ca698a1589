package ai.mailgoat.server.receiving;

import java.util.List;

/// What stood around a message (RFC 5321, 2.3.1).
///
/// @param from the reverse-path, empty for none
/// @param to the forward-paths it came in for
public record Envelope(String from, List<String> to) {}
