package ai.mailgoat.server.email;

import ai.mailgoat.server.email.EmailContent.Tag;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.message.HeaderField;
import ai.mailgoat.server.message.MalformedMessageException;
import ai.mailgoat.server.message.OutgoingMessage;
import ai.mailgoat.server.message.Part;
import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.template.RenderedTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One send request, read and checked field by field in the order in which Resend reports errors:
/// `to`, `html`/`text`, `subject`, `from`, then the rest. Whether the sender's domain may be used
/// is asked later.
record EmailRequest(
        NamedMailbox from,
        List<NamedMailbox> to,
        List<NamedMailbox> cc,
        List<NamedMailbox> bcc,
        List<NamedMailbox> replyTo,
        String subject,
        @Nullable String html,
        @Nullable String text,
        Map<String, String> headers,
        List<Tag> tags,
        List<AttachmentRequest> attachments,
        Optional<Instant> scheduledAt,
        @Nullable String templateId,
        @Nullable UUID topicId) {

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int MAX_SUBJECT = 2_000;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_TAGS = 100;

    /// @param maxRecipients of to, cc and bcc together
    /// @param now for relative times
    /// @param templates fills in the template that a request names
    static EmailRequest read(
            JsonBody body,
            int maxRecipients,
            Instant now,
            Function<JsonBody, RenderedTemplate> templates) {
        var to = mailboxes(body, "to");
        if (to.isEmpty()) {
            throw ApiException.missingField("to");
        }
        var written =
                new Written(body.string("html").orElse(null), body.string("text").orElse(null));
        var template = template(body, written, templates);
        var html = template == null ? written.html : template.html();
        var text = template == null ? written.text : template.text();
        if (isEmpty(html) && isEmpty(text)) {
            throw ApiException.validation("Missing `html` or `text` field.");
        }
        String subject = own(body, "subject", template == null ? null : template.subject());
        checkText("subject", subject, MAX_SUBJECT);
        checkBody("html", html);
        checkBody("text", text);
        var from = mailbox("from", own(body, "from", template == null ? null : template.from()));
        var cc = mailboxes(body, "cc");
        var bcc = mailboxes(body, "bcc");
        int recipients = to.size() + cc.size() + bcc.size();
        if (recipients > maxRecipients) {
            throw ApiException.validation(
                    "Too many recipients: `to`, `cc` and `bcc` hold "
                            + recipients
                            + " addresses, the maximum is "
                            + maxRecipients
                            + ".");
        }
        var replyTo = body.strings("reply_to");
        if (replyTo.isEmpty() && template != null) {
            replyTo = template.replyTo();
        }
        return new EmailRequest(
                from,
                to,
                cc,
                bcc,
                replyTo.stream().map(address -> mailbox("reply_to", address)).toList(),
                subject,
                html,
                text,
                headers(body),
                tags(body),
                AttachmentRequest.all(body),
                body.string("scheduled_at")
                        .filter(s -> !s.isBlank())
                        .map(s -> ScheduleTime.parse(s, now)),
                template == null ? null : template.id().toString(),
                topic(body));
    }

    private record Written(@Nullable String html, @Nullable String text) {}

    private static @Nullable RenderedTemplate template(
            JsonBody body, Written written, Function<JsonBody, RenderedTemplate> templates) {
        var request = body.object("template");
        if (request.isEmpty()) {
            return null;
        }
        if (!isEmpty(written.html) || !isEmpty(written.text)) {
            throw ApiException.validation(
                    "The `template` field cannot be used together with `html` or `text`.");
        }
        return templates.apply(request.get());
    }

    /// What the request says itself goes before what its template says.
    private static String own(JsonBody body, String field, @Nullable String ofTemplate) {
        return ofTemplate == null
                ? body.requiredString(field)
                : body.string(field).filter(s -> !s.isEmpty()).orElse(ofTemplate);
    }

    // An empty one is none, as some clients send it.
    private static @Nullable UUID topic(JsonBody body) {
        return body.string("topic_id").orElse("").isEmpty()
                ? null
                : body.uuid("topic_id").orElse(null);
    }

    /// Refuses now what could not be composed later: once the mail is accepted it must be sendable.
    void checkComposable(String messageId, Instant now) {
        try {
            var fields =
                    headers.entrySet().stream().map(h -> new HeaderField(h.getKey(), h.getValue()));
            var parts =
                    attachments.stream()
                            .map(a ->
                                    new Part(
                                            a.filename(),
                                            a.contentType(),
                                            a.contentId(),
                                            new byte[0]));
            var _ =
                    new OutgoingMessage(
                            messageId,
                            now,
                            from,
                            to,
                            cc,
                            replyTo,
                            subject,
                            html,
                            text,
                            fields.toList(),
                            parts.toList());
        } catch (MalformedMessageException | MalformedAddressException e) {
            throw ApiException.validation("This email cannot be sent: " + e.getMessage() + ".");
        }
    }

    /// The envelope recipients: each mailbox once, where it stands first.
    List<Recipient> recipients() {
        var unique = new LinkedHashMap<String, Recipient>();
        to.forEach(m -> unique.putIfAbsent(m.mailbox().folded(), new Recipient("to", m)));
        cc.forEach(m -> unique.putIfAbsent(m.mailbox().folded(), new Recipient("cc", m)));
        bcc.forEach(m -> unique.putIfAbsent(m.mailbox().folded(), new Recipient("bcc", m)));
        return List.copyOf(unique.values());
    }

    /// @param field `to`, `cc` or `bcc`
    record Recipient(String field, NamedMailbox mailbox) {}

    private static List<NamedMailbox> mailboxes(JsonBody body, String field) {
        return body.strings(field).stream().map(address -> mailbox(field, address)).toList();
    }

    private static NamedMailbox mailbox(String field, String address) {
        try {
            return NamedMailbox.parse(address);
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. The email address needs to follow the `email@example.com` or `Name"
                            + " <email@example.com>` format.");
        }
    }

    private static Map<String, String> headers(JsonBody body) {
        var headers = new LinkedHashMap<String, String>();
        var object = body.object("headers");
        if (object.isEmpty()) {
            return headers;
        }
        for (var entry : object.get().tree().properties()) {
            if (!entry.getValue().isString()) {
                throw body.wrongType("headers." + entry.getKey(), "a string");
            }
            try {
                var field = new HeaderField(entry.getKey(), entry.getValue().stringValue());
                headers.put(field.name(), field.value());
            } catch (MalformedMessageException | MalformedAddressException e) {
                throw ApiException.validation("Invalid `headers` field. " + e.getMessage());
            }
        }
        if (headers.size() > MAX_HEADERS) {
            throw ApiException.validation(
                    "Too many `headers`: the maximum is " + MAX_HEADERS + ".");
        }
        return headers;
    }

    private static List<Tag> tags(JsonBody body) {
        var tags = new ArrayList<Tag>();
        for (var tag : body.objects("tags")) {
            String name = tag.requiredString("name");
            String value = tag.requiredString("value");
            if (!TAG.matcher(name).matches() || !TAG.matcher(value).matches()) {
                throw ApiException.validation(
                        "Tags should only contain ASCII letters, numbers, underscores, or dashes.");
            }
            tags.add(new Tag(name, value));
        }
        if (tags.size() > MAX_TAGS) {
            throw ApiException.validation("Too many `tags`: the maximum is " + MAX_TAGS + ".");
        }
        return tags;
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    // A NUL cannot travel (RFC 5321, 4.5.2; RFC 5322, 2.3).
    private static void checkBody(String field, @Nullable String body) {
        if (body != null && body.indexOf('\0') >= 0) {
            throw ApiException.validation("Invalid `" + field + "` field. It has a NUL character.");
        }
    }

    private static void checkText(String field, String text, int max) {
        if (text.length() > max) {
            throw ApiException.validation(
                    "The `" + field + "` field must have at most " + max + " characters.");
        }
        if (!HeaderText.isSafe(text)) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. Line breaks and control characters are not allowed.");
        }
    }
}
