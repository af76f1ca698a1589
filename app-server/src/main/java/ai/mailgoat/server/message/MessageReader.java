package ai.mailgoat.server.message;

import ai.mailgoat.server.message.ReadMessage.ReadFile;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes a message of a stranger apart (RFC 5322, RFC 2045 to 2049). It never refuses: what cannot
/// be understood is left out or taken for text, and what there is too much of is cut: header
/// octets, parts, depth. The work is linear in the size of the message.
public final class MessageReader {
    /// Octets of the message's own header that are read.
    private static final int MAX_HEADER = 256 * 1024;

    /// Parts of the message, whatever their depth; what comes after is not read.
    static final int MAX_PARTS = 200;

    /// Multiparts inside of multiparts; a deeper one is a file.
    private static final int MAX_DEPTH = 16;

    private final FencedMultipart.Budget budget = new FencedMultipart.Budget(MAX_PARTS);
    private final StringBuilder html = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<ReadFile> files = new ArrayList<>();
    private boolean hasHtml;
    private boolean hasText;

    private MessageReader() {}

    /// @param message of any octets, its lines ended by CRLF or LF
    public static ReadMessage read(byte[] message) {
        var reader = new MessageReader();
        var top = top(message);
        if (top != null) {
            reader.walk(top, 0);
        }
        var header = new HeaderReader(top);
        return new ReadMessage(
                header.firstAddress("From"),
                header.addresses("To"),
                header.addresses("Cc"),
                header.addresses("Bcc"),
                header.addresses("Reply-To"),
                header.text("Subject"),
                header.text("Message-ID"),
                header.all(),
                reader.hasHtml ? reader.html.toString() : null,
                reader.hasText ? reader.text.toString() : null,
                List.copyOf(reader.files));
    }

    private void walk(MimeBodyPart part, int depth) {
        var content = new PartContent(part);
        if (content.isMultipart() && depth < MAX_DEPTH) {
            var children = FencedMultipart.children(part, budget);
            children.forEach(child -> walk(child, depth + 1));
            if (!children.isEmpty()) {
                return;
            }
        }
        boolean isShown = !content.isAttachment() && content.filename() == null;
        if (isShown && content.type().equals("text/html")) {
            append(html, hasHtml, content.text());
            hasHtml = true;
        } else if (isShown && isText(content, depth)) {
            append(text, hasText, content.text());
            hasText = true;
        } else {
            files.add(
                    new ReadFile(
                            content.filename(),
                            content.type(),
                            content.contentId(),
                            content.isInline(),
                            content.octets()));
        }
    }

    // A multipart without parts is read as people would read it.
    private static boolean isText(PartContent content, int depth) {
        return content.type().equals("text/plain") || content.isMultipart() && depth < MAX_DEPTH;
    }

    private static void append(StringBuilder all, boolean more, String text) {
        if (more) {
            all.append('\n');
        }
        all.append(text);
    }

    private static @Nullable MimeBodyPart top(byte[] message) {
        try {
            return new MimeBodyPart(new SharedByteArrayInputStream(fenced(message)));
        } catch (MessagingException | RuntimeException e) {
            return null;
        }
    }

    private static byte[] fenced(byte[] message) {
        int end = headerLength(message, 0, message.length);
        if (end <= MAX_HEADER) {
            return message;
        }
        int cut = MAX_HEADER;
        while (cut > 0 && message[cut - 1] != '\n') {
            cut--;
        }
        var kept = Arrays.copyOf(message, cut + 1 + message.length - end);
        kept[cut] = '\n';
        System.arraycopy(message, end, kept, cut + 1, message.length - end);
        return kept;
    }

    /// Octets up to the content: the header and the empty line.
    static int headerLength(byte[] octets, int from, int to) {
        int line = from;
        for (int i = from; i < to; i++) {
            if (octets[i] == '\n') {
                boolean empty = i == line || i == line + 1 && octets[line] == '\r';
                if (empty) {
                    return i + 1 - from;
                }
                line = i + 1;
            }
        }
        return to - from;
    }
}
