package ai.mailgoat.server.receiving;

import ai.mailgoat.common.json.ApiTime;
import java.util.List;
import java.util.UUID;

/// A received mail as lists show it.
record ReceivedItem(
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
        List<FileItem> attachments) {

    static ReceivedItem of(ReceivedEmail email) {
        var listed = email.listed();
        return new ReceivedItem(
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
                FileItem.all(listed.files()));
    }
}
