package ai.mailgoat.server.event;

import java.time.Instant;
import java.util.UUID;

/// One thing that happened, as it was written down.
///
/// @param data what a webhook's `data` carries: a JSON document in UTF-8
public record StoredEvent(UUID id, UUID subject, String type, Instant at, byte[] data) {}
