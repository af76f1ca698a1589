package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.config.Config;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One command line as it was typed, and what came of it.
record Typed(int exitCode, String out, String err) {

    /// For commands that must not start anything.
    private static final Service NONE =
            new Service() {
                @Override
                public Running start(Config config) {
                    throw new AssertionError("started");
                }

                @Override
                public SetupResult setup(Config config, SetupRequest request) {
                    throw new AssertionError("set up");
                }
            };

    /// Typed where no terminal is.
    static Typed of(Map<String, String> env, String... words) {
        return of(env, NONE, false, words);
    }

    /// Typed by a person.
    static Typed inTerminal(Map<String, String> env, String... words) {
        return of(env, NONE, true, words);
    }

    static Typed of(
            Map<String, String> env, Service service, boolean interactive, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        interactive,
                        false);
        int exitCode = Cli.run(words, new Context(terminal, env, service));
        return new Typed(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    JsonNode json() {
        return Json.tree(out.getBytes(StandardCharsets.UTF_8));
    }

    JsonNode error() {
        return Json.tree(err.getBytes(StandardCharsets.UTF_8)).path("error");
    }
}
