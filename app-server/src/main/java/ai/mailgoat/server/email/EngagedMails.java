package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.tracking.Kind;
import ai.mailgoat.server.tracking.TrackedMail;
import ai.mailgoat.server.tracking.TrackedMails;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Mails that are opened, and what follows from it for them.
public final class EngagedMails implements TrackedMails {
    private final EmailStore rows;
    private final EngagedMailStore engaged = new EngagedMailStore();

    public EngagedMails(BlobStore blobs) {
        this.rows = new EmailStore(blobs);
    }

    @Override
    public Optional<TrackedMail> find(Tx tx, UUID email) {
        return rows.findAll(tx, List.of(new EmailId(email))).stream()
                .findFirst()
                .map(row -> {
                    var content = Json.read(row.content(), EmailContent.class);
                    var broadcast = engaged.broadcast(tx, email).orElse(null);
                    var data = new LinkedHashMap<String, Object>();
                    if (broadcast != null) {
                        data.put("broadcast_id", broadcast.toString());
                    }
                    data.putAll(EventData.of(row, content, row.recipients().to()));
                    return new TrackedMail(
                            row.team(),
                            email,
                            broadcast,
                            Objects.requireNonNullElse(row.scheduledAt(), row.createdAt()),
                            engaged.deliveredAt(tx, email).orElse(null),
                            data);
                });
    }

    @Override
    public void engaged(Tx tx, UUID email, Kind kind) {
        engaged.happened(
                tx,
                email,
                kind.text(),
                kind == Kind.OPENED ? List.of("delivered") : List.of("delivered", "opened"));
    }
}
