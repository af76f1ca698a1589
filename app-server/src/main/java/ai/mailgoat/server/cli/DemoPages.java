package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.Timeline;
import java.net.URI;
import java.nio.file.Path;

/// What the demo shows.
final class DemoPages {
    private static final int BODY_LINES = 24;

    private final Terminal terminal;

    DemoPages(Terminal terminal) {
        this.terminal = terminal;
    }

    void title() {
        line("");
        line(
                terminal.bold("MailGoat " + Version.number())
                        + terminal.dim("  demo: nothing leaves this machine"));
        line("");
    }

    void done(String what, String detail) {
        line(terminal.green("✓ ") + "%-26s".formatted(what) + terminal.dim(detail));
    }

    void timeline(Timeline timeline) {
        heading("What happened");
        for (var event : timeline.events()) {
            line("  " + terminal.dim(time(event.at())) + "  " + event.type());
        }
        for (var attempt : timeline.attempts()) {
            var text = new StringBuilder("attempt: ").append(attempt.outcome());
            if (attempt.mxHost() != null) {
                text.append(" at ").append(attempt.mxHost());
            }
            if (attempt.reply() != null) {
                text.append(", ").append(attempt.reply());
            }
            line(
                    "  "
                            + terminal.dim(time(attempt.at()))
                            + "  "
                            + Terminal.printable(text.toString()));
        }
    }

    void message(String raw) {
        heading("The message, byte for byte as it would go to the MX host");
        boolean header = true;
        boolean signature = false;
        int body = 0;
        for (String text : raw.split("\r?\n", -1)) {
            if (header && text.isEmpty()) {
                header = false;
            }
            if (header) {
                boolean folded = text.startsWith(" ") || text.startsWith("\t");
                signature = folded ? signature : text.startsWith("DKIM-Signature:");
                line("  " + (signature ? terminal.green(printable(text)) : printable(text)));
            } else if (body++ < BODY_LINES) {
                line("  " + terminal.dim(printable(text)));
            }
        }
    }

    void next(URI api, URI admin, String key, Path dataDir) {
        heading("Now you");
        line("  API       " + terminal.bold(api.toString()));
        line(
                "  Admin     "
                        + admin
                        + terminal.dim("   token in " + dataDir.resolve("admin.token")));
        line("  API key   " + terminal.bold(key));
        line("");
        line("  curl " + api + "/emails \\");
        line("    -H 'Authorization: Bearer " + key + "' -H 'Content-Type: application/json' \\");
        line(
                "    -d '{\"from\":\"onboarding@mailgoat.test\",\"to\":\"you@example.com\",\"subject\":\"Hi\",\"text\":\"Hello\"}'");
        line("");
        line("  // Node, with the Resend client: npm install resend");
        line("  import { Resend } from 'resend';");
        line("  const resend = new Resend('" + key + "', { baseUrl: '" + api + "' });");
        line(
                "  await resend.emails.send({ from: 'onboarding@mailgoat.test', to: 'you@example.com',");
        line("                             subject: 'Hi', text: 'Hello' });");
        line("");
        line(
                "  export MAILGOAT_URL="
                        + api
                        + " MAILGOAT_API_KEY="
                        + key
                        + terminal.dim("   then: mailgoat emails list"));
        line("");
    }

    void waiting() {
        line(terminal.dim("Serving. Ctrl-C ends it and removes its data."));
    }

    private void heading(String text) {
        line("");
        line(terminal.bold(text));
    }

    private static String time(String at) {
        int t = at.indexOf('T');
        return t < 0 ? at : at.substring(t + 1).replace("Z", "");
    }

    private static String printable(String text) {
        return Terminal.printable(text.replace("\t", "    "));
    }

    private void line(String text) {
        terminal.line(text);
    }
}
