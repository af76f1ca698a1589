package ai.mailgoat.server.message;

import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.internet.ParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A file that travels with a message.
///
/// @param filename as the reader shall see it; a path before it and characters that deceive are
///   taken off ({@link Filename#clean})
/// @param contentType a media type with its parameters, such as `text/calendar; method=REQUEST`
/// @param contentId what the HTML names as `cid:...`, without angle brackets; the part is then
///   shown in place. `null` for an ordinary attachment
/// @param content the bytes of the file, not copied
public record Part(
        String filename, String contentType, @Nullable String contentId, byte[] content) {

    private static final int MAX_TYPE = 255;

    /// RFC 2045, 7 makes it a msg-id; a mere `logo` is common and works everywhere.
    private static final Pattern CONTENT_ID = Pattern.compile("[!#-;=?-Z\\^-~]{1,200}");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}");

    public Part {
        filename = Filename.clean(filename);
        contentType = checkedType(contentType);
        if (contentId != null && !CONTENT_ID.matcher(contentId).matches()) {
            throw new MalformedMessageException(
                    "a content id has 1 to 200 ASCII characters without blanks or brackets");
        }
    }

    /// The type to send it as. It goes as base64, which RFC 2046 (5.1, 5.2.1) and RFC 2045 (6.4)
    /// forbid for composite types: an attached message travels as plain octets, its name says what
    /// it is.
    String wireType() {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("message/") || type.startsWith("multipart/")
                ? "application/octet-stream"
                : contentType;
    }

    private static String checkedType(String text) {
        boolean printable = text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        if (!printable || text.length() > MAX_TYPE) {
            throw new MalformedMessageException("a content type has at most 255 ASCII characters");
        }
        try {
            var type = new ContentType(text);
            if (!TOKEN.matcher(type.getPrimaryType()).matches()
                    || !TOKEN.matcher(type.getSubType()).matches()) {
                throw new MalformedMessageException("not a content type: " + text);
            }
            ParameterList parameters = type.getParameterList();
            if (parameters != null) {
                // The name stands in Content-Disposition, cleaned; a boundary is not theirs to set.
                parameters.remove("name");
                parameters.remove("boundary");
            }
            return type.toString().replace("\r\n\t", " ");
        } catch (ParseException e) {
            throw new MalformedMessageException("not a content type: " + text);
        }
    }
}
