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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Optional<Instant> scheduledAt) {

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final int MAX_SUBJECT = 2_000;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_TAGS = 100;

    /// @param maxRecipients of to, cc and bcc together
    /// @param now for relative times
    static EmailRequest read(JsonBody body, int maxRecipients, Instant now) {
        var to = mailboxes(body, "to");
        if (to.isEmpty()) {
            throw ApiException.missingField("to");
        }
        var html = body.string("html").orElse(null);
        var text = body.string("text").orElse(null);
        if (body.has("template") && body.node("template").isPresent()) {
            throw ApiException.validation(
                    "Sending with a `template` is not available in this version.");
        }
        if ((html == null || html.isEmpty()) && (text == null || text.isEmpty())) {
            throw ApiException.validation("Missing `html` or `text` field.");
        }
        String subject = body.requiredString("subject");
        checkText("subject", subject, MAX_SUBJECT);
        checkBody("html", html);
        checkBody("text", text);
        var from = mailbox("from", body.requiredString("from"));
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
        return new EmailRequest(
                from,
                to,
                cc,
                bcc,
                mailboxes(body, "reply_to"),
                subject,
                html,
                text,
                headers(body),
                tags(body),
                AttachmentRequest.all(body),
                body.string("scheduled_at")
                        .filter(s -> !s.isBlank())
                        .map(s -> ScheduleTime.parse(s, now)));
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
