package ai.mailgoat.server.front;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.HealthCheck;
import ai.mailgoat.server.page.Html;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.page.Sheet;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `/`: for whoever looks where a mail came from. `/status`: whether all is well, in plain words;
/// programs ask `/health`. `/robots.txt`: nothing here is for search engines.
public final class FrontRoutes {
    private static final byte[] ROBOTS =
            "User-agent: *\nDisallow: /\n".getBytes(StandardCharsets.US_ASCII);

    private final Pages pages;
    private final List<HealthCheck> parts;
    private final String publicUrl;

    /// @param parts of the service; the texts `status.part.…` say what people call them
    /// @param publicUrl where people reach the service, without trailing slash
    public FrontRoutes(Pages pages, List<HealthCheck> parts, String publicUrl) {
        this.pages = pages;
        this.parts = List.copyOf(parts);
        this.publicUrl = publicUrl;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/", Access.PUBLIC, this::landing)
                .get("/status", Access.PUBLIC, this::status)
                .get("/robots.txt", Access.PUBLIC, call -> robots());
    }

    private Answer landing(Call call) {
        var sheet = pages.of(call);
        String title = sheet.text("front.title");
        return sheet.answer(
                200,
                title,
                Html.of(
                        """
                        <h1>{}</h1>
                        <p>{}</p>
                        <p>{}</p>
                        <p class="soft"><a href="{}">{}</a></p>
                        """,
                        title,
                        sheet.text("front.text"),
                        sheet.text("front.unsubscribe"),
                        publicUrl + "/status",
                        sheet.text("front.status")));
    }

    private Answer status(Call call) {
        var sheet = pages.of(call);
        var rows =
                parts.stream().map(part -> new Row(part.name(), part.check().get().ok())).toList();
        boolean well = rows.stream().allMatch(Row::ok);
        String title = sheet.text(well ? "status.well" : "status.unwell");
        return sheet.answer(
                well ? 200 : 503,
                title,
                Html.of(
                        """
                        <h1>{}</h1>
                        <p class="{}">{}</p>
                        <ul class="rows">
                        {}</ul>
                        """,
                        title,
                        well ? "note" : "note bad",
                        sheet.text(well ? "status.well.text" : "status.unwell.text"),
                        Html.all(rows.stream().map(row -> row(sheet, row)).toList())));
    }

    private static Html row(Sheet sheet, Row row) {
        return Html.of(
                "<li><span>{}</span> <strong>{}</strong></li>\n",
                sheet.text("status.part." + row.name()),
                sheet.text(row.ok() ? "status.ok" : "status.down"));
    }

    private static Answer robots() {
        return Answer.octets("text/plain; charset=utf-8", ROBOTS)
                .with("cache-control", "public, max-age=86400");
    }

    private record Row(String name, boolean ok) {}
}
