package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.email.EmailContent.StoredAttachment;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.email.EmailStore.RecipientRow;
import ai.mailgoat.server.email.EmailStore.Recipients;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.OutboundException;
import ai.mailgoat.server.queue.Entry;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.queue.ReservedMailboxes;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The moment at which this server takes responsibility for a mail (RFC 5321, 6.1). Two steps:
/// {@link #prepare} checks everything, fetches and stores attachments, and may still refuse; {@link
/// #accept} writes the mail, its recipients, its queue entries and its events in the caller's
/// transaction. The caller answers once that is on disk.
public final class Acceptance {
    private static final Duration FETCH_DEADLINE = Duration.ofSeconds(30);

    private final SendingDomains domains;
    private final Suppressions suppressions;
    private final Queue queue;
    private final Usage usage;
    private final Events events;
    private final EmailStore store;
    private final BlobStore blobs;
    private final GuardedHttp outbound;
    private final Uuids ids;
    private final InstantSource clock;
    private final Limits limits;

    /// @param maxMessage octets of bodies and attachments, the latter in Base64
    /// @param maxRecipients of to, cc and bcc together
    public record Limits(long maxMessage, int maxRecipients, int maxBatch) {}

    public Acceptance(
            SendingDomains domains,
            Suppressions suppressions,
            Queue queue,
            Usage usage,
            Events events,
            BlobStore blobs,
            GuardedHttp outbound,
            Uuids ids,
            InstantSource clock,
            Limits limits) {
        this.domains = domains;
        this.suppressions = suppressions;
        this.queue = queue;
        this.usage = usage;
        this.events = events;
        this.store = new EmailStore(blobs);
        this.blobs = blobs;
        this.outbound = outbound;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
    }

    /// A mail that can be accepted: nothing of it is written yet but its blobs.
    public static final class Prepared {
        private final EmailRow row;
        private final @Nullable String contentBlob;
        private final List<NamedMailbox> mailboxes;
        private final List<String> fields;
        private final Map<String, Object> eventData;
        private final boolean staysHere;

