package ai.mailgoat.server.download;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One file of a mail.
///
/// @param filename as its sender named it, or `null`
/// @param contentType such as `image/png`
/// @param contentId what `cid:` in the HTML names it by, without angle brackets, or `null`
/// @param inline whether it is part of what is shown
/// @param size octets when decoded
/// @param blob key in the blob store
public record StoredFile(
        UUID id,
        @Nullable String filename,
        String contentType,
        @Nullable String contentId,
        boolean inline,
        long size,
        String blob) {

    /// `inline` or `attachment`.
    public String disposition() {
        return inline ? "inline" : "attachment";
    }
}
