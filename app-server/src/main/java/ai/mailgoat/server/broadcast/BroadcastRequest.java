package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.email.ScheduleTime;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.merge.MalformedMergeException;
import ai.mailgoat.server.merge.MergeText;
import ai.mailgoat.server.template.MailFields;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The body of a create or an update, field by field. On an update an absent field stays as it is
/// and `null` takes an optional one away.
final class BroadcastRequest {
    static final int MAX_NAME = 200;
    private static final int MAX_PREVIEW = 1_000;
    private static final int MAX_PER_MINUTE = 1_000_000;
    private static final String UNNAMED = "Untitled";
    private static final String PACE = "messages_per_minute";

    private final JsonBody body;
    private final MailFields mail;

    BroadcastRequest(JsonBody body) {
        this.body = body;
        mail = new MailFields(body);
    }

    /// A new draft. Unlike one that is changed later it has all that it needs to be sent, but for
    /// what only matters then.
    Broadcast draft(UUID id, TeamId team, Instant now) {
        var content =
                new BroadcastContent(
                        mail.from(), subject(), mail.replyTo(), preview(), html(), text());
        var draft =
                Broadcast.draft(
                        id,
                        team,
                        body.text("name", MAX_NAME).filter(s -> !s.isBlank()).orElse(UNNAMED),
                        segment(),
                        idOf("topic_id"),
                        content,
                        perMinute(),
                        now);
        if (draft.segment() == null) {
            throw ApiException.missingField("segment_id");
        }
        if (content.from() == null) {
            throw ApiException.missingField("from");
        }
        if (content.subject() == null) {
            throw ApiException.missingField("subject");
        }
        if (content.isEmpty()) {
            throw ApiException.validation("Missing `html` or `text` field.");
        }
        return draft;
    }

    /// `before`, with what the body changes.
    Broadcast changed(Broadcast before, Instant now) {
        var old = before.content();
        var segment = segment();
        var content =
                new BroadcastContent(
                        body.has("from") ? mail.from() : old.from(),
                        body.has("subject") ? subject() : old.subject(),
                        body.has("reply_to") ? mail.replyTo() : old.replyTo(),
                        body.has("preview_text") ? preview() : old.previewText(),
                        body.has("html") ? html() : old.html(),
                        body.has("text") ? text() : old.text());
        return before.written(
                body.node("name").isPresent() ? body.requiredText("name", MAX_NAME) : before.name(),
                segment == null ? before.segment() : segment,
                body.has("topic_id") ? idOf("topic_id") : before.topic(),
                content,
                body.has(PACE) ? perMinute() : before.perMinute(),
                now);
    }

    /// Whether nothing but the pace is to change, which can be done while it is being sent.
    boolean isForPaceOnly() {
        return body.has(PACE)
                && Stream.of(
                                "name",
                                "segment_id",
                                "audience_id",
                                "from",
                                "subject",
                                "reply_to",
                                "preview_text",
                                "html",
                                "text",
                                "topic_id")
                        .noneMatch(body::has);
    }

    /// Whether it is to be sent as soon as it is made, if perhaps later.
    boolean isToBeSent() {
        boolean send = body.bool("send").orElse(false);
        if (!send && scheduled().isPresent()) {
            throw ApiException.validation(
                    "The `scheduled_at` field can only be used together with `send`.");
        }
        return send;
    }

    /// When it is to be sent; `null` for now.
    @Nullable Instant scheduledAt(Instant now) {
        return scheduled().map(text -> ScheduleTime.parse(text, now)).orElse(null);
    }

    private Optional<String> scheduled() {
        return body.string("scheduled_at").filter(s -> !s.isBlank());
    }

    private @Nullable UUID segment() {
        var segment = idOf("segment_id");
        var audience = idOf("audience_id");
        return segment == null ? audience : segment;
    }

    // An empty one is none, as some clients send it.
    private @Nullable UUID idOf(String field) {
        return body.string(field).orElse("").isEmpty() ? null : body.uuid(field).orElse(null);
    }

    private @Nullable String subject() {
        return merged("subject", mail.subject());
    }

    private @Nullable String preview() {
        return merged(
                "preview_text",
                body.text("preview_text", MAX_PREVIEW).filter(s -> !s.isEmpty()).orElse(null));
    }

    private @Nullable String html() {
        return merged("html", mail.content("html").filter(s -> !s.isEmpty()).orElse(null));
    }

    private @Nullable String text() {
        return merged("text", mail.content("text").orElse(null));
    }

    private static @Nullable String merged(String field, @Nullable String text) {
        if (text != null) {
            try {
                MergeText.parse(text);
            } catch (MalformedMergeException e) {
                throw ApiException.validation(
                        "Invalid `" + field + "` field. It " + e.getMessage() + ".");
            }
        }
        return text;
    }

    private int perMinute() {
        return body.wholeNumber(PACE, 1, MAX_PER_MINUTE).orElse(0);
    }
}
