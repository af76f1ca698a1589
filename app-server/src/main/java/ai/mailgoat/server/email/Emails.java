package ai.mailgoat.server.email;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.download.AttachmentBody;
import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.StoredFile;
import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.queue.Queue;
import ai.mailgoat.server.share.Letter;
import ai.mailgoat.server.share.Letters;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Accepted mail read back, and changed while it waits for its time.
public final class Emails implements Letters {
    private final Store store;
    private final EmailStore rows;
    private final EmailSearch search;
    private final Downloads downloads;
    private final Queue queue;
    private final Events events;
    private final Mailroom mailroom;
    private final InstantSource clock;

    public Emails(
            Store store,
            BlobStore blobs,
            Queue queue,
            Events events,
            Mailroom mailroom,
            Downloads downloads,
            InstantSource clock) {
        this.store = store;
        this.rows = new EmailStore(blobs);
        this.search = new EmailSearch(store);
        this.downloads = downloads;
        this.queue = queue;
        this.events = events;
        this.mailroom = mailroom;
        this.clock = clock;
    }

    /// One mail with its content.
    ///
    /// @throws ApiException 404 when the team has none by that id
    Map<String, Object> get(TeamId team, EmailId id) {
        var row = row(team, id);
        var content = mailroom.contents().of(row);
        var view = new LinkedHashMap<String, Object>();
        view.put("object", "email");
        view.putAll(summary(row));
        view.put("html", content.html());
        view.put("text", content.text());
        view.put("tags", content.tags());
        view.put("topic_id", row.topicId());
        return view;
    }

    /// A page of the team's mail, newest first, without contents.
    Page.ListBody<Map<String, Object>> list(TeamId team, EmailFilter filter, Page page) {
        if (filter.isOpen()) {
            return body(page, store.read(tx -> rows.list(tx, team, page)));
        }
        var found = search.find(team, filter, page);
        var body = body(page, found.rows());
        return found.isWhole() ? body : new Page.ListBody<>(body.object(), true, body.data());
    }

    /// A page of the files of one mail.
    Page.ListBody<AttachmentBody> attachments(TeamId team, EmailId id, Page page) {
        return downloads.list(files(Contents.stored(row(team, id))), page);
    }

    /// One file of a mail.
    ///
    /// @throws ApiException 404 when there is no such mail, or no such file of it
    AttachmentBody attachment(TeamId team, EmailId id, UUID attachment) {
        return downloads.one(files(Contents.stored(row(team, id))), attachment);
    }

    @Override
    public Optional<Letter> letter(TeamId team, UUID id) {
        return store.read(tx -> rows.find(tx, team, new EmailId(id)))
                .map(row -> {
                    var content = mailroom.contents().of(row);
                    return new Letter(
                            row.sender(),
                            row.recipients().to(),
                            row.recipients().cc(),
                            row.subject(),
                            row.createdAt(),
                            content.html(),
                            content.text(),
                            files(content));
                });
    }

    /// Moves a scheduled mail to another time.
    void reschedule(TeamId team, EmailId id, Instant at) {
        change(
                team,
                id,
                () ->
                        store.write(tx -> {
                            if (!rows.reschedule(tx, team, id, at)) {
                                return false;
                            }
                            queue.reschedule(tx, id, at);
                            return true;
                        }),
                "rescheduled");
    }

    /// Withdraws a scheduled mail: nothing of it will be sent.
    void cancel(TeamId team, EmailId id) {
        var row = row(team, id);
        var data = EventData.of(row, Contents.stored(row), row.recipients().to());
        change(
                team,
                id,
                () ->
                        store.write(tx -> {
                            if (!rows.cancel(tx, team, id)) {
                                return false;
                            }
                            queue.withdraw(tx, id);
                            events.record(
                                    tx,
                                    new Event(
                                            team,
                                            id.value(),
                                            "email.canceled",
                                            clock.instant(),
                                            data));
                            return true;
                        }),
                "canceled");
    }

    /// The story of one mail: where it stands for each recipient, its events, and every attempt.
    public Map<String, Object> timeline(TeamId team, EmailId id) {
        var email = get(team, id);
        return store.read(tx -> {
            var story = new LinkedHashMap<String, Object>();
            story.put("email", email);
            story.put("recipients", rows.recipients(tx, id));
            story.put(
                    "events",
                    events.ofSubject(tx, id.value()).stream()
                            .map(e -> new EventView(e.type(), e.at(), Json.tree(e.data())))
                            .toList());
            story.put("attempts", queue.attempts(tx, id));
            return story;
        });
    }

    /// The message as it goes, or went, on the wire: octets, signatures first.
    public byte[] raw(TeamId team, EmailId id) {
        return mailroom.octets(row(team, id));
    }

    /// @param data as webhooks carry it
    private record EventView(String type, Instant at, JsonNode data) {}

    private void change(
            TeamId team, EmailId id, java.util.function.BooleanSupplier change, String participle) {
        if (!change.getAsBoolean()) {
            String last = row(team, id).lastEvent();
            throw ApiException.validation(
                    "Only a scheduled email can be "
                            + participle
                            + "; this one is `"
                            + last
                            + "`.");
        }
    }

    private EmailRow row(TeamId team, EmailId id) {
        return store.read(tx -> rows.find(tx, team, id))
                .orElseThrow(() -> ApiException.notFound("Email"));
    }

    private static List<StoredFile> files(EmailContent content) {
        return content.attachments().stream()
                .map(a ->
                        new StoredFile(
                                UUID.fromString(a.id()),
                                a.filename(),
                                a.contentType(),
                                a.contentId(),
                                a.contentId() != null,
                                a.size(),
                                a.blob()))
                .toList();
    }

    private static Page.ListBody<Map<String, Object>> body(Page page, List<EmailRow> rows) {
        return page.list(rows.stream().map(Emails::summary).toList());
    }

    private static Map<String, Object> summary(EmailRow row) {
        var view = new LinkedHashMap<String, Object>();
        view.put("id", row.id().toString());
        view.put("message_id", "<" + row.messageId() + ">");
        view.put("to", row.recipients().to());
        view.put("from", row.sender());
        view.put("created_at", ApiTime.postgres(row.createdAt()));
        view.put("subject", row.subject());
        view.put("bcc", row.recipients().bcc());
        view.put("cc", row.recipients().cc());
        view.put("reply_to", row.recipients().replyTo());
        view.put("last_event", row.lastEvent());
        var scheduled = row.scheduledAt();
        view.put("scheduled_at", scheduled == null ? null : ApiTime.postgres(scheduled));
        return view;
    }
}
