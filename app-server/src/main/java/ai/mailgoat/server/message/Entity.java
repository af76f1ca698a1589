package ai.mailgoat.server.message;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A MIME entity (RFC 2045, 2.4): its `Content-` fields, each with CRLF, and a content that is
/// already encoded for transfer.
sealed interface Entity {
    String fields();

    /// About how many octets it takes.
    int size();

    void writeContent(OutputStream out) throws IOException, MessagingException;

    record Leaf(String fields, byte[] content) implements Entity {
        @Override
        public int size() {
            return fields.length() + content.length + 64;
        }

        @Override
        public void writeContent(OutputStream out) throws IOException {
            out.write(content);
        }
    }

    record Multi(String fields, MimeMultipart multipart, int size) implements Entity {
        static Multi of(String subtype, String boundary, List<Entity> parts)
                throws MessagingException {
            var multipart = new BoundedMultipart(subtype, boundary);
            int size = 256;
            for (Entity part : parts) {
                multipart.addBodyPart(new EncodedPart(part));
                size += part.size();
            }
            return new Multi(fields(subtype, boundary), multipart, size);
        }

        @Override
        public void writeContent(OutputStream out) throws IOException, MessagingException {
            multipart.writeTo(out);
        }

        private static String fields(String subtype, String boundary) {
            var type = List.of("multipart/" + subtype + ";", "boundary=\"" + boundary + '"');
            return new HeaderWriter()
                    .tokens("Content-Type", type)
                    .tokens("Content-Transfer-Encoding", List.of("7bit"))
                    .toString();
        }
    }

    /// A multipart with a boundary of our choice: Angus draws its own from a counter and the clock.
    final class BoundedMultipart extends MimeMultipart {
        BoundedMultipart(String subtype, String boundary) {
            super(subtype);
            contentType = "multipart/" + subtype + "; boundary=\"" + boundary + '"';
        }
    }

    /// A part written as it stands, without the detour over activation's mailcap look-ups.
    final class EncodedPart extends MimeBodyPart {
        private final Entity entity;

        EncodedPart(Entity entity) {
            this.entity = entity;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException, MessagingException {
            out.write((entity.fields() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            entity.writeContent(out);
        }
    }
}
