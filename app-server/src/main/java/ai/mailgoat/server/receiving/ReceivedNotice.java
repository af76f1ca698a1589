package ai.mailgoat.server.receiving;

import ai.mailgoat.common.json.ApiTime;
import java.util.List;
import java.util.UUID;

/// What webhooks are told of a received mail: who and what, without its content.
record ReceivedNotice(
        UUID emailId,
        String createdAt,
        String from,
        List<String> to,
        List<String> bcc,
        List<String> cc,
        List<String> receivedFor,
        String messageId,
        String subject,
        List<FileItem> attachments) {

    static ReceivedNotice of(ReceivedEmail email) {
        var listed = email.listed();
        return new ReceivedNotice(
                email.id().value(),
                ApiTime.iso(email.createdAt()),
                email.sender(),
                listed.to(),
                listed.bcc(),
                listed.cc(),
                listed.receivedFor(),
                email.messageId(),
                email.subject(),
                FileItem.all(listed.files()));
    }
}
