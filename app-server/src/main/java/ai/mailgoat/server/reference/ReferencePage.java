package ai.mailgoat.server.reference;

import ai.mailgoat.server.reference.ApiDocument.Operation;
import ai.mailgoat.server.reference.Refusals.Refusal;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The document as one page of HTML, without script: on the left the operations by tag, in the
/// middle words and fields, beside them examples.
final class ReferencePage {
    private static final String DESCRIPTION = "description";
    private static final String EXAMPLE = "example";

    private final ApiDocument document;
    private final Fields fields;
    private final Fields answerFields;

    ReferencePage(ApiDocument document) {
        this.document = document;
        this.fields = new Fields(document, true);
        this.answerFields = new Fields(document, false);
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
                        request(operation),
                        answers(operation),
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
        return content(operation.node().path("requestBody"))
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
        return content(success(operation))
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

    // Two tabs without script: the inputs come first, and the style sheet shows what is checked.
    private String request(Operation operation) {
        if (operation.path().isEmpty()) {
            return examples(content(operation.node().path("requestBody")), "Call");
        }
        var content = content(operation.node().path("requestBody"));
        String curl =
                CurlExample.of(
                        operation,
                        document.parameters(operation),
                        content.map(Content::type).orElse(null),
                        content.map(Content::example).orElse(null));
        var node = operation.node().path("x-codeSamples").path(0).path("source");
        if (node.isMissingNode()) {
            return panel("curl", Markup.escape(curl)) + more(content);
        }
        return """
        <div class="panel tabs">
        <input type="radio" name="t-%1$s" id="c-%1$s" checked><label for="c-%1$s">curl</label>
        <input type="radio" name="t-%1$s" id="n-%1$s"><label for="n-%1$s">Node</label>
        <pre class="first" tabindex="0"><code>%2$s</code></pre>
        <pre class="second" tabindex="0"><code>%3$s</code></pre>
        </div>
        """
                        .formatted(
                                operation.id(),
                                Markup.escape(curl),
                                Markup.escape(node.asString().strip()))
                + more(content);
    }

    private String answers(Operation operation) {
        return examples(content(success(operation)), "Answer " + successStatus(operation));
    }

    private static String examples(Optional<Content> content, String title) {
        return content.filter(c -> !c.example().isMissingNode())
                .map(c ->
                        panel(
                                        title,
                                        c.example().isString()
                                                ? Markup.escape(c.example().asString())
                                                : JsonText.html(c.example()))
                                + more(content))
                .orElse("");
    }

    private static String more(Optional<Content> content) {
        var html = new StringBuilder();
        content.ifPresent(c -> {
            boolean first = true;
            for (var named : c.examples().properties()) {
                if (!first) {
                    html.append(
                            "<details class=\"panel\"><summary>%s</summary><pre tabindex=\"0\"><code>%s</code></pre></details>\n"
                                    .formatted(
                                            Markup.escape(
                                                    named.getValue()
                                                            .path("summary")
                                                            .asString(named.getKey())),
                                            JsonText.html(named.getValue().path("value"))));
                }
                first = false;
            }
        });
        return html.toString();
    }

    private static String panel(String title, String code) {
        return "<div class=\"panel\"><p class=\"title\">%s</p><pre tabindex=\"0\"><code>%s</code></pre></div>\n"
                .formatted(title, code);
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

    private static String successStatus(Operation operation) {
        for (var status : operation.node().path("responses").propertyNames()) {
            if (status.startsWith("2")) {
                return status;
            }
        }
        return "";
    }

    private JsonNode success(Operation operation) {
        return document.resolve(operation.node().path("responses").path(successStatus(operation)));
    }

    /// @param example missing when there is none
    /// @param examples those with names, the first of which is `example`
    private record Content(String type, JsonNode schema, JsonNode example, JsonNode examples) {}

    private static Optional<Content> content(JsonNode message) {
        return message.path("content").properties().stream()
                .findFirst()
                .map(entry -> {
                    var media = entry.getValue();
                    var examples = media.path("examples");
                    var example =
                            media.has(EXAMPLE) || examples.isEmpty()
                                    ? media.path(EXAMPLE)
                                    : examples.valueStream()
                                            .findFirst()
                                            .orElseThrow()
                                            .path("value");
                    return new Content(entry.getKey(), media.path("schema"), example, examples);
                });
    }
}
