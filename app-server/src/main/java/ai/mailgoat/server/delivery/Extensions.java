package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.SmtpReply;
import java.util.Locale;

/// What a host offered in its EHLO reply (RFC 5321, 4.1.1.1), as far as we use it.
///
/// @param size whether SIZE is offered (RFC 1870)
/// @param maxSize the largest message it takes in octets; 0 when it names none
record Extensions(
        boolean pipelining,
        boolean eightBitMime,
        boolean smtpUtf8,
        boolean startTls,
        boolean size,
        long maxSize) {

    static final Extensions NONE = new Extensions(false, false, false, false, false, 0);

    /// Reads the lines after the first; keywords in any case, unknown ones passed over.
    static Extensions of(SmtpReply ehloReply) {
        boolean pipelining = false;
        boolean eightBitMime = false;
        boolean smtpUtf8 = false;
        boolean startTls = false;
        boolean size = false;
        long maxSize = 0;
        for (String line : ehloReply.lines().subList(1, ehloReply.lines().size())) {
            String[] words = line.strip().split("\\s+", 3);
            switch (words[0].toUpperCase(Locale.ROOT)) {
                case "PIPELINING" -> pipelining = true;
                case "8BITMIME" -> eightBitMime = true;
                case "SMTPUTF8" -> smtpUtf8 = true;
                case "STARTTLS" -> startTls = true;
                case "SIZE" -> {
                    size = true;
                    maxSize = words.length > 1 ? number(words[1]) : 0;
                }
                default -> {
                    // RFC 5321, 2.2.1: a client ignores what it does not know.
                }
            }
        }
        return new Extensions(pipelining, eightBitMime, smtpUtf8, startTls, size, maxSize);
    }

    /// Whether a message of so many octets is more than the host announced to take.
    boolean isTooBig(long octets) {
        return maxSize > 0 && octets > maxSize;
    }

    /// RFC 1870, 3: up to 20 digits; what is no such number counts as no limit.
    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
