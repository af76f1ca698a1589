package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.email.EmailStore.NewEmail;
import ai.mailgoat.server.email.EmailStore.RecipientRow;
import ai.mailgoat.server.email.EmailStore.Recipients;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.queue.Entry;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.queue.ReservedMailboxes;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.template.Templates;
import ai.mailgoat.server.usage.Usage;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The moment at which this server takes responsibility for a mail (RFC 5321, 6.1). Two steps:
/// {@link #prepare} checks everything, fetches and stores attachments, and may still refuse; {@link
/// #accept} writes the mail, its recipients, its queue entries and its events in the caller's
/// transaction. The caller answers once that is on disk.
public final class Acceptance {
    private final Store database;
    private final SendingDomains domains;
    private final Templates templates;
    private final TopicChoices topics;
    private final Suppressions suppressions;
    private final Queue queue;
    private final Usage usage;
    private final Events events;
    private final EmailStore store;
    private final AttachmentIntake attachments;
    private final Uuids ids;
    private final InstantSource clock;
    private final Limits limits;

    /// @param maxMessage octets of bodies and attachments, the latter in Base64
    /// @param maxRecipients of to, cc and bcc together
    public record Limits(long maxMessage, int maxRecipients, int maxBatch) {}

    public Acceptance(
            Store database,
            SendingDomains domains,
            Templates templates,
            TopicChoices topics,
            Suppressions suppressions,
            Queue queue,
            Usage usage,
            Events events,
            BlobStore blobs,
            GuardedHttp outbound,
            Uuids ids,
            InstantSource clock,
            Limits limits) {
        this.database = database;
        this.domains = domains;
        this.templates = templates;
        this.topics = topics;
        this.suppressions = suppressions;
        this.queue = queue;
        this.usage = usage;
        this.events = events;
        this.store = new EmailStore(blobs);
        this.attachments = new AttachmentIntake(outbound, blobs, ids, limits.maxMessage());
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
    }

    /// A mail that can be accepted: nothing of it is written yet but its blobs.
    public static final class Prepared {
        private final EmailRow row;
        private final @Nullable String contentBlob;
        private final @Nullable String tags;
        private final List<NamedMailbox> mailboxes;
        private final List<String> fields;
        private final Map<String, Object> eventData;
        private final boolean staysHere;

        private Prepared(
                EmailRow row,
                @Nullable String contentBlob,
                @Nullable String tags,
                List<EmailRequest.Recipient> recipients,
                Map<String, Object> eventData,
                boolean staysHere) {
            this.row = row;
            this.contentBlob = contentBlob;
            this.tags = tags;
            this.mailboxes = recipients.stream().map(EmailRequest.Recipient::mailbox).toList();
            this.fields = recipients.stream().map(EmailRequest.Recipient::field).toList();
            this.eventData = eventData;
            this.staysHere = staysHere;
        }

        public EmailId id() {
            return row.id();
        }
    }

    Limits limits() {
        return limits;
    }

