package ai.mailgoat.server.broadcast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the author of a broadcast wrote, as it is kept. A draft may lack any of it.
///
/// @param previewText what mail readers show beside the subject
public record BroadcastContent(
        @Nullable String from,
        @Nullable String subject,
        List<String> replyTo,
        @Nullable String previewText,
        @Nullable String html,
        @Nullable String text) {}
