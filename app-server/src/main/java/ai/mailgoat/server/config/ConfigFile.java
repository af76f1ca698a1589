package ai.mailgoat.server.config;

import ai.mailgoat.server.config.Config.Delivery;
import ai.mailgoat.server.config.Config.HostPort;
import ai.mailgoat.server.config.Config.Http;
import ai.mailgoat.server.config.Config.Limits;
import ai.mailgoat.server.config.Config.Listener;
import ai.mailgoat.server.config.Config.Log;
import ai.mailgoat.server.config.Config.Logs;
import ai.mailgoat.server.config.Config.Mode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the configuration: the environment before the file before the defaults. The file is the
/// one named on the command line, else `$MAILGOAT_CONFIG`, else `/etc/mailgoat/mailgoat.yaml` if
/// there is one. What is unknown or does not fit is an error that names the key and the place.
public final class ConfigFile {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final Path SYSTEM_FILE = Path.of("/etc/mailgoat/mailgoat.yaml");
    private static final String PREFIX = "MAILGOAT_";
    private static final int STRICT_SENDS = 2;
    private static final int STRICT_BATCHES = 1;

    /// Variables that are no keys.
    private static final Set<String> OTHER_VARIABLES =
            Set.of(
                    "MAILGOAT_CONFIG",
                    "MAILGOAT_API_KEY",
                    "MAILGOAT_URL",
                    "MAILGOAT_CORPORA",
                    "MAILGOAT_PROFILE");

    private final KnownNames known =
            new KnownNames(ConfigKeys.all().stream().map(ConfigKey::name).toList());
    private final Map<String, String> environment;
    private final Map<String, Setting> settings = new HashMap<>();

    private ConfigFile(Map<String, String> environment) {
        this.environment = environment;
    }

    /// @param file from the command line
    /// @param environment as of {@link System#getenv()}
    /// @throws ConfigException when there is something to correct
    public static Config load(Optional<Path> file, Map<String, String> environment) {
        return load(file, environment, SYSTEM_FILE, LOG::warn);
    }

    static Config load(
            Optional<Path> file,
            Map<String, String> environment,
            Path systemFile,
            Consumer<String> warn) {
        var reading = new ConfigFile(environment);
        var chosen =
                file.or(() ->
                                Optional.ofNullable(environment.get("MAILGOAT_CONFIG"))
                                        .filter(name -> !name.isEmpty())
                                        .map(Path::of))
                        .or(() -> Optional.of(systemFile).filter(Files::exists));
        chosen.ifPresent(path -> reading.settings.putAll(YamlSettings.read(path, reading.known)));
        reading.readEnvironment();
        reading.checkReserved(warn);
        return reading.config();
    }

    // An empty variable counts as not set: container files pass them on like that.
    private void readEnvironment() {
        var byVariable = new HashMap<String, ConfigKey<?>>();
        ConfigKeys.all().forEach(key -> byVariable.put(key.variable(), key));
        for (var entry : new TreeMap<>(environment).entrySet()) {
            String variable = entry.getKey();
            if (!variable.startsWith(PREFIX) || OTHER_VARIABLES.contains(variable)) {
                continue;
            }
            var key = byVariable.get(variable);
            if (key == null) {
                refuseUnless(isForeign(variable), variable);
            } else if (!entry.getValue().isEmpty()) {
                settings.put(key.name(), new Setting(entry.getValue(), variable, false));
            }
        }
    }

    // `MAILGOAT_HTTP_PORT` is a slip for `MAILGOAT_HTTP__PORT`; `MAILGOAT_HOME` is somebody else's.
    private boolean isForeign(String variable) {
        String rest = variable.substring(PREFIX.length()).toLowerCase(java.util.Locale.ROOT);
        String first = rest.split("_", 2)[0];
        return !rest.contains("__") && !known.isSection(first) && !known.isKey(first);
    }

    private void refuseUnless(boolean foreign, String variable) {
        if (foreign) {
            return;
        }
        String name =
                variable.substring(PREFIX.length())
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace("__", ".");
        String hint = known.hint(name);
        for (var key : ConfigKeys.all()) {
            hint = hint.replace("\"" + key.name() + "\"", key.variable());
        }
        throw new ConfigException(
                "the environment variable " + variable + " sets no known key" + hint);
    }

    private void checkReserved(Consumer<String> warn) {
        for (var key : ConfigKeys.all()) {
            var setting = settings.get(key.name());
            if (!key.used() && setting != null) {
                value(key);
                warn.accept(
                        key.name()
                                + " ("
                                + setting.place()
                                + ") is known, but not used yet by this version");
            }
        }
    }

