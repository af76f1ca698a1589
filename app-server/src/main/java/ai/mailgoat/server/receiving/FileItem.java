package ai.mailgoat.server.receiving;

import ai.mailgoat.server.download.StoredFile;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file of a received mail, without a link.
record FileItem(
        UUID id,
        @Nullable String filename,
        long size,
        String contentType,
        String contentDisposition,
        @Nullable String contentId) {

    static List<FileItem> all(List<StoredFile> files) {
        return files.stream()
                .map(file ->
                        new FileItem(
                                file.id(),
                                file.filename(),
                                file.size(),
                                file.contentType(),
                                file.disposition(),
                                file.contentId()))
                .toList();
    }
}
