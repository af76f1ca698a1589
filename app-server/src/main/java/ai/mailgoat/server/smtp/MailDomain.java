package ai.mailgoat.server.smtp;

import java.net.IDN;
import java.util.Locale;

/// A domain name as it travels: A-labels only, lower case, no trailing dot (RFC 5321, 2.3.5; RFC
/// 5890, 2.3.2.1). Two equal domains have equal `ascii`.
public record MailDomain(String ascii) implements Comparable<MailDomain> {

    /// RFC 1035, 2.3.4: 255 octets with length bytes is 253 characters of text.
    private static final int MAX_LENGTH = 253;

    private static final int MAX_LABEL = 63;

    public MailDomain {
        check(ascii);
    }

    /// Reads a domain name in U-labels or A-labels, any case; ideographic full stops count as dots.
    ///
    /// U-labels have letters, marks, digits and hyphens only. Refused are the characters that
    /// IDNA2003, IDNA2008 and UTS 46 map to different names (sharp s, final sigma, joiners: write
    /// the A-label) and those that are mapped to nothing, so that no two readers can disagree on
    /// where a mail goes.
    ///
    /// @throws MalformedAddressException when it is not a host name in letters, digits and hyphens
    ///   after conversion, or is an address literal
    public static MailDomain parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new MalformedAddressException("a domain name has 1 to 253 characters");
        }
        String ascii;
        try {
            checkUnambiguous(text);
            ascii = isAscii(text) ? text : IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new MalformedAddressException("not a domain name: " + Printable.of(text));
        }
        return new MailDomain(ascii.toLowerCase(Locale.ROOT));
    }

    /// The name in U-labels, for people to read.
    public String unicode() {
        return IDN.toUnicode(ascii);
    }

    /// Whether this is `parent` or a name below it.
    public boolean isWithin(MailDomain parent) {
        return ascii.equals(parent.ascii) || ascii.endsWith("." + parent.ascii);
    }

    @Override
    public int compareTo(MailDomain other) {
        return ascii.compareTo(other.ascii);
    }

    @Override
    public String toString() {
        return ascii;
    }

    private static void checkUnambiguous(String text) {
        if (!text.codePoints().allMatch(MailDomain::isUnambiguous)) {
            throw new MalformedAddressException(
                    "character not allowed in a domain name: " + Printable.of(text));
        }
    }

    private static boolean isUnambiguous(int c) {
        if (c < 0x80) {
            return true;
        }
        return switch (c) {
            // The deviations of UTS 46, 4 (capital sharp s too); the joiners are no letters anyway.
            case 0xdf, 0x1e9e, 0x3c2 -> false;
            // Marks that are mapped to nothing: grapheme joiner, Mongolian variation selectors.
            case 0x34f, 0x180b, 0x180c, 0x180d -> false;
            // Full stops; then the middle dots and Hebrew signs of RFC 5892, A.3 to A.7.
            case 0x3002, 0xff0e, 0xff61, 0xb7, 0x5f3, 0x5f4, 0x30fb -> true;
            default -> isLetterMarkOrDigit(c) && !(c >= 0xfe00 && c <= 0xfe0f) && c < 0xe0100;
        };
    }

    private static boolean isLetterMarkOrDigit(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static void check(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new MalformedAddressException("a domain name has 1 to 253 characters");
        }
        int labels = 0;
        int start = 0;
        while (start <= name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            checkLabel(name, start, end);
            labels++;
            start = end + 1;
        }
        boolean numericTop = Character.isDigit(name.charAt(name.lastIndexOf('.') + 1));
        if (labels < 2 || numericTop) {
            throw new MalformedAddressException("not a full domain name: " + Printable.of(name));
        }
    }

    private static void checkLabel(String name, int start, int end) {
        if (start == end || end - start > MAX_LABEL) {
            throw new MalformedAddressException(
                    "a label has 1 to 63 characters: " + Printable.of(name));
        }
        for (int i = start; i < end; i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            // RFC 5321, 4.1.2: sub-domain = Let-dig [Ldh-str]. Underscores do occur in real host
            // names but never in a mail domain.
            if (!letterOrDigit && (c != '-' || i == start || i == end - 1)) {
                throw new MalformedAddressException("not a domain name: " + Printable.of(name));
            }
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
