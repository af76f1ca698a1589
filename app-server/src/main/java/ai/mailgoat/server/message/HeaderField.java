package ai.mailgoat.server.message;

import ai.mailgoat.server.smtp.HeaderText;
import ai.mailgoat.server.smtp.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// One header field that the author of a message adds to those the {@link Composer} writes (RFC
/// 5322, 3.6.8): `List-Unsubscribe`, `In-Reply-To`, `X-Entity-Ref-ID`.
///
/// @param name printable ASCII without colon, at most 76 characters, not one {@link #refusal} names
/// @param value unstructured text without line ends or control characters, at most 8,192
///   characters; blanks around it do not count
public record HeaderField(String name, String value) {

    /// A name on a line of 78 with its colon and a blank.
    private static final int MAX_NAME = 76;

    private static final int MAX_VALUE = 8_192;

    /// A word longer than this cannot stand on a line of 998 octets with a name before it.
    static final int MAX_RUN = 900;

    private static final Set<String> OURS =
            Set.of("from", "to", "cc", "bcc", "subject", "reply-to", "date", "message-id");

    private static final Set<String> OF_TRANSPORT =
            Set.of(
                    "sender",
                    "return-path",
                    "received",
                    "received-spf",
                    "delivered-to",
                    "mime-version",
                    "dkim-signature",
                    "domainkey-signature",
                    "authentication-results");

    private static final List<String> PREFIXES = List.of("content-", "resent-", "arc-");

    /// Fields made of message ids and URLs, where an encoded-word would not be read (RFC 2047, 5).
    private static final Set<String> ASCII_ONLY =
            Set.of(
                    "in-reply-to",
                    "references",
                    "list-unsubscribe",
                    "list-unsubscribe-post",
                    "list-help",
                    "list-subscribe",
                    "list-owner",
                    "list-archive",
                    "auto-submitted");

    public HeaderField {
        checkName(name);
        value = HeaderWriter.trimmed(value);
        checkValue(name, value);
    }

    /// Why an author may not set the field `name`; empty when he may. Letter case does not matter.
    public static Optional<String> refusal(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        if (OURS.contains(folded)) {
            return Optional.of(name + " is written from the message's own property");
        }
        if (OF_TRANSPORT.contains(folded) || PREFIXES.stream().anyMatch(folded::startsWith)) {
            return Optional.of(name + " is written by the mail server alone");
        }
        return Optional.empty();
    }

    /// Whether the value is written as it is, never as encoded-words.
    boolean isVerbatim() {
        return isAsciiOnly(name);
    }

    private static boolean isAsciiOnly(String name) {
        return ASCII_ONLY.contains(name.toLowerCase(Locale.ROOT));
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new MalformedMessageException("a header name has 1 to 76 characters");
        }
        // RFC 5322, 3.6.8: ftext.
        if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
            throw new MalformedMessageException("not a header name: " + Printable.of(name));
        }
        refusal(name)
                .ifPresent(why -> {
                    throw new MalformedMessageException(why);
                });
    }

    private static void checkValue(String name, String value) {
        if (value.length() > MAX_VALUE) {
            throw new MalformedMessageException(name + " has at most 8192 characters");
        }
        if (!HeaderText.isSafe(value)) {
            throw new MalformedMessageException(
                    name + " has a line end or another control character");
        }
        if (isAsciiOnly(name) && !HeaderWriter.isAscii(value)) {
            throw new MalformedMessageException(name + " takes ASCII only");
        }
        for (String run : HeaderWriter.foldable(value)) {
            if (HeaderWriter.isAscii(run) && run.length() > MAX_RUN) {
                throw new MalformedMessageException(
                        name + " has a word of more than 900 characters: it cannot be folded");
            }
        }
    }
}
