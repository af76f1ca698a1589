package ai.mailgoat.server.reference;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a request or a response holds.
///
/// @param example missing when there is none
/// @param examples those with names, the first of which is `example`
record Content(String type, JsonNode schema, JsonNode example, JsonNode examples) {
    private static final String EXAMPLE = "example";

    /// @param message a request body or a response of the document, resolved
    static Optional<Content> of(JsonNode message) {
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
