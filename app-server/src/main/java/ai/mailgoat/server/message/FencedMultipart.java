package ai.mailgoat.server.message;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePartDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The parts of a multipart as far as there is budget for them. The library itself makes an object
/// of each part and of each header field, however many there are.
final class FencedMultipart extends MimeMultipart {
    /// Octets of a part's header; a part that has more is taken for octets as a whole.
    private static final int MAX_HEADER = 64 * 1024;

    private final Budget budget;

    /// How many parts may still be read of one message.
    static final class Budget {
        private int left;

        Budget(int parts) {
            this.left = parts;
        }
    }

    private FencedMultipart(MimeBodyPart part, Budget budget) throws MessagingException {
        super(new MimePartDataSource(part));
        this.budget = budget;
    }

    /// Those that could be read; what goes wrong after some parts does not undo them.
    static List<MimeBodyPart> children(MimeBodyPart part, Budget budget) {
        try {
            var multipart = new FencedMultipart(part, budget);
            multipart.tryToParse();
            return multipart.read();
        } catch (MessagingException | RuntimeException e) {
            return List.of();
        }
    }

    @Override
    protected MimeBodyPart createMimeBodyPart(InputStream part) throws MessagingException {
        if (budget.left == 0) {
            throw new MessagingException("too many parts");
        }
        budget.left--;
        try {
            part.mark(Integer.MAX_VALUE);
            byte[] beginning = part.readNBytes(MAX_HEADER);
            part.reset();
            int header = MessageReader.headerLength(beginning, 0, beginning.length);
            if (header < MAX_HEADER) {
                return new MimeBodyPart(part);
            }
            var headers = new InternetHeaders();
            headers.addHeader("Content-Type", "application/octet-stream");
            return new MimeBodyPart(headers, part.readAllBytes());
        } catch (IOException e) {
            throw new MessagingException("a part cannot be read", e);
        }
    }

    private void tryToParse() {
        try {
            parse();
        } catch (MessagingException | RuntimeException e) {
            // What was read until then stays in `parts`.
            parsed = true;
        }
    }

    private List<MimeBodyPart> read() {
        return parts == null
                ? List.of()
                : parts.stream().map((BodyPart p) -> (MimeBodyPart) p).toList();
    }
}
