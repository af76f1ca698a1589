package ai.mailgoat.common.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of `POST /emails`.
///
/// @param from `a@example.com` or `Name <a@example.com>`
/// @param text absent: made from `html`; empty: no text part at all
/// @param scheduledAt ISO 8601 or a phrase like `in 1 hour`, 30 days ahead at most
public record SendEmail(
        String from,
        List<String> to,
        @Nullable List<String> cc,
        @Nullable List<String> bcc,
        @Nullable List<String> replyTo,
        @Nullable String subject,
        @Nullable String html,
        @Nullable String text,
        @Nullable Map<String, String> headers,
        @Nullable List<Attachment> attachments,
        @Nullable List<Tag> tags,
        @Nullable String scheduledAt) {

    /// @param content base64
    public record Attachment(
            String filename,
            String content,
            @Nullable String contentType,
            @Nullable String contentId) {}

    /// @param name of letters, digits, `_` and `-`, 256 at most; so is `value`
    public record Tag(String name, String value) {}

    /// A plain message to one mailbox.
    public static SendEmail text(String from, String to, String subject, String text) {
        return new SendEmail(
                from, List.of(to), null, null, null, subject, null, text, null, null, null, null);
    }
}
