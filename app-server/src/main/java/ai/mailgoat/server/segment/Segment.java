package ai.mailgoat.server.segment;

import java.time.Instant;
import java.util.UUID;

/// A group of contacts.
public record Segment(UUID id, String name, Instant createdAt) {}
