package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.broadcast.Broadcast.Counts;
import ai.mailgoat.server.broadcast.Broadcast.Status;
import ai.mailgoat.server.broadcast.RunStore.Waiting;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.contact.Member;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.email.BulkAcceptance;
import ai.mailgoat.server.email.BulkAcceptance.Common;
import ai.mailgoat.server.email.BulkAcceptance.Mail;
import ai.mailgoat.server.email.EmailContent.Merge;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.merge.MergeBody;
import ai.mailgoat.server.merge.MergeText;
import ai.mailgoat.server.merge.MergeValues;
import ai.mailgoat.server.queue.ReservedMailboxes;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.topic.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Turns recipients into accepted mail, or into a reason why not.
public final class Mailings {
    private final Store store;
    private final BlobStore blobs;
    private final Contacts contacts;
    private final Topics topics;
    private final SendingDomains domains;
    private final Suppressions suppressions;
    private final BulkAcceptance acceptance;
    private final Links links;
    private final Uuids ids;
    private final RunStore runs = new RunStore();

    /// @param links for the recipient of one mail, by which it gets no more of them
    public Mailings(
            Store store,
            BlobStore blobs,
            Contacts contacts,
            Topics topics,
            SendingDomains domains,
            Suppressions suppressions,
            BulkAcceptance acceptance,
            Links links,
            Uuids ids) {
        this.store = store;
        this.blobs = blobs;
        this.contacts = contacts;
        this.topics = topics;
        this.domains = domains;
        this.suppressions = suppressions;
        this.acceptance = acceptance;
        this.links = links;
        this.ids = ids;
    }

    /// Makes the links by which recipients get no more mail.
    public interface Links {
        /// @param email the mail in which it stands
        /// @param topic what the mail is about, `null` for nothing in particular
        /// @param at when the mail is made
        String url(TeamId team, UUID contact, UUID email, @Nullable UUID topic, Instant at);
    }

    /// What all mails of a broadcast share, read once.
    record Mailing(Common common, MergeText subject, Set<String> keys, String blob) {}

    /// Stores the text of a broadcast, once for all its mails.
    ///
    /// @return key of the blob
    String keep(Broadcast broadcast) {
        return blobs.put(Json.bytes(body(broadcast)));
    }

    /// @param broadcast frozen
    /// @throws ApiException 403 when its sender's domain may not send now
    Mailing open(Broadcast broadcast) {
        var from = NamedMailbox.parse(Objects.requireNonNull(broadcast.content().from()));
        var common =
                new Common(
                        broadcast.team(),
                        broadcast.id(),
                        broadcast.topic(),
                        domain(broadcast.team(), from),
                        from,
                        broadcast.content().replyTo());
        return new Mailing(
                common,
                subject(broadcast),
                body(broadcast).parse().keys(),
                Objects.requireNonNull(broadcast.mergeBlob()));
    }

    /// Decides about the next recipients and accepts their mail, all in one transaction.
    ///
    /// @return what was decided; nothing when the broadcast was paused or canceled meanwhile
    /// @throws ApiException 429 when a quota does not allow it; nothing was decided
    Counts send(Broadcast broadcast, Mailing mailing, int atMost, Instant now) {
        var prospects = store.read(tx -> prospects(tx, broadcast, mailing, atMost, now));
        var addresses =
                prospects.stream()
                        .flatMap(p -> p.mail().stream())
                        .map(mail -> mail.to().folded())
                        .toList();
        return store.write(tx -> {
            var suppressed = suppressions.suppressed(tx, broadcast.team(), addresses);
            var decisions = new Decisions();
            var mails = new ArrayList<Mail>();
            for (var prospect : prospects) {
                decide(prospect, suppressed, decisions, mails);
            }
            if (!runs.advance(tx, broadcast, Status.QUEUED, decisions.counts(), now)) {
                return new Counts(0, 0, 0, 0, 0);
            }
            if (!mails.isEmpty()) {
                acceptance.accept(tx, mailing.common(), mails, now);
            }
            runs.decide(tx, broadcast.id(), decisions.all());
            return decisions.counts();
        });
    }