    private Config config() {
        var relay = value(ConfigKeys.DELIVERY_RELAY_HOST);
        var mode = value(ConfigKeys.DELIVERY_MODE);
        if (mode == Mode.RELAY && relay.isEmpty()) {
            throw new ConfigException(
                    place(ConfigKeys.DELIVERY_MODE)
                            + "delivery.mode is relay, so delivery.relay.host must be set");
        }
        return new Config(
                dataDir(),
                hostname(),
                new Http(
                        value(ConfigKeys.HTTP_HOST),
                        value(ConfigKeys.HTTP_PORT),
                        publicUrl(),
                        value(ConfigKeys.HTTP_REQUIRE_USER_AGENT)),
                new Listener(value(ConfigKeys.ADMIN_HOST), value(ConfigKeys.ADMIN_PORT)),
                new Delivery(
                        mode,
                        relay.isEmpty()
                                ? Optional.empty()
                                : Optional.of(
                                        new HostPort(relay, value(ConfigKeys.DELIVERY_RELAY_PORT))),
                        value(ConfigKeys.DELIVERY_MX_PORT),
                        value(ConfigKeys.DELIVERY_ALLOW_PRIVATE),
                        value(ConfigKeys.DELIVERY_RETRY),
                        value(ConfigKeys.DELIVERY_LIFETIME),
                        value(ConfigKeys.DELIVERY_CONNECTIONS_PER_SITE),
                        value(ConfigKeys.DELIVERY_CONNECTIONS),
                        value(ConfigKeys.DELIVERY_BROADCAST_PER_MINUTE),
                        value(ConfigKeys.DELIVERY_BROADCAST_PER_MINUTE_PER_SITE),
                        value(ConfigKeys.DELIVERY_IN_DOUBT).equals("retry")),
                value(ConfigKeys.DNS_RESOLVERS),
                value(ConfigKeys.OUTBOUND_ALLOW_PRIVATE),
                new Limits(
                        value(ConfigKeys.LIMITS_RATE),
                        value(ConfigKeys.LIMITS_BODY),
                        value(ConfigKeys.LIMITS_MESSAGE),
                        value(ConfigKeys.LIMITS_RECIPIENTS),
                        value(ConfigKeys.LIMITS_BATCH),
                        value(ConfigKeys.LIMITS_DAILY_QUOTA),
                        value(ConfigKeys.LIMITS_MONTHLY_QUOTA),
                        orStrict(ConfigKeys.LIMITS_SENDS, STRICT_SENDS),
                        orStrict(ConfigKeys.LIMITS_BATCHES, STRICT_BATCHES)),
                new Logs(value(ConfigKeys.LOGS_RETENTION), value(ConfigKeys.LOGS_BODIES)),
                new Log(value(ConfigKeys.LOG_FORMAT), value(ConfigKeys.LOG_LEVEL)));
    }

    private int orStrict(ConfigKey<Integer> key, int strict) {
        int own = value(key);
        return own == 0 && value(ConfigKeys.LIMITS_PRESET).equals("strict") ? strict : own;
    }

    private <T> T value(ConfigKey<T> key) {
        var setting = settings.get(key.name());
        if (setting == null) {
            return key.standardValue();
        }
        try {
            if (setting.sequence() && !key.type().list()) {
                throw new IllegalArgumentException("a list");
            }
            return key.type().parse(setting.text().strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    setting.place()
                            + ": "
                            + key.name()
                            + " is "
                            + YamlSettings.quoted(setting.text())
                            + ", expected "
                            + key.type().expectation());
        }
    }

    private String place(ConfigKey<?> key) {
        var setting = settings.get(key.name());
        return setting == null ? "" : setting.place() + ": ";
    }

    private Path dataDir() {
        String text = value(ConfigKeys.DATA_DIR);
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        // The specification has relative paths ignored.
        String base = xdg.startsWith("/") ? xdg : home + "/.local/share";
        String path = text.replaceFirst("^\\$XDG_DATA_HOME(?=/|$)", quote(base));
        return Path.of(path.replaceFirst("^~(?=/|$)", quote(home))).toAbsolutePath().normalize();
    }

    private static String quote(String text) {
        return java.util.regex.Matcher.quoteReplacement(text);
    }

    private String publicUrl() {
        return settings.containsKey(ConfigKeys.HTTP_PUBLIC_URL.name())
                ? value(ConfigKeys.HTTP_PUBLIC_URL)
                : "http://localhost:" + value(ConfigKeys.HTTP_PORT);
    }

    private String hostname() {
        String configured = value(ConfigKeys.HOSTNAME);
        return configured.isEmpty() ? machineName() : configured;
    }

    // The resolver's answer when it is a name; a machine without one is `localhost`.
    private static String machineName() {
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            boolean literal = name.contains(":") || name.matches("[0-9.]+");
            return literal ? "localhost" : ValueType.host().parse(name);
        } catch (UnknownHostException | IllegalArgumentException e) {
            LOG.debug("this machine has no name", e);
            return "localhost";
        }
    }
}
