package ai.mailgoat.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs `bench/postfix-baseline.sh` of the source tree and reads its line of key=value.
final class PostfixBaseline {
    private PostfixBaseline() {}

    static BenchFigures run(BenchPlan plan) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", script().toString());
        builder.environment()
                .putAll(
                        Map.of(
                                "N", Integer.toString(plan.messages()),
                                "SIZE", Integer.toString(plan.size()),
                                "DOMAINS", Integer.toString(plan.domains()),
                                "ACCEPT_ONLY", plan.acceptOnly() ? "yes" : "no",
                                "TMPDIR", plan.dir().toString()));
        var process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw Failure.general("the run with Postfix failed: " + text.strip(), null);
        }
        return parse(text);
    }

    static BenchFigures parse(String text) {
        var values = new HashMap<String, String>();
        for (String pair : text.strip().split("\\s+", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        var accepted = number(values, "accepted_per_s");
        if (accepted == null) {
            throw Failure.general("the run with Postfix printed no figures: " + text.strip(), null);
        }
        return new BenchFigures(
                accepted,
                number(values, "delivered_per_s"),
                null,
                null,
                number(values, "cpu_ms_per_mail"),
                number(values, "peak_mb"),
                null,
                null,
                null);
    }

    private static @Nullable Double number(Map<String, String> values, String key) {
        String value = values.get(key);
        return value == null ? null : Double.valueOf(value);
    }

    private static Path script() {
        String launcher = System.getProperty("mailgoat.launcher");
        Path script =
                launcher == null
                        ? Path.of("bench", "postfix-baseline.sh")
                        : Path.of(launcher).resolveSibling("bench/postfix-baseline.sh");
        if (!Files.isRegularFile(script)) {
            throw Failure.general(
                    "--with-postfix works from a source tree: there is no " + script, null);
        }
        return script;
    }
}