    /// Checks a request and makes it ready.
    ///
    /// @throws ApiException in the API's words for whatever is wrong with it
    public Prepared prepare(Principal sender, JsonBody body) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var team = sender.team();
        var request =
                EmailRequest.read(
                        body,
                        limits.maxRecipients(),
                        now,
                        template -> templates.render(team, template));
        var domain = domains.usable(sender, request.from().mailbox().domain());
        var id = new EmailId(ids.next());
        String messageId = id + "@" + domain.name();
        request.checkComposable(messageId, now);
        var topic = request.topicId();
        if (topic != null && !database.read(tx -> topics.exists(tx, team, topic))) {
            throw ApiException.notFound("Topic");
        }
        var content =
                new EmailContent(
                        request.from().toString(),
                        text(request.to()),
                        text(request.cc()),
                        text(request.bcc()),
                        text(request.replyTo()),
                        request.subject(),
                        request.html(),
                        request.text(),
                        request.headers(),
                        request.tags(),
                        attachments.keep(request),
                        request.templateId(),
                        null);
        byte[] json = Json.bytes(content);
        // What lies in a blob need not wait in memory, too.
        var blob = store.blobFor(json);
        var row =
                new EmailRow(
                        id,
                        sender.team(),
                        messageId,
                        content.from(),
                        domain.name().ascii(),
                        content.subject(),
                        new Recipients(
                                content.to(), content.cc(), content.bcc(), content.replyTo()),
                        now,
                        request.scheduledAt().orElse(null),
                        "queued",
                        topic,
                        null,
                        blob == null ? json : new byte[0]);
        return new Prepared(
                row,
                blob,
                content.tags().isEmpty() ? null : Json.mapper().writeValueAsString(content.tags()),
                request.recipients(),
                EventData.of(row, content, List.of()),
                domain.reserved());
    }

    /// Writes what was prepared. The mail is accepted when `tx` is on disk, and not before.
    ///
    /// @throws ApiException 429 when the team's quota does not allow it
    public void accept(Tx tx, Prepared mail) {
        var row = mail.row;
        var now = row.createdAt();
        var addresses = mail.mailboxes.stream().map(m -> m.mailbox().folded()).toList();
        usage.count(tx, row.team(), mail.mailboxes.size());
        var suppressed = suppressions.suppressed(tx, row.team(), addresses);
        var optedOut = optedOut(tx, row, addresses);
        var recipients = new ArrayList<RecipientRow>();
        var entries = new ArrayList<Entry>();
        var stopped = new ArrayList<String>();
        var unwanted = new ArrayList<String>();
        var due = Objects.requireNonNullElse(row.scheduledAt(), now);
        for (int i = 0; i < mail.mailboxes.size(); i++) {
            var mailbox = mail.mailboxes.get(i).mailbox();
            boolean stop =
                    suppressed.contains(mailbox.folded())
                            || ReservedMailboxes.isSuppressed(mailbox);
            boolean out = !stop && optedOut.contains(mailbox.folded());
            recipients.add(
                    new RecipientRow(
                            i,
                            mail.fields.get(i),
                            mailbox.toString(),
                            stop ? "suppressed" : out ? "failed" : "queued",
                            out ? EventData.OPTED_OUT : null));
            if (stop) {
                stopped.add(mailbox.toString());
            } else if (out) {
                unwanted.add(mailbox.toString());
            } else {
                String route = mail.staysHere ? ReservedMailboxes.DOMAIN : mailbox.domain().ascii();
                entries.add(
                        new Entry(
                                ids.next(),
                                row.id(),
                                i,
                                Entry.Lane.TRANSACTIONAL,
                                route,
                                mailbox.toString(),
                                due,
                                queue.expiry(due),
                                0));
            }
        }
        String last = row.scheduledAt() != null ? "scheduled" : "sent";
        String none = unwanted.isEmpty() ? "suppressed" : "failed";
        store.insert(
                tx,
                List.of(
                        new NewEmail(
                                row.withLastEvent(entries.isEmpty() ? none : last),
                                mail.contentBlob,
                                mail.tags,
                                recipients)));
        if (!entries.isEmpty()) {
            queue.enqueue(tx, entries);
        }
        var queued = entries.stream().map(Entry::address).toList();
        events.recordAll(
                tx, EventData.accepted(row, mail.eventData, last, queued, stopped, unwanted));
    }

    // The topic may have gone since it was looked for; then nobody knows who wants the mail.
    private Set<String> optedOut(Tx tx, EmailRow row, List<String> addresses) {
        var topic = row.topicId();
        if (topic == null) {
            return Set.of();
        }
        if (!topics.exists(tx, row.team(), topic)) {
            throw ApiException.notFound("Topic");
        }
        return topics.optedOut(tx, row.team(), topic, addresses);
    }

    private static List<String> text(List<NamedMailbox> mailboxes) {
        return mailboxes.stream().map(NamedMailbox::toString).toList();
    }
}
