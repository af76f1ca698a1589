package ai.mailgoat.server.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.reference.ApiDocument.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;

/// The examples for Node send what is described: Resend's client is given them, and what it would
/// have sent is compared with the operation they stand at.
class NodeSamplesTest {
    private static final Path SCRIPTS =
            Files.isDirectory(Path.of("src/test/node"))
                    ? Path.of("src/test/node")
                    : Path.of("app-server/src/test/node");

    @Test
    void whatTheSamplesSendIsWhatIsDescribed() throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/resend")),
                "npm ci was not run in app-server/src/test/node: the samples were not tried");
        var samples = Json.mapper().createArrayNode();
        ApiSchemas.document().operations().forEach(operation -> add(samples, operation));
        assertTrue(samples.size() > 50, "samples: " + samples.size());
        assertEquals("[]", faults(samples));
    }

    private static void add(ArrayNode samples, Operation operation) {
        var source = operation.node().path("x-codeSamples").path(0).path("source");
        if (source.isMissingNode()) {
            return;
        }
        String path = operation.path();
        for (var parameter : ApiSchemas.parameters(operation)) {
            path =
                    path.replace(
                            "{" + parameter.path("name").asString() + "}",
                            parameter.path("example").asString(""));
        }
        var sample =
                samples.addObject()
                        .put("id", operation.id())
                        .put("method", operation.method())
                        .put("path", path);
        sample.set("source", source);
        var bodies = sample.putArray("bodies");
        var media = operation.node().path("requestBody").path("content").path("application/json");
        if (media.has("example")) {
            bodies.add(media.get("example"));
        }
        media.path("examples").forEach(example -> bodies.add(example.path("value")));
    }

    private static String faults(ArrayNode samples) throws IOException, InterruptedException {
        var node =
                new ProcessBuilder("node", "samples.mjs")
                        .directory(SCRIPTS.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (var in = node.getOutputStream()) {
            in.write(Json.bytes(samples));
        }
        String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(node.waitFor(60, TimeUnit.SECONDS), "samples.mjs does not end");
        return out.strip();
    }
}
