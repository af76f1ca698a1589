package ai.mailgoat.server.receiving;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.download.Downloads.Link;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A received mail as the API shows it.
///
/// @param headers by name in lower case; fields of one name are lines of one value
/// @param raw where the message itself can be had
record ReceivedBody(
        String object,
        UUID id,
        List<String> to,
        String from,
        String createdAt,
        String subject,
        String messageId,
        List<String> bcc,
        List<String> cc,
        List<String> replyTo,
        List<String> receivedFor,
        @Nullable String html,
        String htmlFormat,
        @Nullable String text,
        Map<String, String> headers,
        Raw raw,
        List<FileItem> attachments) {

    record Raw(String downloadUrl, String expiresAt) {}

    static ReceivedBody of(
            ReceivedEmail email,
            @Nullable String html,
            String htmlFormat,
            ReceivedEmail.Content content,
            Link raw) {
        var listed = email.listed();
        return new ReceivedBody(
                "email",
                email.id().value(),
                listed.to(),
                email.sender(),
                ApiTime.iso(email.createdAt()),
                email.subject(),
                email.messageId(),
                listed.bcc(),
                listed.cc(),
                listed.replyTo(),
                listed.receivedFor(),
                html,
                htmlFormat,
                content.text(),
                content.headers(),
                new Raw(raw.url(), raw.expiry()),
                FileItem.all(listed.files()));
    }
}
