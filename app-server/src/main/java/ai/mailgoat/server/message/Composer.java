package ai.mailgoat.server.message;

import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.NamedMailbox;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes a message as bytes for the wire (RFC 5322, 2045, 2046, 2047, 2231, 6532). The same
/// message gives the same bytes, always: it may be composed anew for a later attempt and its
/// signature still holds. Stateless, so one serves all threads.
///
/// The shape, from the inside out: text and HTML in multipart/alternative, HTML with what it shows
/// in multipart/related, all that with the attachments in multipart/mixed; each multipart only when
/// it has more than one part.
public final class Composer {
    /// RFC 5322, 3.3.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss '+0000'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder();

    /// @throws MalformedMessageException when html or text has a NUL
    public WireMessage compose(OutgoingMessage message) {
        try {
            Entity body = body(message);
            byte[] header =
                    (header(message) + body.fields() + "\r\n").getBytes(StandardCharsets.UTF_8);
            return join(header, body, needsSmtpUtf8(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WireMessage join(byte[] header, Entity body, boolean utf8)
            throws IOException, MessagingException {
        var out = new ByteArrayOutputStream(header.length + body.size());
        out.writeBytes(header);
        body.writeContent(out);
        if (body instanceof Entity.Leaf leaf && !endsLine(leaf.content())) {
            out.write('\r');
            out.write('\n');
        }
        byte[] bytes = out.toByteArray();
        // The last check before the wire: reached only by a fault in this package.
        if (!LineDiscipline.isClean(bytes)) {
            throw new IllegalStateException("composed message breaks the line discipline");
        }
        return new WireMessage(bytes, header.length, utf8, utf8);
    }

    private static boolean endsLine(byte[] content) {
        return content.length > 0 && content[content.length - 1] == '\n';
    }

    private static String header(OutgoingMessage message) {
        var header = new HeaderWriter();
        header.mailboxes("From", List.of(message.from()));
        if (message.to().isEmpty()) {
            header.tokens("To", List.of("undisclosed-recipients:;"));
        } else {
            header.mailboxes("To", message.to());
        }
        if (!message.cc().isEmpty()) {
            header.mailboxes("Cc", message.cc());
        }
        if (!message.replyTo().isEmpty()) {
            header.mailboxes("Reply-To", message.replyTo());
        }
        header.text("Subject", message.subject());
        header.tokens("Date", List.of(DATE.format(message.date())));
        header.tokens("Message-ID", List.of("<" + message.messageId() + ">"));
        for (HeaderField field : message.headers()) {
            if (field.isVerbatim()) {
                header.tokens(field.name(), HeaderWriter.foldable(field.value()));
            } else {
                header.text(field.name(), field.value());
            }
        }
        header.tokens("MIME-Version", List.of("1.0"));
        return header.toString();
    }

    private static Entity body(OutgoingMessage message) throws MessagingException {
        var boundaries = new Boundaries(message.messageId());
        String html = message.html();
        String text = textOf(message);
        // Without HTML nothing names a part by its content id: it goes with the attachments.
        Stream<Part> inline =
                message.attachments().stream().filter(p -> html != null && p.contentId() != null);
        Stream<Part> attached =
                message.attachments().stream().filter(p -> html == null || p.contentId() == null);

        var alternatives = new ArrayList<Entity>();
        if (text != null) {
            alternatives.add(text("plain", text));
        }
        if (html != null) {
            var related = new ArrayList<Entity>();
            related.add(text("html", html));
            inline.map(Composer::file).forEach(related::add);
            alternatives.add(multipart("related", boundaries, related));
        }
        var mixed = new ArrayList<Entity>();
        mixed.add(multipart("alternative", boundaries, alternatives));
        attached.map(Composer::file).forEach(mixed::add);
        return multipart("mixed", boundaries, mixed);
    }

    /// The plain text to send, or `null` for none beside the HTML.
    private static @Nullable String textOf(OutgoingMessage message) {
        String html = message.html();
        String text = message.text();
        if (html == null) {
            return text == null ? "" : text;
        }
        String shown = text == null ? HtmlText.of(html) : text;
        return shown.isEmpty() ? null : shown;
    }

    private static Entity text(String subtype, String content) {
        EncodedText encoded = EncodedText.of(content);
        String fields =
                new HeaderWriter()
                        .tokens("Content-Type", List.of("text/" + subtype + ";", "charset=utf-8"))
                        .tokens("Content-Transfer-Encoding", List.of(encoded.encoding()))
                        .toString();
        return new Entity.Leaf(fields, encoded.bytes());
    }

    private static Entity file(Part part) {
        var fields = new HeaderWriter();
        fields.tokens("Content-Type", HeaderWriter.foldable(part.wireType()));
        fields.tokens("Content-Transfer-Encoding", List.of("base64"));
        var disposition = new ArrayList<String>();
        disposition.add(part.contentId() == null ? "attachment;" : "inline;");
        disposition.addAll(Filename.parameter(part.filename()));
        fields.tokens("Content-Disposition", disposition);
        if (part.contentId() != null) {
            fields.tokens("Content-ID", List.of("<" + part.contentId() + ">"));
        }
        return new Entity.Leaf(fields.toString(), BASE64.encode(part.content()));
    }

    /// The only part itself, or a multipart of all.
    private static Entity multipart(String subtype, Boundaries boundaries, List<Entity> parts)
            throws MessagingException {
        return parts.size() == 1
                ? parts.getFirst()
                : Entity.Multi.of(subtype, boundaries.next(), parts);
    }

    private static boolean needsSmtpUtf8(OutgoingMessage message) {
        return Stream.of(List.of(message.from()), message.to(), message.cc(), message.replyTo())
                .flatMap(List::stream)
                .map(NamedMailbox::mailbox)
                .anyMatch(Mailbox::needsSmtpUtf8);
    }
}
