package ai.mailgoat.server.signup;

import ai.mailgoat.server.page.Html;
import ai.mailgoat.server.page.Sheet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The mail that asks whether it was the reader who asked. Nothing in it was written by whoever
/// filled in the form, who may be anybody.
final class ConfirmationMail {
    private ConfirmationMail() {}

    /// The mail as a request to send one.
    ///
    /// @param words in whose language and whose name it speaks
    /// @param link to confirm with
    static Map<String, Object> of(SignupForm form, String to, Sheet words, String link) {
        var options = form.options();
        String subject =
                oneLine(
                        Objects.requireNonNullElseGet(
                                options.confirmSubject(),
                                () -> words.text("signup.mail.subject", words.name())));
        String own =
                Objects.requireNonNullElseGet(
                        options.confirmText(), () -> words.text("signup.mail.text", words.name()));
        var paragraphs = own.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return Map.of(
                "from", options.from(),
                "to", List.of(to),
                "subject", subject,
                "html", html(words, subject, paragraphs, link),
                "text", text(words, paragraphs, link),
                "tags", List.of(Map.of("name", "signup_form", "value", form.id().toString())));
    }

    // A team's own words may have more than one.
    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String text(Sheet words, List<String> paragraphs, String link) {
        var parts = new ArrayList<>(paragraphs);
        parts.add(link);
        parts.add(words.text("signup.mail.why"));
        return String.join("\n\n", parts) + "\n";
    }

    private static String html(Sheet words, String subject, List<String> paragraphs, String link) {
        var body = Html.all(paragraphs.stream().map(text -> Html.of("<p>{}</p>\n", text)).toList());
        return Html.of(
                        """
                        <!doctype html>
                        <html lang="{}">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <meta name="color-scheme" content="light dark">
                        <title>{}</title>
                        </head>
                        <body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
                        <div style="max-width:32rem;margin:0 auto">
                        {}<p style="margin:24px 0"><a href="{}" data-no-track style="display:inline-block;padding:12px 20px;border-radius:8px;{};font-weight:600;text-decoration:none">{}</a></p>
                        <p style="font-size:14px">{}</p>
                        </div>
                        </body>
                        </html>
                        """,
                        words.language().tag(),
                        subject,
                        body,
                        link,
                        words.buttonColors(),
                        words.text("signup.mail.button"),
                        words.text("signup.mail.why"))
                .markup();
    }
}
