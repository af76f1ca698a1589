package ai.mailgoat.server.email;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.merge.MergeBody;
import ai.mailgoat.server.store.BlobStore;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Objects;

/// What accepted mails say. The text of a broadcast lies once in the blob store; each of its mails
/// has only the values that are put into it, and is written out whenever it is read.
final class Contents {
    /// Characters of texts that are held ready.
    private static final long MAX_CHARACTERS = 16L * 1024 * 1024;

    private final BlobStore blobs;
    private final Cache<String, Held> bodies =
            Caffeine.newBuilder()
                    .maximumWeight(MAX_CHARACTERS)
                    .weigher((String blob, Held held) -> held.characters())
                    .build();

    Contents(BlobStore blobs) {
        this.blobs = blobs;
    }

    private record Held(MergeBody.Parsed body, int characters) {}

    /// A mail's content as it was accepted; without HTML and text when those are merged.
    static EmailContent stored(EmailRow row) {
        return Json.read(row.content(), EmailContent.class);
    }

    /// A mail's content with HTML and text.
    EmailContent of(EmailRow row) {
        return whole(stored(row));
    }

    /// The same content with HTML and text; equal contents give equal texts, always.
    EmailContent whole(EmailContent content) {
        var merge = content.merge();
        if (merge == null) {
            return content;
        }
        var body = Objects.requireNonNull(bodies.get(merge.blob(), this::load)).body();
        return content.saying(body.html(merge.values()), body.text(merge.values()));
    }

    private Held load(String blob) {
        byte[] json = blobs.get(blob);
        return new Held(Json.read(json, MergeBody.class).parse(), json.length);
    }
}
