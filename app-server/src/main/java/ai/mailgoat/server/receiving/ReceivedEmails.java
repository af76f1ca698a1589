package ai.mailgoat.server.receiving;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.download.AttachmentBody;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.Downloads.Download;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.download.StoredFile;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.message.MessageReader;
import ai.mailgoat.server.message.ReadMessage;
import ai.mailgoat.server.receiving.ReceivedEmail.Content;
import ai.mailgoat.server.receiving.ReceivedEmail.Listed;
import ai.mailgoat.server.share.Letter;
import ai.mailgoat.server.share.Letters;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/// The mails that teams have received.
public final class ReceivedEmails implements Letters {
    private static final int MAX_MESSAGE_ID = 998;
    private static final int MAX_SENDER = 1_000;
    private static final int MAX_SUBJECT = 2_000;

    private final Store store;
    private final ReceivedEmailStore rows;
    private final BlobStore blobs;
    private final InlineImages images;
    private final Downloads downloads;
    private final BiConsumer<Tx, Event> events;
    private final BiFunction<TeamId, String, Optional<UUID>> domains;
    private final Uuids ids;
    private final InstantSource clock;

    /// How images that come with the mail stand in its HTML.
    enum HtmlFormat {
        /// As `data:` URLs, which show without anything else.
        DATA_URI,
        /// As the `cid:` URLs that came.
        CID
    }

    /// @param events records `email.received` in the transaction given
    /// @param domains finds a team's domain by its name
    public ReceivedEmails(
            Store store,
            BlobStore blobs,
            Downloads downloads,
            BiConsumer<Tx, Event> events,
            BiFunction<TeamId, String, Optional<UUID>> domains,
            Uuids ids,
            InstantSource clock) {
        this.store = store;
        this.rows = new ReceivedEmailStore(blobs);
        this.blobs = blobs;
        this.images = new InlineImages(blobs);
        this.downloads = downloads;
        this.events = events;
        this.domains = domains;
        this.ids = ids;
        this.clock = clock;
    }

    /// Keeps a message and tells of it. Returns when all of it is on disk; whoever handed it over
    /// may then be told that it was taken.
    ///
    /// @param message of any octets: what cannot be understood of it is still kept
    public EmailId store(TeamId team, Envelope envelope, byte[] message) {
        var read = MessageReader.read(message);
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var files = read.files().stream().map(this::keep).toList();
        String from = read.from();
        var email =
                new ReceivedEmail(
                        new EmailId(ids.next()),
                        team,
                        envelope.to().stream()
                                .flatMap(to -> domain(team, to).stream())
                                .findFirst()
                                .orElse(null),
                        cut(read.messageId(), MAX_MESSAGE_ID),
                        cut(from == null ? envelope.from() : from, MAX_SENDER),
                        cut(read.subject(), MAX_SUBJECT),
                        new Listed(
                                read.to(),
                                read.cc(),
                                read.bcc(),
                                read.replyTo(),
                                envelope.to(),
                                files),
                        blobs.put(message),
                        message.length,
                        now);
        var content = rows.ready(new Content(read.headers(), read.html(), read.text()));
        var event =
                new Event(
                        team, email.id().value(), "email.received", now, ReceivedNotice.of(email));
        return store.write(tx -> {
            rows.insert(tx, email, content);
            events.accept(tx, event);
            return email.id();
        });
    }

    /// @throws ApiException 404 when the team has received none by that id
    ReceivedBody get(TeamId team, EmailId id, HtmlFormat format) {
        var email = find(team, id);
        var content = store.read(tx -> rows.content(tx, team, id));
        String html = content.html();
        var raw =
                downloads.link(new Download(email.rawBlob(), id + ".eml", "message/rfc822", false));
        return ReceivedBody.of(
                email,
                html == null || format == HtmlFormat.CID
                        ? html
                        : images.embed(html, email.listed().files()),
                format.name().toLowerCase(java.util.Locale.ROOT),
                content,
                raw);
    }

    /// A page of what the team has received, newest first.
    Page.ListBody<ReceivedItem> list(TeamId team, Page page) {
        return page.list(
                store.read(tx -> rows.list(tx, team, page)).stream()
                        .map(ReceivedItem::of)
                        .toList());
    }

    Page.ListBody<AttachmentBody> attachments(TeamId team, EmailId id, Page page) {
        return downloads.list(find(team, id).listed().files(), page);
    }

    AttachmentBody attachment(TeamId team, EmailId id, UUID attachment) {
        return downloads.one(find(team, id).listed().files(), attachment);
    }

    @Override
    public Optional<Letter> letter(TeamId team, UUID id) {
        var emailId = new EmailId(id);
        return store.read(tx ->
                rows.find(tx, team, emailId)
                        .map(email -> letter(email, rows.content(tx, team, emailId))));
    }

    private static Letter letter(ReceivedEmail email, Content content) {
        return new Letter(
                email.sender(),
                email.listed().to(),
                email.listed().cc(),
                email.subject(),
                email.createdAt(),
                content.html(),
                content.text(),
                email.listed().files());
    }

    private ReceivedEmail find(TeamId team, EmailId id) {
        return store.read(tx -> rows.find(tx, team, id))
                .orElseThrow(() -> ApiException.notFound("Email"));
    }

    private StoredFile keep(ReadMessage.ReadFile file) {
        return new StoredFile(
                ids.next(),
                file.filename(),
                file.contentType(),
                file.contentId(),
                file.inline(),
                file.content().length,
                blobs.put(file.content()));
    }

    private Optional<UUID> domain(TeamId team, String address) {
        return domains.apply(team, address.substring(address.lastIndexOf('@') + 1));
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }
}
