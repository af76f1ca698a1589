package ai.mailgoat.server.tracking;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One request for a pixel or a link.
///
/// @param url where the link leads; `null` for a pixel
/// @param head whether it was HEAD
/// @param ahead whether the request said that nobody had asked for it yet
/// @param ip the address it came from, as far as that can be told
/// @param userAgent empty when there was none
record Hit(
        UUID email,
        Kind kind,
        @Nullable String url,
        Instant at,
        boolean head,
        boolean ahead,
        String ip,
        String userAgent) {}
