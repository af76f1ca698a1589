package ai.mailgoat.server.email;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.MalformedAddressException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is asked of the mails of a list; all of it must be true of a mail.
///
/// @param to of any recipient, blind ones too
/// @param status any of these latest events; empty for all
/// @param tags each of them
/// @param createdAfter later than this
/// @param createdBefore earlier than this
/// @param subject part of it, in any case
record EmailFilter(
        Optional<Address> to,
        Optional<Address> from,
        List<String> status,
        List<Tag> tags,
        Optional<Instant> createdAfter,
        Optional<Instant> createdBefore,
        Optional<String> subject) {

    private static final List<String> STATUSES =
            List.of(
                    "queued",
                    "scheduled",
                    "sent",
                    "delivered",
                    "delivery_delayed",
                    "bounced",
                    "complained",
                    "opened",
                    "clicked",
                    "failed",
                    "canceled",
                    "suppressed");

    private static final Pattern TAG =
            Pattern.compile("([A-Za-z0-9_-]{1,256})(?::([A-Za-z0-9_-]{1,256}))?");
    private static final int MAX_TAGS = 10;

    /// One address, or with an empty local part all of a domain; in lower case.
    ///
    /// @param text such as `ann@x.example` or `@x.example`
    record Address(String text) {
        boolean isDomain() {
            return text.charAt(0) == '@';
        }
    }

    /// @param value empty for any
    record Tag(String name, Optional<String> value) {}

    /// @throws ApiException 422 for a parameter that is not of its form
    static EmailFilter read(Call call) {
        return new EmailFilter(
                call.query("to").map(text -> address("to", text)),
                call.query("from").map(text -> address("from", text)),
                statuses(call.queryList("status")),
                tags(call.queryList("tag")),
                call.queryTime("created_after"),
                call.queryTime("created_before"),
                call.query("subject").map(text -> text.toLowerCase(Locale.ROOT)));
    }

    /// Whether nothing is asked.
    boolean isOpen() {
        return to.isEmpty()
                && from.isEmpty()
                && status.isEmpty()
                && tags.isEmpty()
                && createdAfter.isEmpty()
                && createdBefore.isEmpty()
                && subject.isEmpty();
    }

    private static Address address(String name, String text) {
        // A `+` in a query is a blank, and no address has a blank.
        String plain = text.replace(' ', '+');
        try {
            return new Address(
                    plain.startsWith("@")
                            ? "@" + MailDomain.parse(plain.substring(1)).ascii()
                            : Mailbox.parse(plain).folded());
        } catch (MalformedAddressException e) {
            throw ApiException.validation(
                    "Invalid `"
                            + name
                            + "` parameter. It must be `email@example.com` or `@example.com`.");
        }
    }

    private static List<String> statuses(List<String> asked) {
        for (String status : asked) {
            if (!STATUSES.contains(status)) {
                throw ApiException.validation(
                        "Invalid `status` parameter. It must be one of: "
                                + String.join(", ", STATUSES)
                                + ".");
            }
        }
        return asked;
    }

    private static List<Tag> tags(List<String> asked) {
        if (asked.size() > MAX_TAGS) {
            throw ApiException.validation("The `tag` parameter can name at most 10 tags.");
        }
        return asked.stream().map(EmailFilter::tag).toList();
    }

    private static Tag tag(String text) {
        var matcher = TAG.matcher(text);
        if (!matcher.matches()) {
            throw ApiException.validation(
                    "Invalid `tag` parameter. It must be `name` or `name:value`, in ASCII letters, numbers, underscores or dashes.");
        }
        return new Tag(matcher.group(1), Optional.ofNullable(matcher.group(2)));
    }
}
