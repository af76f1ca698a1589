package ai.mailgoat.server.reference;

import ai.mailgoat.server.reference.ApiDocument.Operation;
import ai.mailgoat.server.reference.Refusals.Refusal;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The document as one page of HTML, without script: on the left the operations by tag, in the
/// middle words and fields, beside them examples.
final class ReferencePage {
    private static final String DESCRIPTION = "description";

    private final ApiDocument document;
    private final Fields fields;
    private final Fields answerFields;
    private final ExamplePanels panels;

    ReferencePage(ApiDocument document) {
        this.document = document;
        this.fields = new Fields(document, true);
        this.answerFields = new Fields(document, false);
        this.panels = new ExamplePanels(document);
    }

    String html() {
        var info = document.root().path("info");
        var main = new StringBuilder();
        for (var tag : document.root().path("tags")) {
            main.append(section(tag));
        }
        return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>MailGoat API</title>
        <link rel="stylesheet" href="/docs/style.css">
        </head>
        <body>
        <a class="skip" href="#main">To the text</a>
        <header class="top">
        <a class="brand" href="#top">MailGoat <span>API</span></a>
        <span class="version">%s</span>
        <a class="file" href="/openapi.json">openapi.json</a>
        <a class="file" href="/openapi.yaml">openapi.yaml</a>
        <label class="menu" for="menu">Menu</label>
        </header>
        <input type="checkbox" id="menu" aria-label="Show the operations">
        <nav class="side" aria-label="Operations">
        %s</nav>
        <main id="main">
        <section class="intro" id="top">
        <div class="words">
        <h1>The API</h1>
        %s</div>
        </section>
        %s
        %s</main>
        </body>
        </html>
        """
                .formatted(
                        Markup.escape(info.path("version").asString()),
                        navigation(),
                        Markup.blocks(info.path(DESCRIPTION).asString()),
                        errorsOfAll(),
                        main);
    }

    private String navigation() {
        var html = new StringBuilder();
        html.append("<a class=\"plain\" href=\"#top\">Introduction</a>\n");
        html.append("<a class=\"plain\" href=\"#common-errors\">Errors of every operation</a>\n");
        for (var tag : document.root().path("tags")) {
            String name = tag.path("name").asString();
            html.append("<details name=\"nav\"><summary>")
                    .append(Markup.escape(name))
                    .append("</summary>\n<ul>\n");
            for (var operation : ofTag(name)) {
                html.append(
                        "<li><a href=\"#%s\"><span class=\"verb %s\">%s</span>%s</a></li>\n"
                                .formatted(
                                        operation.id(),
                                        operation.method(),
                                        verb(operation),
                                        Markup.escape(summary(operation))));
            }
            html.append("</ul></details>\n");
        }
        return html.toString();
    }

    private String section(JsonNode tag) {
        String name = tag.path("name").asString();
        var html = new StringBuilder();
        html.append(
                """
                <section class="group" id="tag-%s">
                <div class="words"><h2>%s</h2>
                %s</div>
                """
                        .formatted(
                                Markup.anchor(name),
                                Markup.escape(name),
                                Markup.blocks(tag.path(DESCRIPTION).asString(""))));
        ofTag(name).forEach(operation -> html.append(article(operation)));
        return html.append("</section>\n").toString();
    }

    private String article(Operation operation) {
        return """
        <article id="%s">
        <div class="words">
        <h3><a href="#%s">%s</a></h3>
        <p class="call"><span class="verb %s">%s</span> <code>%s</code>%s</p>
        %s</div>
        <div class="code">
        %s%s</div>
        <div class="facts">
        %s%s%s%s</div>
        </article>
        """
                .formatted(
                        operation.id(),
                        operation.id(),
                        Markup.escape(summary(operation)),
                        operation.method(),
                        operation.method(),
                        path(operation),
                        access(operation),
                        Markup.blocks(operation.node().path(DESCRIPTION).asString("")),
                        panels.request(operation),
                        panels.answers(operation),
                        parameters(operation),
                        body(operation),
                        answerFields(operation),
                        errors(operation));
    }

    private String parameters(Operation operation) {
        var parameters = document.parameters(operation);
        if (parameters.isEmpty()) {
            return "";
        }
        var html = new StringBuilder("<h4>Parameters</h4>\n<ul class=\"fields\">\n");
        parameters.forEach(parameter -> html.append(fields.parameter(parameter)));
        return html.append("</ul>\n").toString();
    }

    private String body(Operation operation) {
        return Content.of(operation.node().path("requestBody"))
                .map(content -> {
                    var schema = document.resolve(content.schema());
                    boolean many = schema.has("items");
                    String list = fields.of(many ? schema.get("items") : schema);
                    String title = many ? "Body: an array of" : "Body";
                    return list.isEmpty() ? "" : "<h4>" + title + "</h4>\n" + list;
                })
                .orElse("");
    }

    private String answerFields(Operation operation) {
        return Content.of(document.success(operation))
                .map(content -> answerFields.of(content.schema()))
                .filter(list -> !list.isEmpty())
                .map(list ->
                        "<details class=\"answer\"><summary>Fields of the answer</summary>\n"
                                + list
                                + "</details>\n")
                .orElse("");
    }

    private String errors(Operation operation) {
        return errors("Errors", document.ownRefusals(operation));
    }

    private String errorsOfAll() {
        return """
        <section class="group" id="common-errors">
        <div class="words"><h2>Errors of every operation</h2>
        <p>Each operation lists the errors of its own. These may come from any, as far as it wants a key, has a body, or
        gives a list.</p>
        %s</div></section>
        """
                .formatted(errors("", document.commonRefusals()));
    }

    private static String errors(String title, List<Refusal> refusals) {
        if (refusals.isEmpty()) {
            return "";
        }
        var html = new StringBuilder();
        if (!title.isEmpty()) {
            html.append("<h4>").append(title).append("</h4>\n");
        }
        html.append("<ul class=\"errors\">\n");
        for (var refusal : refusals) {
            html.append(
                    "<li><span class=\"status\">%d</span> <code>%s</code><p>%s</p></li>\n"
                            .formatted(
                                    refusal.status(),
                                    Markup.escape(refusal.name()),
                                    Markup.line(refusal.message())));
        }
        return html.append("</ul>\n").toString();
    }

    private List<Operation> ofTag(String name) {
        return document.operations().stream().filter(o -> o.tag().equals(name)).toList();
    }

    private static String summary(Operation operation) {
        return operation.node().path("summary").asString();
    }

    private static String verb(Operation operation) {
        return operation.method().equals("DELETE") ? "DEL" : operation.method();
    }

    private static String path(Operation operation) {
        return operation.path().isEmpty()
                ? "your endpoint"
                : Markup.escape(operation.path()).replace("{", "<var>{").replace("}", "}</var>");
    }

    private static String access(Operation operation) {
        if (operation.path().isEmpty()) {
            return "";
        }
        if (operation.isPublic()) {
            return "<span class=\"access\">no key</span>";
        }
        return operation.isForSending() ? "<span class=\"access\">sending</span>" : "";
    }
}
