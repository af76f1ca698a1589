package ai.mailgoat.server.share;

import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.download.StoredFile;
import ai.mailgoat.server.share.Shares.Shared;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// The page of a shared mail. What strangers wrote stands in it only escaped, or inside a frame in
/// which nothing runs.
final class SharedPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final String HEAD =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>%s</title>
            <style>
            :root { color-scheme: light dark; --back: #f6f6f4; --card: #fff; --ink: #1c1c1a; --soft: #62625c; --line: #deded8 }
            @media (prefers-color-scheme: dark) {
              :root { --back: #161614; --card: #20201e; --ink: #ecece6; --soft: #a3a39b; --line: #393935 }
            }
            * { box-sizing: border-box }
            body { margin: 0; padding: 1rem; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
            main { max-width: 48rem; margin: 0 auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; overflow: hidden }
            header, section, footer { padding: 1rem }
            h1 { margin: 0 0 .5rem; font-size: 1.25rem; overflow-wrap: anywhere }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem .75rem; margin: 0 }
            dt { color: var(--soft) }
            dd { margin: 0; overflow-wrap: anywhere }
            iframe { display: block; width: 100%%; height: 75vh; border: 0; border-top: 1px solid var(--line); background: #fff; color-scheme: light }
            pre { margin: 0; padding: 1rem; border-top: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
            ul { margin: 0; padding: 0; list-style: none }
            section { border-top: 1px solid var(--line) }
            li { overflow-wrap: anywhere }
            a { color: inherit }
            small, footer { color: var(--soft); font-size: .875rem }
            footer { border-top: 1px solid var(--line) }
            </style>
            </head>
            <body>
            <main>
            """;

    private static final String END = "</main>\n</body>\n</html>\n";

    private final Downloads downloads;
    private final InlineImages images;

    SharedPage(Downloads downloads, InlineImages images) {
        this.downloads = downloads;
        this.images = images;
    }

    String of(Shared shared) {
        var letter = shared.letter();
        String subject = letter.subject().isBlank() ? "(no subject)" : letter.subject();
        var page = new StringBuilder(HEAD.formatted(escaped(subject)));
        page.append("<header>\n<h1>").append(escaped(subject)).append("</h1>\n<dl>\n");
        field(page, "From", List.of(letter.from()));
        field(page, "To", letter.to());
        field(page, "Cc", letter.cc());
        field(page, "Date", List.of(TIME.format(letter.at())));
        page.append("</dl>\n</header>\n");
        content(page, letter);
        files(page, letter.files(), shared.expiresAt());
        page.append("<footer>This link works until ")
                .append(TIME.format(shared.expiresAt()))
                .append(".</footer>\n");
        return page.append(END).toString();
    }

    /// @param status 410 when the link has expired
    static String notice(int status) {
        String text =
                status == 410
                        ? "This link has expired."
                        : "There is nothing here. The link may have been cut off when it was copied.";
        return HEAD.formatted("Shared email")
                + "<header><h1>Shared email</h1>\n<p>"
                + text
                + "</p></header>\n"
                + END;
    }

    private void content(StringBuilder page, Letter letter) {
        String html = letter.html();
        if (html != null && !html.isBlank()) {
            // Links open beside the page, for the frame itself may go nowhere.
            String inside = "<base target=\"_blank\">" + images.embed(html, letter.files());
            page.append(
                            "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\""
                                    + " referrerpolicy=\"no-referrer\" title=\"The email\" srcdoc=\"")
                    .append(escaped(inside))
                    .append("\"></iframe>\n");
            return;
        }
        String text = letter.text();
        page.append("<pre>").append(text == null ? "" : escaped(text)).append("</pre>\n");
    }

    private void files(StringBuilder page, List<StoredFile> files, Instant expiresAt) {
        if (files.isEmpty()) {
            return;
        }
        page.append("<section>\n<ul>\n");
        for (var file : files) {
            String name = file.filename();
            page.append("<li><a href=\"")
                    .append(escaped(downloads.link(file, expiresAt).url()))
                    .append("\">")
                    .append(escaped(name == null ? "attachment" : name))
                    .append("</a> <small>")
                    .append(size(file.size()))
                    .append("</small></li>\n");
        }
        page.append("</ul>\n</section>\n");
    }

    private static void field(StringBuilder page, String name, List<String> values) {
        if (!values.isEmpty()) {
            page.append("<dt>")
                    .append(name)
                    .append("</dt><dd>")
                    .append(escaped(String.join(", ", values)))
                    .append("</dd>\n");
        }
    }

    private static String size(long octets) {
        return octets < 1_024
                ? octets + " B"
                : octets < 1_024 * 1_024
                        ? octets / 1_024 + " KB"
                        : octets / (1_024 * 1_024) + " MB";
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + 64);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\0' -> escaped.append('\ufffd');
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
