package ai.mailgoat.server.reference;

import ai.mailgoat.server.reference.ApiDocument.Operation;
import java.util.Optional;

/// The examples of an operation: what to ask, as a command and for Node, and what is answered.
final class ExamplePanels {
    private final ApiDocument document;

    ExamplePanels(ApiDocument document) {
        this.document = document;
    }

    // Two tabs without script: the inputs come first, and the style sheet shows what is checked.
    String request(Operation operation) {
        if (operation.path().isEmpty()) {
            return examples(Content.of(operation.node().path("requestBody")), "Call");
        }
        var content = Content.of(operation.node().path("requestBody"));
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

    String answers(Operation operation) {
        return examples(
                Content.of(document.success(operation)),
                "Answer " + ApiDocument.successStatus(operation));
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
}
