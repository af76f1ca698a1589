package ai.mailgoat.server.domain;

import java.time.Instant;
import java.util.UUID;

/// A key of a domain, its private half sealed.
///
/// @param recordValue the TXT record that publishes the public half
record DkimKey(
        UUID id,
        String selector,
        DkimAlgorithm algorithm,
        String recordValue,
        byte[] sealedKey,
        Instant createdAt) {}
