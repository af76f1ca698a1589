package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The commands of `docs/api.md`, run as they stand, answer what stands below them.
class DocsExamplesTest {
    private static final Path PAGE = Path.of("../docs/api.md");

    private static final Pattern EXAMPLE =
            Pattern.compile(
                    "<!-- example: (\\d{3}) -->\\n```sh\\n(.+?)```\\n\\n```json\\n(.+?)```",
                    Pattern.DOTALL);

    /// What is another one each time.
    private static final Pattern VARYING =
            Pattern.compile(
                    ".*….*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\d .*");

    @Test
    void theCommandsAnswerWhatTheDocsSay(@TempDir Path data) throws Exception {
        String page = Files.readString(PAGE);
        int all = page.split("<!-- example", -1).length - 1;
        int run = 0;
        try (var sink = new SmtpSink(true);
                var installation = Installation.start(data, sink.port(), Map.of())) {
            for (var matcher = EXAMPLE.matcher(page); matcher.find(); run++) {
                String answer = shell(installation, matcher.group(2));
                int end = answer.lastIndexOf('\n');
                assertEquals(matcher.group(1), answer.substring(end + 1), answer);
                compare(tree(matcher.group(3)), tree(answer.substring(0, end)), matcher.group(2));
            }
        }
        assertEquals(all, run, "an example is not in the form that is run");
    }

    private static String shell(Installation installation, String command) throws Exception {
        var builder =
                new ProcessBuilder(
                        "sh",
                        "-c",
                        "curl() { command curl -sS --max-time 30 -w '\\n%{http_code}' \"$@\"; }\n"
                                + command);
        builder.environment().put("MAILGOAT_URL", installation.service().url().toString());
        builder.environment().put("MAILGOAT_API_KEY", installation.key());
        var process = builder.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), out);
        return out;
    }

    // The same fields in any order, the same values but for those that vary.
    private static void compare(JsonNode said, JsonNode given, String where) {
        if (said.isObject()) {
            assertEquals(
                    new HashSet<>(said.propertyNames()),
                    new HashSet<>(given.propertyNames()),
                    where + given);
            said.properties()
                    .forEach(e ->
                            compare(e.getValue(), given.get(e.getKey()), where + " " + e.getKey()));
        } else if (said.isArray()) {
            assertEquals(said.size(), given.size(), where + given);
            for (int i = 0; i < said.size(); i++) {
                compare(said.get(i), given.get(i), where + " " + i);
            }
        } else if (said.isString() && VARYING.matcher(said.stringValue()).matches()) {
            assertTrue(given.isString(), where + " is " + given);
        } else {
            assertEquals(said, given, where);
        }
    }

    private static JsonNode tree(String json) {
        return Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }
}
