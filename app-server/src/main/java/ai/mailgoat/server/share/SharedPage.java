package ai.mailgoat.server.share;

import ai.mailgoat.server.download.Downloads;
import ai.mailgoat.server.download.InlineImages;
import ai.mailgoat.server.download.StoredFile;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.page.Html;
import ai.mailgoat.server.page.Language;
import ai.mailgoat.server.page.Sheet;
import ai.mailgoat.server.share.Shares.Shared;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;

/// The page of a shared mail. What strangers wrote stands in it only escaped, or inside a frame in
/// which nothing runs.
final class SharedPage {
    private final Downloads downloads;
    private final InlineImages images;

    SharedPage(Downloads downloads, InlineImages images) {
        this.downloads = downloads;
        this.images = images;
    }

    Answer of(Sheet plain, Shared shared) {
        var sheet = opened(plain);
        var letter = shared.letter();
        String subject =
                letter.subject().isBlank() ? sheet.text("share.no_subject") : letter.subject();
        var facts = new ArrayList<Html>();
        fact(facts, sheet.text("share.from"), List.of(letter.from()));
        fact(facts, sheet.text("share.to"), letter.to());
        fact(facts, sheet.text("share.cc"), letter.cc());
        fact(facts, sheet.text("share.date"), List.of(time(sheet.language(), letter.at())));
        return sheet.answer(
                200,
                subject,
                Html.of(
                        """
                        <h1>{}</h1>
                        <dl class="facts">
                        {}</dl>
                        {}{}<p class="soft after">{}</p>
                        """,
                        subject,
                        Html.all(facts),
                        content(sheet, letter),
                        files(sheet, letter.files(), shared.expiresAt()),
                        sheet.text("share.until", time(sheet.language(), shared.expiresAt()))));
    }

    // The mail's own frame is bound by the policy of the page around it, hence the styles and the
    // images. No script runs and nothing is sent to this host.
    private static Sheet opened(Sheet sheet) {
        return sheet.wide()
                .allowing("style-src", "'self' 'unsafe-inline'")
                .allowing("img-src", "'self' https: data:")
                .allowing("form-action", "'none'");
    }

    private Html content(Sheet sheet, Letter letter) {
        String html = letter.html();
        if (html != null && !html.isBlank()) {
            // Links open beside the page, for the frame itself may go nowhere.
            return Html.of(
                    """
                    <iframe sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" title="{}" srcdoc="{}"></iframe>
                    """,
                    sheet.text("share.frame"),
                    "<base target=\"_blank\">" + images.embed(html, letter.files()));
        }
        String text = letter.text();
        return Html.of("<hr>\n<pre>{}</pre>\n", text == null ? "" : text);
    }

    private Html files(Sheet sheet, List<StoredFile> files, Instant expiresAt) {
        if (files.isEmpty()) {
            return Html.NONE;
        }
        var rows = new ArrayList<Html>();
        for (var file : files) {
            String name = file.filename();
            rows.add(
                    Html.of(
                            "<li><a href=\"{}\">{}</a> <small>{}</small></li>\n",
                            downloads.link(file, expiresAt).url(),
                            name == null ? sheet.text("share.attachment") : name,
                            size(file.size())));
        }
        return Html.of(
                "<h2>{}</h2>\n<ul class=\"rows\">\n{}</ul>\n",
                sheet.text("share.files"),
                Html.all(rows));
    }

    private static void fact(List<Html> facts, String name, List<String> values) {
        if (!values.isEmpty()) {
            facts.add(Html.of("<dt>{}</dt><dd>{}</dd>\n", name, String.join(", ", values)));
        }
    }

    private static String time(Language language, Instant time) {
        var date =
                DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                        .withLocale(language.locale())
                        .format(time.atZone(ZoneOffset.UTC));
        return date
                + DateTimeFormatter.ofPattern(", HH:mm 'UTC'", language.locale())
                        .format(time.atZone(ZoneOffset.UTC));
    }

    private static String size(long octets) {
        return octets < 1_024
                ? octets + " B"
                : octets < 1_024 * 1_024
                        ? octets / 1_024 + " KB"
                        : octets / (1_024 * 1_024) + " MB";
    }
}
