package ai.mailgoat.server.template;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of a mail that is written before it is sent, such as a template or a broadcast. Each
/// of them may be missing.
public final class MailFields {
    private static final int MAX_SUBJECT = 2_000;
    private static final int MAX_FROM = 1_000;
    private static final int MAX_REPLY_TO = 50;

    private final JsonBody body;

    public MailFields(JsonBody body) {
        this.body = body;
    }

    /// The sender, an address with or without a name; an empty one is none.
    ///
    /// @throws ApiException 422 when it is no address
    public @Nullable String from() {
        return body.text("from", MAX_FROM)
                .filter(s -> !s.isEmpty())
                .map(address -> mailbox("from", address))
                .orElse(null);
    }

    /// Where answers go.
    ///
    /// @throws ApiException 422 when one is no address, or there are too many
    public List<String> replyTo() {
        var all = body.strings("reply_to");
        if (all.size() > MAX_REPLY_TO) {
            throw ApiException.validation(
                    "The `reply_to` field can have at most " + MAX_REPLY_TO + " entries.");
        }
        return all.stream().map(address -> mailbox("reply_to", address)).toList();
    }

    /// The subject; an empty one is none.
    ///
    /// @throws ApiException 422 when it has a line break or is too long
    public @Nullable String subject() {
        var subject = body.text("subject", MAX_SUBJECT).filter(s -> !s.isEmpty());
        if (subject.isPresent() && !HeaderText.isSafe(subject.get())) {
            throw ApiException.validation(
                    "Invalid `subject` field. Line breaks and control characters are not allowed.");
        }
        return subject.orElse(null);
    }

    /// The content as it was written, which is in `html` or `text`.
    ///
    /// @throws ApiException 422 when it has a NUL, which cannot travel
    public Optional<String> content(String field) {
        return body.string(field)
                .map(text -> {
                    if (text.indexOf('\0') >= 0) {
                        throw ApiException.validation(
                                "Invalid `" + field + "` field. It has a NUL character.");
                    }
                    return text;
                });
    }

    private static String mailbox(String field, String address) {
        try {
            return NamedMailbox.parse(address).toString();
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + field
                            + "` field. The email address needs to follow the `email@example.com` or `Name"
                            + " <email@example.com>` format.");
        }
    }
}
