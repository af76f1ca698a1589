package ai.mailgoat.server.tracking;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Links that a browser follows over HTTP, in a form that fits a header field.
final class WebLink {
    /// With its token around it a longer one would be too long for some mail readers.
    static final int MAX = 1_300;

    /// The host in letters that need no reading; what is written in another way is not tracked.
    private static final Pattern FORM =
            Pattern.compile(
                    "https?://([^/?#@\\\\]*@)?(\\[[0-9a-f:.]+\\]|[a-z0-9._-]+)(:[0-9]{0,5})?([/?#].*)?",
                    Pattern.CASE_INSENSITIVE);

    private WebLink() {}

    /// The link as browsers read it, in printable ASCII; empty for what is none, or too long.
    ///
    /// @param written entities decoded
    static Optional<String> of(String written) {
        String trimmed = written.strip();
        if (trimmed.length() > MAX) {
            return Optional.empty();
        }
        String ascii = ascii(trimmed);
        return ascii.length() <= MAX && isOne(ascii) ? Optional.of(ascii) : Optional.empty();
    }

    static boolean isOne(String link) {
        return FORM.matcher(link).matches();
    }

    // Browsers drop line ends and tabs inside of a link, and escape the rest.
    private static String ascii(String text) {
        var out = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            int c = octet & 0xff;
            if (c == '\t' || c == '\n' || c == '\r') {
                continue;
            }
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>') {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                out.append((char) c);
            }
        }
        return out.toString();
    }
}
