package ai.mailgoat.server.email;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was asked for, as it is kept: JSON, written once at acceptance. Addresses are as the sender
/// wrote them.
///
/// @param text `null` to derive it from the HTML, empty for none
/// @param templateId what it was made with, if it was
/// @param merge what HTML and text are made of, when they are not written out here
public record EmailContent(
        String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        List<String> replyTo,
        String subject,
        @Nullable String html,
        @Nullable String text,
        Map<String, String> headers,
        List<Tag> tags,
        List<StoredAttachment> attachments,
        @Nullable String templateId,
        @Nullable Merge merge) {

    /// The text of many mails, kept once, and what is put into it for this one.
    ///
    /// @param blob key in the blob store, of a `MergeBody`
    /// @param values by canonical key, see `MergeText`
    public record Merge(String blob, Map<String, String> values) {}

    /// The same with its text written out.
    EmailContent saying(@Nullable String html, @Nullable String text) {
        return new EmailContent(
                from,
                to,
                cc,
                bcc,
                replyTo,
                subject,
                html,
                text,
                headers,
                tags,
                attachments,
                templateId,
                null);
    }

    public record Tag(String name, String value) {}

    /// @param blob key in the blob store
    /// @param size octets when decoded
    /// @param contentId makes the part inline, or `null`
    public record StoredAttachment(
            String id,
            String filename,
            String contentType,
            @Nullable String contentId,
            long size,
            String blob) {}
}
