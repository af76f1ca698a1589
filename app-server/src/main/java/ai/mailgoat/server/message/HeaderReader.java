package ai.mailgoat.server.message;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header of a message, decoded as far as it can be.
final class HeaderReader {
    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_ADDRESSES = 500;
    private static final int MAX_ADDRESS = 600;

    /// Characters of an address list that are read: the library takes time in their square for
    /// parentheses that do not close.
    private static final int MAX_LIST = 16 * 1024;

    /// RFC 5322, 2.2: what a field's name may have.
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,200}");

    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w .'\\u0080-\\uffff-]*");

    private final @Nullable MimeBodyPart part;

    /// @param part `null` for no header
    HeaderReader(@Nullable MimeBodyPart part) {
        this.part = part;
    }

    /// One field, empty when there is none; the first when there are several.
    String text(String name) {
        return part == null
                ? ""
                : cut(raw(part, name).map(HeaderReader::decoded).orElse(""), MAX_TEXT);
    }

    Map<String, String> all() {
        var all = new LinkedHashMap<String, String>();
        if (part == null) {
            return all;
        }
        try {
            var fields = part.getAllHeaders();
            for (int i = 0; fields.hasMoreElements() && i < MAX_FIELDS; i++) {
                var field = fields.nextElement();
                String name = field.getName() == null ? "" : field.getName().strip();
                if (NAME.matcher(name).matches() && field.getValue() != null) {
                    all.merge(
                            name.toLowerCase(Locale.ROOT),
                            decoded(field.getValue()),
                            (a, b) -> a + "\n" + b);
                }
            }
        } catch (MessagingException | RuntimeException e) {
            return all;
        }
        return all;
    }

    /// The addresses of all fields of a name; a field that is none comes as it stands.
    List<String> addresses(String name) {
        if (part == null) {
            return List.of();
        }
        String field = shortened(joined(name));
        if (field.isBlank()) {
            return List.of();
        }
        try {
            var addresses = new ArrayList<String>();
            for (var address : InternetAddress.parseHeader(field, false)) {
                String text = readable(address);
                if (!text.isEmpty() && addresses.size() < MAX_ADDRESSES) {
                    addresses.add(text);
                }
            }
            return List.copyOf(addresses);
        } catch (AddressException | RuntimeException e) {
            return List.of(cut(decoded(field), MAX_ADDRESS));
        }
    }

    @Nullable String firstAddress(String name) {
        var all = addresses(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    /// The first field of a name as it stands, unfolded.
    static Optional<String> raw(MimeBodyPart part, String name) {
        try {
            String[] all = part.getHeader(name);
            return all == null || all.length == 0 || all[0] == null
                    ? Optional.empty()
                    : Optional.of(MimeUtility.unfold(all[0]));
        } catch (MessagingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Without encoded-words (RFC 2047), line breaks and control characters.
    static String decoded(String value) {
        String text = MimeUtility.unfold(inUtf8(value));
        try {
            text = MimeUtility.decodeText(text);
        } catch (UnsupportedEncodingException | RuntimeException e) {
            return clean(text);
        }
        return clean(text);
    }

    /// Line breaks and tabs as blanks, other control characters and halves of characters as U+FFFD.
    static String clean(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\r') {
                        return;
                    }
                    boolean blank = c == '\n' || c == '\t';
                    boolean bad =
                            Character.isISOControl(c)
                                    || c == 0x2028
                                    || c == 0x2029
                                    || c >= 0xd800 && c <= 0xdfff;
                    clean.appendCodePoint(blank ? ' ' : bad ? 0xfffd : c);
                });
        return clean.toString().strip();
    }

    /// At most `max` characters, none of them cut in two.
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
    }

    private String joined(String name) {
        try {
            String all = part == null ? null : part.getHeader(name, ",");
            return all == null ? "" : all;
        } catch (MessagingException | RuntimeException e) {
            return "";
        }
    }

    private static String shortened(String list) {
        int comma = list.length() <= MAX_LIST ? -1 : list.lastIndexOf(',', MAX_LIST);
        return comma > 0 ? list.substring(0, comma) : cut(list, MAX_LIST);
    }

    private static String readable(InternetAddress address) {
        String bare = address.getAddress() == null ? "" : clean(inUtf8(address.getAddress()));
        String name = address.getPersonal() == null ? "" : clean(inUtf8(address.getPersonal()));
        if (name.isEmpty()) {
            return cut(bare, MAX_ADDRESS);
        }
        String shown =
                PLAIN_NAME.matcher(name).matches()
                        ? name
                        : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return cut(shown + " <" + bare + ">", MAX_ADDRESS);
    }

    // The library reads octets of a header as Latin-1; RFC 6532 has UTF-8 there.
    private static String inUtf8(String value) {
        boolean latin =
                value.chars().allMatch(c -> c <= 0xff) && value.chars().anyMatch(c -> c > 0x7f);
        return latin
                ? PartContent.utf8(value.getBytes(StandardCharsets.ISO_8859_1)).orElse(value)
                : value;
    }
}