    /// A recipient with the mail for it, or with the reason why there is none.
    private record Prospect(Waiting recipient, Optional<Mail> mail, boolean failed, String reason) {
        static Prospect skipped(Waiting recipient, String reason) {
            return new Prospect(recipient, Optional.empty(), false, reason);
        }
    }

    private static void decide(
            Prospect prospect, Set<String> suppressed, Decisions decisions, List<Mail> mails) {
        var recipient = prospect.recipient();
        if (prospect.mail().isEmpty()) {
            if (prospect.failed()) {
                decisions.failed(recipient, prospect.reason());
            } else {
                decisions.skipped(recipient, prospect.reason());
            }
            return;
        }
        var mail = prospect.mail().get();
        if (suppressed.contains(mail.to().folded()) || ReservedMailboxes.isSuppressed(mail.to())) {
            decisions.suppressed(recipient);
        } else {
            decisions.sent(recipient, mail.id().value());
            mails.add(mail);
        }
    }

    private List<Prospect> prospects(
            Tx tx, Broadcast broadcast, Mailing mailing, int atMost, Instant now) {
        var recipients = runs.waiting(tx, broadcast.id(), broadcast.reached(), atMost);
        var topic = broadcast.topic();
        if (topic != null && !topics.exists(tx, broadcast.team(), topic)) {
            return recipients.stream()
                    .map(r -> Prospect.skipped(r, "The topic was deleted."))
                    .toList();
        }
        var members = new HashMap<UUID, Member>();
        contacts.members(
                        tx,
                        broadcast.team(),
                        recipients.stream().map(Waiting::contact).toList(),
                        topic)
                .forEach(member -> members.put(member.id(), member));
        return recipients.stream()
                .map(recipient ->
                        prospect(mailing, recipient, members.get(recipient.contact()), now))
                .toList();
    }

    private Prospect prospect(
            Mailing mailing, Waiting recipient, @Nullable Member member, Instant now) {
        if (member == null) {
            return Prospect.skipped(recipient, "The contact was deleted.");
        }
        if (member.unsubscribed()) {
            return Prospect.skipped(recipient, "The contact has unsubscribed.");
        }
        if (!member.wantsTopic()) {
            return Prospect.skipped(recipient, "The contact has opted out of the topic.");
        }
        try {
            var to = Mailbox.parse(recipient.address());
            return new Prospect(recipient, Optional.of(mail(mailing, member, to, now)), false, "");
        } catch (MalformedAddressException e) {
            return new Prospect(
                    recipient,
                    Optional.empty(),
                    true,
                    "The address is not valid: " + e.getMessage());
        }
    }

    private Mail mail(Mailing mailing, Member member, Mailbox to, Instant now) {
        var common = mailing.common();
        var id = new EmailId(ids.next());
        String link = links.url(common.team(), member.id(), id.value(), common.topic(), now);
        // RFC 8058, 3.1
        var headers =
                Map.of(
                        "List-Unsubscribe",
                        "<" + link + ">",
                        "List-Unsubscribe-Post",
                        "List-Unsubscribe=One-Click");
        return new Mail(
                id,
                to,
                mailing.subject().fillLine(values(member, mailing.subject().keys(), link)),
                headers,
                new Merge(mailing.blob(), values(member, mailing.keys(), link)));
    }

    private static Map<String, String> values(Member member, Set<String> keys, String link) {
        return MergeValues.of(
                keys,
                member.email(),
                member.firstName(),
                member.lastName(),
                member.properties(),
                link);
    }

    private MergeText subject(Broadcast broadcast) {
        return MergeText.parse(Objects.requireNonNull(broadcast.content().subject()))
                .withFallbacks(MergeValues.fallbacks(fallbacks(broadcast.team())));
    }

    private MergeBody body(Broadcast broadcast) {
        var content = broadcast.content();
        return MergeBody.of(
                content.html(), content.text(), content.previewText(), fallbacks(broadcast.team()));
    }

    private Map<String, String> fallbacks(TeamId team) {
        return store.read(tx -> contacts.fallbacks(tx, team));
    }

    private SendingDomain domain(TeamId team, NamedMailbox from) {
        var name = from.mailbox().domain();
        return domains.sending(team, name)
                .filter(SendingDomain::maySend)
                .orElseThrow(() ->
                        ApiException.forbidden(
                                "The " + name.unicode() + " domain is not verified."));
    }
}
