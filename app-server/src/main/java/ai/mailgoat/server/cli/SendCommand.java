package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SendEmail;
import ai.mailgoat.common.api.SendEmail.Attachment;
import ai.mailgoat.common.client.MailGoatClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "send", description = "Sends one e-mail.")
final class SendCommand extends ClientCommand {
    @Option(names = "--from", required = true, description = "a@b or 'Name <a@b>'")
    private String from = "";

    @Option(names = "--to", required = true, split = ",")
    private List<String> to = List.of();

    @Option(names = "--cc", split = ",")
    private @Nullable List<String> cc;

    @Option(names = "--bcc", split = ",")
    private @Nullable List<String> bcc;

    @Option(names = "--reply-to", split = ",")
    private @Nullable List<String> replyTo;

    @Option(names = "--subject", required = true)
    private String subject = "";

    @Option(names = "--text", description = "the text, or @FILE, or @- for standard input")
    private @Nullable String text;

    @Option(names = "--html", description = "the HTML, or @FILE, or @- for standard input")
    private @Nullable String html;

    @Option(names = "--attach", paramLabel = "FILE", description = "may be given several times")
    private @Nullable List<Path> attach;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "another header field")
    private @Nullable Map<String, String> headers;

    @Option(names = "--scheduled-at", description = "ISO 8601, or a phrase like 'in 1 hour'")
    private @Nullable String scheduledAt;

    @Option(names = "--idempotency-key", description = "the same key sends once in 24 hours")
    private @Nullable String idempotencyKey;

    SendCommand(Context context) {
        super(context);
    }

    @Override
    JsonNode request(MailGoatClient client) {
        if (text == null && html == null) {
            throw Failure.usage("--text or --html is needed");
        }
        var attachments =
                attach == null ? null : attach.stream().map(SendCommand::attachment).toList();
        var email =
                new SendEmail(
                        from,
                        to,
                        cc,
                        bcc,
                        replyTo,
                        subject,
                        content(html),
                        content(text),
                        headers,
                        attachments,
                        null,
                        scheduledAt);
        Map<String, String> extra =
                idempotencyKey == null ? Map.of() : Map.of("Idempotency-Key", idempotencyKey);
        return client.call("POST", "/emails", email, extra);
    }

    @Override
    void show(JsonNode answer, Terminal terminal) {
        terminal.line(answer.path("id").asString());
    }

    private static @Nullable String content(@Nullable String given) {
        if (given == null || !given.startsWith("@")) {
            return given;
        }
        try {
            return "@-".equals(given)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(given.substring(1)));
        } catch (IOException e) {
            throw unreadable(given.substring(1), e);
        }
    }

    private static Attachment attachment(Path file) {
        try {
            String content = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            return new Attachment(String.valueOf(file.getFileName()), content, null, null);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static Failure unreadable(String file, IOException e) {
        return new Failure(Exit.USAGE, "usage", "cannot read " + file, null, null, e);
    }
}
