package ai.mailgoat.server.download;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file of a mail as the API shows it.
///
/// @param object absent in lists
public record AttachmentBody(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String object,
        UUID id,
        @Nullable String filename,
        long size,
        String contentType,
        String contentDisposition,
        @Nullable String contentId,
        String downloadUrl,
        String expiresAt) {}
