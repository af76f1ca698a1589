package ai.mailgoat.server.share;

import ai.mailgoat.server.download.StoredFile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mail as its reader sees it: no blind copies.
///
/// @param at when it was sent or received
/// @param html as it came, with its `cid:` URLs, or `null`
/// @param text or `null`
public record Letter(
        String from,
        List<String> to,
        List<String> cc,
        String subject,
        Instant at,
        @Nullable String html,
        @Nullable String text,
        List<StoredFile> files) {}
