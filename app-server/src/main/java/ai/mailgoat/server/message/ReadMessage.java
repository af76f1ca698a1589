package ai.mailgoat.server.message;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as {@link MessageReader} understood it. Texts are decoded; nothing in a header has
/// control characters.
///
/// @param from `Name <a@b>` or `a@b`, or `null` when there is no such field
/// @param subject empty when there is none
/// @param messageId with its angle brackets, empty when there is none
/// @param headers by name in lower case; fields of one name, in their order, are lines of one value
/// @param html or `null`
/// @param text or `null`
/// @param files what is not shown as text, and what belongs to the HTML
public record ReadMessage(
        @Nullable String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        List<String> replyTo,
        String subject,
        String messageId,
        Map<String, String> headers,
        @Nullable String html,
        @Nullable String text,
        List<ReadFile> files) {

    /// @param filename without directories, or `null`
    /// @param contentType such as `image/png`, in lower case
    /// @param contentId without angle brackets, or `null`
    /// @param inline whether it is part of what is shown
    /// @param content decoded
    public record ReadFile(
            @Nullable String filename,
            String contentType,
            @Nullable String contentId,
            boolean inline,
            byte[] content) {}
}
