package ai.mailgoat.server.broadcast;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the author of a broadcast wrote, as it is kept. A draft may lack any of it.
///
/// @param previewText what mail readers show beside the subject
/// @param text `null` to derive it from the HTML of each mail, empty for none
public record BroadcastContent(
        @Nullable String from,
        @Nullable String subject,
        List<String> replyTo,
        @Nullable String previewText,
        @Nullable String html,
        @Nullable String text) {

    /// Whether there is nothing to read in it.
    @JsonIgnore
    public boolean isEmpty() {
        return html == null && (text == null || text.isEmpty());
    }
}
