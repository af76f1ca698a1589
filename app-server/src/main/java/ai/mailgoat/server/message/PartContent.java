package ai.mailgoat.server.message;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one part says of itself, and its content, whatever is wrong with either.
final class PartContent {
    private static final int MAX_NAME = 255;

    private static final Pattern TYPE =
            Pattern.compile(
                    "\\s*([\\w!#$&^.+-]{1,100}/[\\w!#$&^.+-]{1,100})\\s*(;.*)?", Pattern.DOTALL);

    private static final Charset WESTERN = Charset.forName("windows-1252");

    private final MimeBodyPart part;
    private final String type;
    private final String disposition;
    private final @Nullable String filename;

    PartContent(MimeBodyPart part) {
        this.part = part;
        var given = TYPE.matcher(HeaderReader.raw(part, "Content-Type").orElse("text/plain"));
        this.type = given.matches() ? given.group(1).toLowerCase(Locale.ROOT) : "text/plain";
        String text = HeaderReader.raw(part, "Content-Disposition").orElse("");
        int semicolon = text.indexOf(';');
        this.disposition =
                (semicolon < 0 ? text : text.substring(0, semicolon))
                        .strip()
                        .toLowerCase(Locale.ROOT);
        this.filename = nameOf(part);
    }

    /// Such as `text/plain`, in lower case, without parameters.
    String type() {
        return type;
    }

    boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    boolean isAttachment() {
        return disposition.equals("attachment");
    }

    boolean isInline() {
        return disposition.equals("inline") || disposition.isEmpty() && contentId() != null;
    }

    @Nullable String filename() {
        return filename;
    }

    @Nullable String contentId() {
        return HeaderReader.raw(part, "Content-ID")
                .map(id -> id.replaceAll("[<>\\s]", ""))
                .map(id -> HeaderReader.cut(HeaderReader.clean(id), MAX_NAME))
                .filter(id -> !id.isEmpty())
                .orElse(null);
    }

    /// The content with its transfer encoding undone as far as that goes.
    byte[] octets() {
        byte[] raw = rawOctets();
        String encoding =
                HeaderReader.raw(part, "Content-Transfer-Encoding")
                        .orElse("")
                        .strip()
                        .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "base64" -> base64(raw);
            case "quoted-printable", "uuencode", "x-uuencode", "x-uue" -> decoded(raw, encoding);
            default -> raw;
        };
    }

    /// The content as text: in the charset it names, or else in the one it seems to have.
    String text() {
        byte[] octets = octets();
        var charset = charset();
        return charset.map(known -> new String(octets, known))
                .or(() -> utf8(octets))
                .orElseGet(() -> new String(octets, WESTERN));
    }

    static Optional<String> utf8(byte[] octets) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private Optional<Charset> charset() {
        try {
            String header = HeaderReader.raw(part, "Content-Type").orElse("");
            String name = new jakarta.mail.internet.ContentType(header).getParameter("charset");
            // The library takes ASCII for Latin-1; whoever claims it often writes UTF-8.
            return name == null || name.equalsIgnoreCase("us-ascii")
                    ? Optional.empty()
                    : Optional.of(Charset.forName(MimeUtility.javaCharset(name)));
        } catch (MessagingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private byte[] rawOctets() {
        try (var in = part.getRawInputStream()) {
            return in.readAllBytes();
        } catch (MessagingException | IOException | RuntimeException e) {
            return new byte[0];
        }
    }

    // What is no Base64 does not count (RFC 2045, 6.8), a cut end does.
    private static byte[] base64(byte[] raw) {
        var kept = new byte[raw.length];
        int length = 0;
        for (byte octet : raw) {
            boolean is =
                    octet >= 'A' && octet <= 'Z'
                            || octet >= 'a' && octet <= 'z'
                            || octet >= '0' && octet <= '9'
                            || octet == '+'
                            || octet == '/';
            if (is) {
                kept[length++] = octet;
            }
        }
        int whole = length % 4 == 1 ? length - 1 : length;
        return Base64.getDecoder().decode(Arrays.copyOf(kept, whole));
    }

    private static byte[] decoded(byte[] raw, String encoding) {
        var out = new ByteArrayOutputStream(raw.length);
        try (var in = MimeUtility.decode(new ByteArrayInputStream(raw), encoding)) {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                out.write(octet);
            }
        } catch (MessagingException | IOException | RuntimeException e) {
            return out.size() > 0 ? out.toByteArray() : raw;
        }
        return out.toByteArray();
    }

    private static @Nullable String nameOf(MimeBodyPart part) {
        String name;
        try {
            name = part.getFileName();
        } catch (MessagingException | RuntimeException e) {
            return null;
        }
        if (name == null) {
            return null;
        }
        String decoded = HeaderReader.decoded(name);
        int slash = Math.max(decoded.lastIndexOf('/'), decoded.lastIndexOf('\\'));
        String bare = HeaderReader.cut(decoded.substring(slash + 1).strip(), MAX_NAME);
        return bare.isEmpty() ? null : bare;
    }
}
