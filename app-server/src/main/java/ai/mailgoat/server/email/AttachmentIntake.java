package ai.mailgoat.server.email;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.email.EmailContent.StoredAttachment;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.OutboundException;
import ai.mailgoat.server.store.BlobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes in the attachments of a request, within what one mail may have.
final class AttachmentIntake {
    private static final Duration FETCH_DEADLINE = Duration.ofSeconds(30);

    private final GuardedHttp outbound;
    private final BlobStore blobs;
    private final Uuids ids;
    private final long maxMessage;

    /// @param maxMessage octets of bodies and attachments, the latter in Base64
    AttachmentIntake(GuardedHttp outbound, BlobStore blobs, Uuids ids, long maxMessage) {
        this.outbound = outbound;
        this.blobs = blobs;
        this.ids = ids;
        this.maxMessage = maxMessage;
    }

    /// Fetches what has to be fetched and keeps it all as blobs.
    ///
    /// @throws ApiException 422 when one cannot be had, or the whole is too large
    List<StoredAttachment> keep(EmailRequest request) {
        long size = length(request.html()) + length(request.text());
        for (var attachment : request.attachments()) {
            size += attachment.content() == null ? 0 : inBase64(attachment.content().length);
        }
        checkSize(size);
        var stored = new ArrayList<StoredAttachment>();
        for (var attachment : request.attachments()) {
            byte[] content = attachment.content();
            if (content == null) {
                content = fetch(attachment, maxMessage - size);
                size += inBase64(content.length);
                checkSize(size);
            }
            stored.add(
                    new StoredAttachment(
                            ids.next().toString(),
                            attachment.filename(),
                            attachment.contentType(),
                            attachment.contentId(),
                            content.length,
                            blobs.put(content)));
        }
        return stored;
    }

    private byte[] fetch(AttachmentRequest attachment, long room) {
        var path = attachment.path().orElseThrow();
        try {
            var reply =
                    outbound.get(
                            path,
                            new GuardedHttp.Limits(
                                    FETCH_DEADLINE,
                                    (int) Math.max(1, room * 3 / 4),
                                    GuardedHttp.Overflow.REFUSE));
            if (reply.status() == 200) {
                return reply.body();
            }
            throw badFetch(path.toString(), "it answered " + reply.status());
        } catch (OutboundException e) {
            throw badFetch(path.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static ApiException badFetch(String path, String reason) {
        String end = reason.endsWith(".") ? "" : ".";
        return new ApiException(
                422,
                "invalid_attachment",
                "The attachment at " + path + " could not be fetched: " + reason + end);
    }

    private void checkSize(long size) {
        if (size > maxMessage) {
            throw ApiException.validation(
                    "The email is too large: content and attachments (in Base64) may have "
                            + maxMessage / (1024 * 1024)
                            + " MB.");
        }
    }

    private static long inBase64(long octets) {
        return (octets + 2) / 3 * 4;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
