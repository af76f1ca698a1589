package ai.mailgoat.server.message;

import ai.mailgoat.server.smtp.NamedMailbox;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A message with everything in it that a test does not care about.
final class Draft {
    NamedMailbox from = NamedMailbox.parse("Goat <goat@sender.example>");
    List<NamedMailbox> to = List.of(NamedMailbox.parse("you@reader.example"));
    List<NamedMailbox> cc = List.of();
    List<NamedMailbox> replyTo = List.of();
    String subject = "Hello";
    @Nullable String html;
    @Nullable String text = "Hello, world";
    List<HeaderField> headers = List.of();
    List<Part> attachments = List.of();

    OutgoingMessage message() {
        return new OutgoingMessage(
                "0199aa00-1111-7222-8333-444455556666@sender.example",
                Instant.parse("2026-11-21T04:05:06.789Z"),
                from,
                to,
                cc,
                replyTo,
                subject,
                html,
                text,
                headers,
                attachments);
    }

    WireMessage composed() {
        return new Composer().compose(message());
    }

    MimeMessage read() throws MessagingException {
        return read(composed());
    }

    static MimeMessage read(WireMessage wire) throws MessagingException {
        var properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", String.valueOf(wire.needsSmtpUtf8()));
        var session = Session.getInstance(properties);
        return new MimeMessage(session, new ByteArrayInputStream(wire.bytes()));
    }

    static List<NamedMailbox> mailboxes(String... texts) {
        return List.of(texts).stream().map(NamedMailbox::parse).toList();
    }
}
