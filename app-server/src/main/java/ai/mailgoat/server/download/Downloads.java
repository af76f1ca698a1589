package ai.mailgoat.server.download;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Links to stored octets that anybody who has them may follow, for an hour.
public final class Downloads {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final SignedTokens tokens;
    private final InstantSource clock;
    private final String publicUrl;

    /// @param publicUrl base of the links, without trailing slash
    public Downloads(MasterKey masterKey, InstantSource clock, String publicUrl) {
        this.tokens = new SignedTokens(masterKey, "download");
        this.clock = clock;
        this.publicUrl = publicUrl;
    }

    /// What a link names.
    ///
    /// @param blob key in the blob store
    /// @param inline whether a browser may show it instead of saving it
    public record Download(
            String blob, @Nullable String filename, String contentType, boolean inline) {}

    public record Link(String url, Instant expiresAt) {

        /// As the API writes it.
        public String expiry() {
            return ApiTime.iso(expiresAt);
        }
    }

    /// A link that holds for an hour.
    public Link link(Download download) {
        return link(download, clock.instant().plus(LIFETIME));
    }

    /// A link that holds for an hour, and not longer than until `last`.
    public Link link(StoredFile file, Instant last) {
        var hour = clock.instant().plus(LIFETIME);
        return link(download(file), last.isBefore(hour) ? last : hour);
    }

    /// One file, with a link.
    ///
    /// @throws ApiException 404 when there is none by that id
    public AttachmentBody one(List<StoredFile> files, UUID id) {
        return files.stream()
                .filter(file -> file.id().equals(id))
                .findFirst()
                .map(file -> body("attachment", file))
                .orElseThrow(() -> ApiException.notFound("Attachment"));
    }

    /// A page of the files of one mail, in their order, each with a link.
    public Page.ListBody<AttachmentBody> list(List<StoredFile> files, Page page) {
        return page.cut(files, StoredFile::id, file -> body(null, file));
    }

    /// @throws ApiException 404 for a token that was not made here, 410 for one that has expired
    Download read(String token) {
        var signed = tokens.read(token).orElseThrow(() -> ApiException.notFound("File"));
        if (!signed.holdsAt(clock.instant())) {
            throw new ApiException(410, "not_found", "This link has expired.");
        }
        return Json.read(signed.content(), Download.class);
    }

    private AttachmentBody body(@Nullable String object, StoredFile file) {
        var link = link(download(file));
        return new AttachmentBody(
                object,
                file.id(),
                file.filename(),
                file.size(),
                file.contentType(),
                file.disposition(),
                file.contentId(),
                link.url(),
                link.expiry());
    }

    private Link link(Download download, Instant expiresAt) {
        var whole = expiresAt.truncatedTo(ChronoUnit.SECONDS);
        return new Link(
                publicUrl + "/downloads/" + tokens.sign(Json.bytes(download), whole), whole);
    }

    private static Download download(StoredFile file) {
        return new Download(file.blob(), file.filename(), file.contentType(), file.inline());
    }
}
