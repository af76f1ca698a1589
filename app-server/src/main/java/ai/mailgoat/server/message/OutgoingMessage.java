package ai.mailgoat.server.message;

import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A message before it is bytes: what {@link Composer} turns into header fields and MIME parts.
/// Blind copies are of the envelope alone and have no place here.
///
/// @param messageId without angle brackets, unique, at our own domain
/// @param date when the author sent it
/// @param to may be empty: then the field says `undisclosed-recipients:;`
/// @param subject any text without line ends, at most 16,384 characters; may be empty
/// @param html `null` for none
/// @param text `null` to have it derived from `html`, empty for none
/// @param headers further fields, at most 64 KB in all
/// @param attachments at most 500
public record OutgoingMessage(
        String messageId,
        Instant date,
        NamedMailbox from,
        List<NamedMailbox> to,
        List<NamedMailbox> cc,
        List<NamedMailbox> replyTo,
        String subject,
        @Nullable String html,
        @Nullable String text,
        List<HeaderField> headers,
        List<Part> attachments) {

    private static final int MAX_SUBJECT = 16_384;

    private static final int MAX_HEADERS = 65_536;

    private static final int MAX_PARTS = 500;

    /// RFC 5322, 3.6.4: dot-atom-text on the left; the right is a domain name.
    private static final Pattern MESSAGE_ID =
            Pattern.compile(
                    "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                            + "@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

    /// RFC 5322, 3.6: at most one of each.
    private static final Set<String> ONCE =
            Set.of("in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post");

    public OutgoingMessage {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        replyTo = List.copyOf(replyTo);
        headers = List.copyOf(headers);
        attachments = List.copyOf(attachments);
        if (messageId.length() > 250 || !MESSAGE_ID.matcher(messageId).matches()) {
            throw new MalformedMessageException("not a message id");
        }
        int year = date.atZone(ZoneOffset.UTC).getYear();
        if (year < 1970 || year > 9999) {
            throw new MalformedMessageException("a date has a year of four digits");
        }
        if (subject.length() > MAX_SUBJECT) {
            throw new MalformedMessageException("a subject has at most 16384 characters");
        }
        if (!HeaderText.isSafe(subject)) {
            throw new MalformedMessageException(
                    "the subject has a line end or another control character");
        }
        if (attachments.size() > MAX_PARTS) {
            throw new MalformedMessageException("a message has at most 500 attachments");
        }
        check(headers);
    }

    private static void check(List<HeaderField> headers) {
        int length = 0;
        var seen = new HashSet<String>();
        for (HeaderField field : headers) {
            length += field.name().length() + field.value().length();
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!seen.add(name) && ONCE.contains(name)) {
                throw new MalformedMessageException(field.name() + " may stand once only");
            }
        }
        if (length > MAX_HEADERS) {
            throw new MalformedMessageException("headers have at most 65536 characters in all");
        }
    }
}
