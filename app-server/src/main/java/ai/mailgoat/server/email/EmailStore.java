package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows of accepted mail. Contents are written once and never change.
final class EmailStore {
    /// Up to this many octets a content stays in its row; a larger one is a blob.
    private static final int INLINE = 48 * 1024;

    /// What lists show.
    static final String LISTED =
            "SELECT id, team_id, message_id, sender, sender_domain, subject, recipients, created_at,"
                    + " scheduled_at, last_event, topic_id, broadcast_id FROM email ";

    private static final String WHOLE =
            "SELECT id, team_id, message_id, sender, sender_domain, subject, recipients, created_at,"
                    + " scheduled_at, last_event, topic_id, broadcast_id, content, content_blob"
                    + " FROM email JOIN email_content ON email_id = id ";

    private final BlobStore blobs;

    EmailStore(BlobStore blobs) {
        this.blobs = blobs;
    }

    /// A mail as it is kept.
    ///
    /// @param senderDomain whose keys sign it
    /// @param recipients the address lists, for reading back without the content
    /// @param scheduledAt when it was asked to leave, or `null` for at once
    record EmailRow(
            EmailId id,
            TeamId team,
            String messageId,
            String sender,
            String senderDomain,
            String subject,
            Recipients recipients,
            Instant createdAt,
            @Nullable Instant scheduledAt,
            String lastEvent,
            @Nullable UUID topicId,
            @Nullable UUID broadcastId,
            byte[] content) {

        EmailRow withLastEvent(String last) {
            return new EmailRow(
                    id,
                    team,
                    messageId,
                    sender,
                    senderDomain,
                    subject,
                    recipients,
                    createdAt,
                    scheduledAt,
                    last,
                    topicId,
                    broadcastId,
                    content);
        }
    }

    record Recipients(List<String> to, List<String> cc, List<String> bcc, List<String> replyTo) {}

    /// @param state `queued`, or `suppressed` or `failed` for one that is not tried
    record RecipientRow(
            int ordinal, String field, String address, String state, @Nullable String detail) {}

    /// Puts a large content into the blob store before its row is written; `null` for one that fits
    /// the row.
    @Nullable String blobFor(byte[] content) {
        return content.length <= INLINE ? null : blobs.put(content);
    }

    /// A mail with its recipients, to be inserted.
    ///
    /// @param tags as the API has them, to be filtered by; `null` when there are none
    record NewEmail(
            EmailRow email,
            @Nullable String contentBlob,
            @Nullable String tags,
            List<RecipientRow> recipients) {}

    void insert(Tx tx, List<NewEmail> mails) {
        var emails = new ArrayList<@Nullable Object[]>(mails.size());
        var contents = new ArrayList<@Nullable Object[]>(mails.size());
        var recipients = new ArrayList<@Nullable Object[]>(mails.size());
        for (var mail : mails) {
            var email = mail.email();
            emails.add(row(email, mail.tags()));
            contents.add(
                    new @Nullable Object[] {
                        email.id().value(),
                        mail.contentBlob() == null ? email.content() : null,
                        mail.contentBlob()
                    });
            for (var r : mail.recipients()) {
                recipients.add(
                        new @Nullable Object[] {
                            email.id().value(),
                            r.ordinal(),
                            r.field(),
                            r.address(),
                            r.state(),
                            r.detail()
                        });
            }
        }
        tx.batch(
                """
                INSERT INTO email (id, team_id, message_id, sender, sender_domain, subject,
                    recipients, created_at, scheduled_at, last_event, topic_id, broadcast_id, tags)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                emails);
        tx.batch(
                "INSERT INTO email_content (email_id, content, content_blob) VALUES (?, ?, ?)",
                contents);
        tx.batch(
                "INSERT INTO recipient (email_id, ordinal, field, address, state, detail) VALUES (?, ?, ?, ?, ?, ?)",
                recipients);
    }

    private static @Nullable Object[] row(EmailRow email, @Nullable String tags) {
        return new @Nullable Object[] {
            email.id().value(),
            email.team().value(),
            email.messageId(),
            email.sender(),
            email.senderDomain(),
            email.subject(),
            Json.mapper().writeValueAsString(email.recipients()),
            email.createdAt(),
            email.scheduledAt(),
            email.lastEvent(),
            email.topicId(),
            email.broadcastId(),
            tags
        };
    }

    Optional<EmailRow> find(Tx tx, TeamId team, EmailId id) {
        return tx.first(
                WHOLE + "WHERE id = ? AND team_id = ?", this::row, id.value(), team.value());
    }

    List<EmailRow> findAll(Tx tx, Collection<EmailId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
        return tx.query(
                WHOLE + "WHERE id IN (" + marks + ")",
                this::row,
                ids.stream().map(id -> (Object) id.value()).toArray());
    }

    /// A page of the team's mail; `content` is left empty.
    List<EmailRow> list(Tx tx, TeamId team, Page page) {
        return tx.query(
                LISTED + "WHERE team_id = ?" + page.sql("team_id", "id"),
                EmailStore::listed,
                page.parameters(team.value()));
    }

    List<RecipientRow> recipients(Tx tx, EmailId id) {
        return tx.query(
                "SELECT ordinal, field, address, state, detail FROM recipient WHERE email_id = ? ORDER BY ordinal",
                row ->
                        new RecipientRow(
                                row.integer("ordinal"),
                                row.string("field"),
                                row.string("address"),
                                row.string("state"),
                                row.stringOrNull("detail")),
                id.value());
    }

    /// Changes a mail that still waits for its time.
    ///
    /// @return whether it did
    boolean reschedule(Tx tx, TeamId team, EmailId id, Instant at) {
        return tx.update(
                        "UPDATE email SET scheduled_at = ? WHERE id = ? AND team_id = ? AND last_event = 'scheduled'",
                        at,
                        id.value(),
                        team.value())
                == 1;
    }

    boolean cancel(Tx tx, TeamId team, EmailId id) {
        boolean canceled =
                tx.update(
                                "UPDATE email SET last_event = 'canceled' WHERE id = ? AND team_id = ?"
                                        + " AND last_event = 'scheduled'",
                                id.value(),
                                team.value())
                        == 1;
        if (canceled) {
            tx.update("UPDATE recipient SET state = 'canceled' WHERE email_id = ?", id.value());
        }
        return canceled;
    }

    /// A row of {@link #LISTED}; `content` is left empty.
    static EmailRow listed(Tx.Row row) throws SQLException {
        return row(row, new byte[0]);
    }

    private EmailRow row(Tx.Row row) throws SQLException {
        var inline = row.bytesOrNull("content");
        return row(row, inline != null ? inline : blobs.get(row.string("content_blob")));
    }

    private static EmailRow row(Tx.Row row, byte[] content) throws SQLException {
        return new EmailRow(
                new EmailId(row.uuid("id")),
                new TeamId(row.uuid("team_id")),
                row.string("message_id"),
                row.string("sender"),
                row.string("sender_domain"),
                row.string("subject"),
                Json.mapper().readValue(row.string("recipients"), Recipients.class),
                row.instant("created_at"),
                row.instantOrNull("scheduled_at"),
                row.string("last_event"),
                row.uuidOrNull("topic_id"),
                row.uuidOrNull("broadcast_id"),
                content);
    }
}
