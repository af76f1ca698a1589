package ai.mailgoat.server.smtp;

/// `local-part@domain` of RFC 5321 (4.1.2): what stands in an envelope. The local part keeps its
/// case (2.4: only the receiving host may interpret it); UTF-8 in it needs SMTPUTF8 (RFC 6531).
///
/// One grammar for every door: a dot-string, no quoted strings, no comments, no source routes, no
/// address literals. What other systems read differently is refused rather than guessed.
public record Mailbox(String localPart, MailDomain domain) {

    /// RFC 5321, 4.5.3.1.1.
    private static final int MAX_LOCAL_OCTETS = 64;

    /// RFC 5321, 4.5.3.1.3: a path has 256 octets with its angle brackets.
    private static final int MAX_OCTETS = 254;

    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    public Mailbox {
        checkLocalPart(localPart);
        if (octets(localPart) + 1 + domain.ascii().length() > MAX_OCTETS) {
            throw new MalformedAddressException("an address has at most 254 octets");
        }
    }

    /// Reads exactly one address, without brackets or a name, and without surrounding blanks.
    ///
    /// @throws MalformedAddressException when it is anything else
    public static Mailbox parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new MalformedAddressException("no @ in " + Printable.of(text));
        }
        return new Mailbox(text.substring(0, at), MailDomain.parse(text.substring(at + 1)));
    }

    /// Whether the envelope needs the SMTPUTF8 extension to carry this mailbox (RFC 6531, 3.2).
    public boolean needsSmtpUtf8() {
        return localPart.chars().anyMatch(c -> c >= 0x80);
    }

    /// The form in which two spellings of one mailbox are equal for suppression: lower case
    /// throughout. Strictly RFC 5321 lets hosts tell `A@x` from `a@x`; none that matter do.
    public String folded() {
        return (localPart + "@" + domain.ascii()).toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain.ascii();
    }

    private static void checkLocalPart(String local) {
        if (local.isEmpty() || octets(local) > MAX_LOCAL_OCTETS) {
            throw new MalformedAddressException("a local part has 1 to 64 octets");
        }
        if (local.charAt(0) == '.' || local.endsWith(".") || local.contains("..")) {
            throw new MalformedAddressException("misplaced dot in " + Printable.of(local));
        }
        local.codePoints()
                .forEach(c -> {
                    if (!isAtext(c) && c != '.') {
                        throw new MalformedAddressException(
                                "character not allowed in " + Printable.of(local));
                    }
                });
        // An encoded-word never stands in an addr-spec (RFC 2047, 5 (3)); some readers decode it
        // there, wherever it begins.
        if (local.contains("=?")) {
            throw new MalformedAddressException("an encoded-word is not an address");
        }
    }

    /// RFC 5322, 3.2.3 and RFC 6531, 3.3 (UTF8-non-ascii), the latter only for letters, marks and
    /// digits: no blanks, no invisible characters, no symbols.
    private static boolean isAtext(int c) {
        if (c < 0x80) {
            return c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || ATEXT_SPECIALS.indexOf(c) >= 0;
        }
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK && c != 0x34f && !isVariationSelector(c)
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isVariationSelector(int c) {
        return c >= 0xfe00 && c <= 0xfe0f
                || c >= 0x180b && c <= 0x180d
                || c >= 0xe0100 && c <= 0xe01ef;
    }

    private static int octets(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
}
