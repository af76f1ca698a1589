package ai.mailgoat.server.config;

import ai.mailgoat.server.config.Config.Delivery;
import ai.mailgoat.server.config.Config.Http;
import ai.mailgoat.server.config.Config.Limits;
import ai.mailgoat.server.config.Config.Listener;
import ai.mailgoat.server.config.Config.Log;
import ai.mailgoat.server.config.Config.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the configuration.
public final class ConfigFile {
    private ConfigFile() {}

    /// @param file what `--config` named
    /// @throws ConfigException with one line
    public static Config load(Optional<Path> file, Map<String, String> env) {
        var home = env.getOrDefault("HOME", "/tmp");
        var data = env.getOrDefault("XDG_DATA_HOME", home + "/.local/share") + "/mailgoat";
        int port = port(env, "MAILGOAT_HTTP__PORT", 8080);
        return new Config(
                Path.of(env.getOrDefault("MAILGOAT_DATA__DIR", data)),
                env.getOrDefault("MAILGOAT_HOSTNAME", "localhost"),
                new Http("127.0.0.1", port, "http://localhost:" + port),
                new Listener("127.0.0.1", port(env, "MAILGOAT_ADMIN__PORT", 8081)),
                new Delivery(
                        Mode.valueOf(
                                env.getOrDefault("MAILGOAT_DELIVERY__MODE", "direct")
                                        .toUpperCase(Locale.ROOT)),
                        Optional.empty(),
                        port(env, "MAILGOAT_DELIVERY__MX_PORT", 25),
                        false,
                        List.of(Duration.ofMinutes(5)),
                        Duration.ofDays(5),
                        10,
                        100,
                        true),
                List.of(),
                List.of(),
                new Limits(10, 41_943_040, 41_943_040, 50, 100),
                new Log("text", env.getOrDefault("MAILGOAT_LOG__LEVEL", "info")));
    }

    private static int port(Map<String, String> env, String key, int otherwise) {
        try {
            return Integer.parseInt(env.getOrDefault(key, Integer.toString(otherwise)));
        } catch (NumberFormatException e) {
            throw new ConfigException(key + ": expected a port, not " + env.get(key));
        }
    }
}
