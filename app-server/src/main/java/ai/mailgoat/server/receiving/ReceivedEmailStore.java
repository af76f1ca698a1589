package ai.mailgoat.server.receiving;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.receiving.ReceivedEmail.Content;
import ai.mailgoat.server.receiving.ReceivedEmail.Listed;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `received_email`. Rows are written once.
final class ReceivedEmailStore {
    /// Up to this many octets a content stays in its row; a larger one is a blob.
    private static final int INLINE = 48 * 1024;

    private static final String COLUMNS =
            "SELECT id, team_id, domain_id, message_id, sender, subject, listed, raw_blob, raw_size,"
                    + " created_at FROM received_email WHERE team_id = ?";

    private final BlobStore blobs;

    ReceivedEmailStore(BlobStore blobs) {
        this.blobs = blobs;
    }

    /// A content that is ready to be written with its row.
    record Ready(byte @Nullable [] inline, @Nullable String blob) {}

    Ready ready(Content content) {
        byte[] json = Json.bytes(content);
        return json.length <= INLINE ? new Ready(json, null) : new Ready(null, blobs.put(json));
    }

    void insert(Tx tx, ReceivedEmail email, Ready content) {
        tx.update(
                """
                INSERT INTO received_email (id, team_id, domain_id, message_id, sender, subject, listed,
                    content, content_blob, raw_blob, raw_size, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                email.id().value(),
                email.team().value(),
                email.domain(),
                email.messageId(),
                email.sender(),
                email.subject(),
                Json.mapper().writeValueAsString(email.listed()),
                content.inline(),
                content.blob(),
                email.rawBlob(),
                email.rawSize(),
                email.createdAt());
    }

    Optional<ReceivedEmail> find(Tx tx, TeamId team, EmailId id) {
        return tx.first(COLUMNS + " AND id = ?", ReceivedEmailStore::row, team.value(), id.value());
    }

    /// Of a mail that is there.
    Content content(Tx tx, TeamId team, EmailId id) {
        return tx.first(
                        "SELECT content, content_blob FROM received_email WHERE team_id = ? AND id = ?",
                        row -> {
                            var inline = row.bytesOrNull("content");
                            return inline != null ? inline : blobs.get(row.string("content_blob"));
                        },
                        team.value(),
                        id.value())
                .map(json -> Json.read(json, Content.class))
                .orElseThrow();
    }

    List<ReceivedEmail> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                COLUMNS + page.sql("team_id", "id"),
                ReceivedEmailStore::row,
                page.parameters(team.value()));
    }

    private static ReceivedEmail row(Tx.Row row) throws SQLException {
        return new ReceivedEmail(
                new EmailId(row.uuid("id")),
                new TeamId(row.uuid("team_id")),
                row.uuidOrNull("domain_id"),
                row.string("message_id"),
                row.string("sender"),
                row.string("subject"),
                Json.mapper().readValue(row.string("listed"), Listed.class),
                row.string("raw_blob"),
                row.number("raw_size"),
                row.instant("created_at"));
    }
}