        private Prepared(
                EmailRow row,
                @Nullable String contentBlob,
                List<EmailRequest.Recipient> recipients,
                Map<String, Object> eventData,
                boolean staysHere) {
            this.row = row;
            this.contentBlob = contentBlob;
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
        var request = EmailRequest.read(body, limits.maxRecipients(), now);
        var domain = sendingDomain(sender, request.from());
        var id = new EmailId(ids.next());
        String messageId = id + "@" + domain.name();
        request.checkComposable(messageId, now);
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
                        attachments(request));
        byte[] json = Json.bytes(content);
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
                        json);
        return new Prepared(
                row,
                store.blobFor(json),
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
        usage.count(tx, row.team(), mail.mailboxes.size());
        var suppressed =
                suppressions.suppressed(
                        tx,
                        row.team(),
                        mail.mailboxes.stream().map(m -> m.mailbox().folded()).toList());
        var recipients = new ArrayList<RecipientRow>();
        var entries = new ArrayList<Entry>();
        var stopped = new ArrayList<String>();
        var due = Objects.requireNonNullElse(row.scheduledAt(), now);
        for (int i = 0; i < mail.mailboxes.size(); i++) {
            var mailbox = mail.mailboxes.get(i).mailbox();
            boolean stop =
                    suppressed.contains(mailbox.folded())
                            || ReservedMailboxes.isSuppressed(mailbox);
            recipients.add(
                    new RecipientRow(
                            i,
                            mail.fields.get(i),
                            mailbox.toString(),
                            stop ? "suppressed" : "queued",
                            null));
            if (stop) {
                stopped.add(mailbox.toString());
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
        store.insert(
                tx,
                withEvent(row, entries.isEmpty() ? "suppressed" : last),
                mail.contentBlob,
                recipients);
        if (!entries.isEmpty()) {
            queue.enqueue(tx, entries);
        }
        events.recordAll(tx, events(mail, last, stopped, entries, now));
    }

    private List<Event> events(
            Prepared mail, String last, List<String> stopped, List<Entry> entries, Instant now) {
        var happened = new ArrayList<Event>(3);
        if (!entries.isEmpty()) {
            var to = entries.stream().map(Entry::address).toList();
            var data = EventData.about(mail.eventData, to);
            if (last.equals("sent")) {
                happened.add(event(mail, "email.queued", now, data));
            }
            happened.add(event(mail, "email." + last, now, data));
        }
        if (!stopped.isEmpty()) {
            var data = EventData.about(mail.eventData, stopped);
            data.put(
                    "suppressed",
                    Map.of(
                            "type", "OnAccountSuppressionList",
                            "message",
                                    "The address is on the suppression list; nothing was sent to it."));
            happened.add(event(mail, "email.suppressed", now, data));
        }
        return happened;
    }

    private static Event event(Prepared mail, String type, Instant now, Map<String, Object> data) {
        return new Event(mail.row.team(), mail.row.id().value(), type, now, data);
    }

    private SendingDomain sendingDomain(Principal sender, NamedMailbox from) {
        var name = from.mailbox().domain();
        var domain = domains.sending(sender.team(), name).filter(SendingDomain::maySend);
        if (domain.isEmpty()) {
            throw ApiException.forbidden(
                    "The "
                            + name.unicode()
                            + " domain is not verified. Please, add and verify your domain on"
                            + " https://resend.com/domains");
        }
        if (sender.domain() != null && !sender.domain().equals(domain.get().id())) {
            throw ApiException.forbidden(
                    "This API key is not authorized to send emails from " + name.unicode() + ".");
        }
        return domain.get();
    }

    private List<StoredAttachment> attachments(EmailRequest request) {
        long size = length(request.html()) + length(request.text());
        for (var attachment : request.attachments()) {
            size += attachment.content() == null ? 0 : inBase64(attachment.content().length);
        }
        checkSize(size);
        var stored = new ArrayList<StoredAttachment>();
        for (var attachment : request.attachments()) {
            byte[] content = attachment.content();
            if (content == null) {
                content = fetch(attachment, limits.maxMessage() - size);
                size += inBase64(content.length);
                checkSize(size);
            }
            stored.add(
                    new StoredAttachment(
                            ids.next().toString(),
                            attachment.filename(),
                            attachment.contentType(),
                            attachment.contentId(),
                            content.length,
                            blobs.put(content)));
        }
        return stored;
    }

    private byte[] fetch(AttachmentRequest attachment, long room) {
        var path = attachment.path().orElseThrow();
        try {
            var reply =
                    outbound.get(
                            path,
                            new GuardedHttp.Limits(
                                    FETCH_DEADLINE,
                                    (int) Math.max(1, room * 3 / 4),
                                    GuardedHttp.Overflow.REFUSE));
            if (reply.status() == 200) {
                return reply.body();
            }
            throw badFetch(path.toString(), "it answered " + reply.status());
        } catch (OutboundException e) {
            throw badFetch(path.toString(), String.valueOf(e.getMessage()));
        }
    }

    private static ApiException badFetch(String path, String reason) {
        String end = reason.endsWith(".") ? "" : ".";
        return new ApiException(
                422,
                "invalid_attachment",
                "The attachment at " + path + " could not be fetched: " + reason + end);
    }

    private void checkSize(long size) {
        if (size > limits.maxMessage()) {
            throw ApiException.validation(
                    "The email is too large: content and attachments (in Base64) may have "
                            + limits.maxMessage() / (1024 * 1024)
                            + " MB.");
        }
    }

    private static long inBase64(long octets) {
        return (octets + 2) / 3 * 4;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static List<String> text(List<NamedMailbox> mailboxes) {
        return mailboxes.stream().map(NamedMailbox::toString).toList();
    }

    private static EmailRow withEvent(EmailRow row, String lastEvent) {
        return new EmailRow(
                row.id(),
                row.team(),
                row.messageId(),
                row.sender(),
                row.senderDomain(),
                row.subject(),
                row.recipients(),
                row.createdAt(),
                row.scheduledAt(),
                lastEvent,
                row.content());
    }
}
