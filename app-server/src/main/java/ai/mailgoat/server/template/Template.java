package ai.mailgoat.server.template;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A template without its content. Name and alias belong to all its versions.
///
/// @param versionId the version its author works on; the same as `publishedVersionId` when that one
///   was not edited since
/// @param publishedVersionId what is sent, `null` for a draft
record Template(
        UUID id,
        String name,
        @Nullable String alias,
        UUID versionId,
        @Nullable UUID publishedVersionId,
        @Nullable Instant publishedAt,
        Instant createdAt,
        Instant updatedAt) {

    boolean hasUnpublishedVersions() {
        return !versionId.equals(publishedVersionId);
    }

    /// As the API has it.
    String status() {
        return publishedVersionId == null ? "draft" : "published";
    }
}
