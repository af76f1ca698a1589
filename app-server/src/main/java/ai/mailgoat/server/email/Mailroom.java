package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.Consignment.TlsPolicy;
import ai.mailgoat.server.dkim.Algorithm;
import ai.mailgoat.server.dkim.DkimKey;
import ai.mailgoat.server.dkim.DkimKeys;
import ai.mailgoat.server.dkim.DkimSigner;
import ai.mailgoat.server.domain.DkimAlgorithm;
import ai.mailgoat.server.domain.SealedKey;
import ai.mailgoat.server.domain.SendingDomain;
import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.message.Composer;
import ai.mailgoat.server.message.HeaderField;
import ai.mailgoat.server.message.HtmlText;
import ai.mailgoat.server.message.OutgoingMessage;
import ai.mailgoat.server.message.Part;
import ai.mailgoat.server.message.WireMessage;
import ai.mailgoat.server.queue.Mail;
import ai.mailgoat.server.queue.MailSource;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.tracking.Tracking;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes the message on the wire out of what was accepted. The same mail gives the same octets
/// every time, signatures included: dates, boundaries and the signing time come from the mail
/// itself, so a retry after a crash is a true copy.
public final class Mailroom implements MailSource {
    /// Signed messages that go to several sites are kept for a moment instead of being signed once
    /// for each.
    private static final long SHARED_OCTETS = 64L * 1024 * 1024;

    private final SendingDomains domains;
    private final EmailStore store;
    private final BlobStore blobs;
    private final Contents contents;
    private final Tracking tracking;
    private final Composer composer = new Composer();
    private final DkimSigner signer = new DkimSigner();
    private final Cache<UUID, DkimKey> keys = Caffeine.newBuilder().maximumSize(10_000).build();
    private final Cache<EmailId, Signed> shared =
            Caffeine.newBuilder()
                    .expireAfterWrite(Duration.ofSeconds(30))
                    .maximumWeight(SHARED_OCTETS)
                    .weigher((EmailId id, Signed signed) -> signed.octets().length)
                    .build();

    public Mailroom(SendingDomains domains, BlobStore blobs, Tracking tracking) {
        this.domains = domains;
        this.tracking = tracking;
        this.store = new EmailStore(blobs);
        this.blobs = blobs;
        this.contents = new Contents(blobs);
    }

    @Override
    public Map<EmailId, Mail> load(Tx tx, Collection<EmailId> emails) {
        var loaded = new HashMap<EmailId, Mail>();
        for (var row : store.findAll(tx, emails)) {
            loaded.put(row.id(), new StoredMail(row));
        }
        return loaded;
    }

    /// What mails say.
    Contents contents() {
        return contents;
    }

    /// The whole message of a stored mail as it goes, or went, on the wire.
    byte[] octets(EmailRow row) {
        return sign(row, Contents.stored(row), sendingDomain(row)).octets();
    }

    /// @param octets DKIM-Signature fields first
    private record Signed(byte[] octets, boolean eightBit, boolean smtpUtf8) {}

    private Signed sign(EmailRow row, EmailContent content, SendingDomain domain) {
        var time = Objects.requireNonNullElse(row.scheduledAt(), row.createdAt());
        WireMessage message =
                composer.compose(outgoing(row, contents.whole(content), domain, time));
        var signingKeys = domain.keys().stream().map(key -> key(domain.name(), key)).toList();
        byte[] signatures = signer.sign(message.bytes(), message.headerLength(), signingKeys, time);
        var octets = new byte[signatures.length + message.bytes().length];
        System.arraycopy(signatures, 0, octets, 0, signatures.length);
        System.arraycopy(message.bytes(), 0, octets, signatures.length, message.bytes().length);
        return new Signed(octets, message.eightBit(), message.needsSmtpUtf8());
    }

    private OutgoingMessage outgoing(
            EmailRow row, EmailContent content, SendingDomain domain, Instant time) {
        String html = content.html();
        String tagged =
                html == null
                        ? null
                        : tracking.tag(
                                domain, row.id().value(), time, unsubscribing(content), html);
        return new OutgoingMessage(
                row.messageId(),
                time,
                NamedMailbox.parse(content.from()),
                mailboxes(content.to()),
                mailboxes(content.cc()),
                mailboxes(content.replyTo()),
                content.subject(),
                tagged,
                // Plain text that is made from the HTML shows the links as they were written.
                html != null && content.text() == null ? HtmlText.of(html) : content.text(),
                content.headers().entrySet().stream()
                        .map(h -> new HeaderField(h.getKey(), h.getValue()))
                        .toList(),
                content.attachments().stream()
                        .map(a ->
                                new Part(
                                        a.filename(),
                                        a.contentType(),
                                        a.contentId(),
                                        blobs.get(a.blob())))
                        .toList());
    }

    // RFC 2369, 3.2: links in angle brackets.
    private static List<String> unsubscribing(EmailContent content) {
        return content.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("list-unsubscribe"))
                .flatMap(header -> Stream.of(header.getValue().split("[<>,\\s]+")))
                .toList();
    }

    private SendingDomain sendingDomain(EmailRow row) {
        var name = new MailDomain(row.senderDomain());
        return domains.sending(row.team(), name).orElseGet(() -> SendingDomain.gone(name));
    }

    private DkimKey key(MailDomain domain, SealedKey sealed) {
        return Objects.requireNonNull(
                keys.get(
                        sealed.id(),
                        id ->
                                DkimKeys.load(
                                        domain,
                                        sealed.selector(),
                                        sealed.algorithm() == DkimAlgorithm.RSA_SHA256
                                                ? Algorithm.RSA_SHA256
                                                : Algorithm.ED25519_SHA256,
                                        sealed.open())));
    }

    private static List<NamedMailbox> mailboxes(List<String> addresses) {
        return addresses.stream().map(NamedMailbox::parse).toList();
    }

    private final class StoredMail implements Mail {
        private final EmailRow row;
        private volatile @Nullable EmailContent content;

        StoredMail(EmailRow row) {
            this.row = row;
        }

        @Override
        public EmailId id() {
            return row.id();
        }

        @Override
        public TeamId team() {
            return row.team();
        }

        @Override
        public boolean isScheduled() {
            return row.lastEvent().equals("scheduled");
        }

        @Override
        public Consignment consign(List<Mailbox> forwardPaths) {
            var domain = sendingDomain(row);
            boolean once =
                    row.recipients().to().size()
                                    + row.recipients().cc().size()
                                    + row.recipients().bcc().size()
                            == 1;
            var signed =
                    once
                            ? sign(row, content(), domain)
                            : Objects.requireNonNull(
                                    shared.get(row.id(), id -> sign(row, content(), domain)));
            return new Consignment(
                    reversePath(domain),
                    forwardPaths,
                    signed.octets(),
                    signed.eightBit(),
                    signed.smtpUtf8(),
                    domain.tls() == ai.mailgoat.server.domain.TlsPolicy.ENFORCED
                            ? TlsPolicy.ENFORCED
                            : TlsPolicy.OPPORTUNISTIC);
        }

        @Override
        public Map<String, Object> eventData(List<String> addresses) {
            return EventData.of(row, content(), addresses);
        }

        // The mail's id stands in the reverse-path, so that a late DSN finds it whatever else it
        // quotes.
        private Mailbox reversePath(SendingDomain domain) {
            return new Mailbox("b." + row.id().toString().replace("-", ""), domain.returnPath());
        }

        private EmailContent content() {
            var parsed = content;
            if (parsed == null) {
                parsed = Contents.stored(row);
                content = parsed;
            }
            return parsed;
        }
    }
}
