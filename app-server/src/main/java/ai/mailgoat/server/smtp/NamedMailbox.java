package ai.mailgoat.server.smtp;

import org.jspecify.annotations.Nullable;

/// A mailbox with the display name of its header field (RFC 5322, 3.4: name-addr), as people write
/// it: `a@b.example` or `Some Name <a@b.example>` or `"Name, Some" <a@b.example>`.
public record NamedMailbox(@Nullable String displayName, Mailbox mailbox) {

    /// A line of a header field has 998 octets (RFC 5322, 2.1.1); a name of a quarter of that is
    /// refused.
    private static final int MAX_NAME = 256;

    public NamedMailbox {
        if (displayName != null) {
            HeaderText.check(displayName);
            String stripped = displayName.strip();
            if (stripped.length() > MAX_NAME) {
                throw new MalformedAddressException("a display name has at most 256 characters");
            }
            displayName = stripped.isEmpty() ? null : stripped;
        }
    }

    /// Reads one address with an optional name; blanks around it do not count. Parentheses, commas
    /// and encoded-words in a name are part of the name.
    ///
    /// @throws MalformedAddressException for a list, a group, a comment beside the address, a
    ///   control character or a mailbox that {@link Mailbox#parse} refuses
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
        return new NamedMailbox(unquoted(trimmed.substring(0, open).strip()), mailbox);
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

    /// The words of a phrase (RFC 5322, 3.2.5) with the quotes of its quoted-strings undone. What
    /// stands outside of quotes is taken as it is, for people write `Acme (Inc.), Ltd. <a@b>`.
    private static String unquoted(String phrase) {
        var name = new StringBuilder(phrase.length());
        var bare = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            if (quoted && c == '\\' && i + 1 < phrase.length()) {
                name.append(phrase.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else {
                name.append(c);
                bare.append(quoted ? ' ' : c);
            }
        }
        if (quoted) {
            throw new MalformedAddressException("quote without end in " + Printable.of(phrase));
        }
        checkOneAddress(bare.toString(), phrase);
        return name.toString();
    }

    /// Refuses a list whose last entry alone would be taken for the address.
    private static void checkOneAddress(String bare, String phrase) {
        boolean brackets = bare.indexOf('<') >= 0 || bare.indexOf('>') >= 0;
        boolean list = bare.indexOf(',') >= 0 || bare.indexOf(';') >= 0;
        if (brackets || list && bare.indexOf('@') >= 0) {
            throw new MalformedAddressException("more than one address in " + Printable.of(phrase));
        }
    }
}
