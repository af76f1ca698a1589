package ai.mailgoat.server.smtp;

import org.jspecify.annotations.Nullable;

/// A mailbox with the display name of its header field (RFC 5322, 3.4: name-addr), as people write
/// it: `a@b.example` or `Some Name <a@b.example>` or `"Name, Some" <a@b.example>`.
public record NamedMailbox(@Nullable String displayName, Mailbox mailbox) {

    /// A line of a header field has 998 octets (RFC 5322, 2.1.1); a name of a quarter of that is
    /// refused.
    private static final int MAX_NAME = 256;

    public NamedMailbox {
        if (displayName != null && displayName.isBlank()) {
            displayName = null;
        }
        if (displayName != null) {
            if (displayName.length() > MAX_NAME) {
                throw new MalformedAddressException("a display name has at most 256 characters");
            }
            HeaderText.check(displayName);
        }
    }

    /// Reads one address with an optional name; blanks around it do not count.
    ///
    /// @throws MalformedAddressException for a list, a group, a comment, a control character or a
    ///   mailbox that {@link Mailbox#parse} refuses
    public static NamedMailbox parse(String text) {
        HeaderText.check(text);
        String trimmed = text.strip();
        if (!trimmed.endsWith(">")) {
            return new NamedMailbox(null, Mailbox.parse(trimmed));
        }
        int open = trimmed.lastIndexOf('<');
        if (open < 0) {
            throw new MalformedAddressException("> without < in " + Printable.of(trimmed));
        }
        var mailbox = Mailbox.parse(trimmed.substring(open + 1, trimmed.length() - 1));
        return new NamedMailbox(unquote(trimmed.substring(0, open).strip()), mailbox);
    }

    /// The readable form, with quotes where RFC 5322 wants them; U-labels are not used.
    @Override
    public String toString() {
        if (displayName == null) {
            return mailbox.toString();
        }
        boolean plain =
                displayName
                        .chars()
                        .allMatch(c -> c >= 0x80 || Character.isLetterOrDigit(c) || c == ' ');
        String name =
                plain
                        ? displayName
                        : '"' + displayName.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return name + " <" + mailbox + ">";
    }

    private static String unquote(String name) {
        if (name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"")) {
            return name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1");
        }
        if (name.indexOf('<') >= 0 || name.indexOf('>') >= 0) {
            throw new MalformedAddressException("more than one address in " + Printable.of(name));
        }
        return name;
    }
}
