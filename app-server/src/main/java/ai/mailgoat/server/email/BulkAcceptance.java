package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.email.EmailStore.NewEmail;
import ai.mailgoat.server.email.EmailStore.RecipientRow;
import ai.mailgoat.server.email.EmailStore.Recipients;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.queue.Entry;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.queue.ReservedMailboxes;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes responsibility for many mails of one broadcast at once, as {@link Acceptance} does for
/// one. Who may get them was decided by the caller, in the same transaction.
public final class BulkAcceptance {
    private final Queue queue;
    private final Usage usage;
    private final Events events;
    private final EmailStore store;
    private final Uuids ids;

    public BulkAcceptance(Queue queue, Usage usage, Events events, BlobStore blobs, Uuids ids) {
        this.queue = queue;
        this.usage = usage;
        this.events = events;
        this.store = new EmailStore(blobs);
        this.ids = ids;
    }

    /// What all mails of a broadcast have in common.
    ///
    /// @param domain of `from`; may send
    public record Common(
            TeamId team,
            UUID broadcast,
            @Nullable UUID topic,
            SendingDomain domain,
            NamedMailbox from,
            List<String> replyTo) {}

    /// One of them.
    ///
    /// @param subject merged
    /// @param headers beyond those that every mail has
    /// @param merge what its text is made of
    public record Mail(
            EmailId id,
            Mailbox to,
            String subject,
            Map<String, String> headers,
            EmailContent.Merge merge) {}

    /// The mails are accepted when `tx` is on disk, and not before.
    ///
    /// @throws ApiException 429 when the team's quota does not allow them; nothing is written
    public void accept(Tx tx, Common common, List<Mail> mails, Instant now) {
        usage.count(tx, common.team(), mails.size());
        var rows = new ArrayList<NewEmail>(mails.size());
        var entries = new ArrayList<Entry>(mails.size());
        var happened = new ArrayList<Event>(2 * mails.size());
        for (var mail : mails) {
            var content = content(common, mail);
            var row = row(common, mail, content, now);
            String address = mail.to().toString();
            rows.add(
                    new NewEmail(
                            row,
                            null,
                            null,
                            List.of(new RecipientRow(0, "to", address, "queued", null))));
            entries.add(entry(common, mail, now));
            happened.addAll(
                    EventData.accepted(
                            row,
                            EventData.of(row, content, List.of()),
                            "sent",
                            List.of(address),
                            List.of(),
                            List.of()));
        }
        store.insert(tx, rows);
        queue.enqueue(tx, entries);
        events.recordAll(tx, happened);
    }

    private static EmailContent content(Common common, Mail mail) {
        return new EmailContent(
                common.from().toString(),
                List.of(mail.to().toString()),
                List.of(),
                List.of(),
                common.replyTo(),
                mail.subject(),
                null,
                null,
                mail.headers(),
                List.of(),
                List.of(),
                null,
                mail.merge());
    }

    private static EmailRow row(Common common, Mail mail, EmailContent content, Instant now) {
        return new EmailRow(
                mail.id(),
                common.team(),
                mail.id() + "@" + common.domain().name(),
                content.from(),
                common.domain().name().ascii(),
                mail.subject(),
                new Recipients(content.to(), List.of(), List.of(), content.replyTo()),
                now,
                null,
                "sent",
                common.topic(),
                common.broadcast(),
                Json.bytes(content));
    }

    private Entry entry(Common common, Mail mail, Instant now) {
        return new Entry(
                ids.next(),
                mail.id(),
                0,
                Entry.Lane.BROADCAST,
                common.domain().reserved() ? ReservedMailboxes.DOMAIN : mail.to().domain().ascii(),
                mail.to().toString(),
                now,
                queue.expiry(now),
                0);
    }
}
