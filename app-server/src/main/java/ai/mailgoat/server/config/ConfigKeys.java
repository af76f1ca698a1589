package ai.mailgoat.server.config;

import ai.mailgoat.server.config.Config.HostPort;
import ai.mailgoat.server.config.Config.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Every key there is, with its default and its meaning. Parsing, the defaults and the reference in
/// `docs/configuration.md` come from here.
final class ConfigKeys {
    private static final List<ConfigKey<?>> KEYS = new ArrayList<>();
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PER_MINUTE = 10_000_000;

    static final ConfigKey<String> DATA_DIR =
            key(
                    "data.dir",
                    "$XDG_DATA_HOME/mailgoat",
                    ValueType.directory(),
                    "Database, blobs, keys and backups. `~` is the home directory; `$XDG_DATA_HOME`"
                            + " is `~/.local/share` unless set.");
    static final ConfigKey<String> HOSTNAME =
            key(
                    "hostname",
                    "",
                    ValueType.host(),
                    "The name in EHLO, Message-ID and Received. Empty: the machine's full name.");
    static final ConfigKey<String> HTTP_HOST =
            key("http.host", "127.0.0.1", ValueType.host(), "Where the API listens.");
    static final ConfigKey<Integer> HTTP_PORT =
            key(
                    "http.port",
                    "8080",
                    ValueType.integer(0, MAX_PORT),
                    "Port of the API; 0 takes any free one.");
    static final ConfigKey<String> HTTP_PUBLIC_URL =
            key(
                    "http.public-url",
                    "http://localhost:8080",
                    ValueType.url(),
                    "Base of the links in mail. The default follows `http.port`.");
    static final ConfigKey<Boolean> HTTP_REQUIRE_USER_AGENT =
            key(
                    "http.require-user-agent",
                    "false",
                    ValueType.bool(),
                    "Whether a request with a key but without `User-Agent` is refused with 403.");
    static final ConfigKey<String> ADMIN_HOST =
            key(
                    "admin.host",
                    "127.0.0.1",
                    ValueType.host(),
                    "Where the admin API listens. It speaks plain HTTP: keep it on loopback.");
    static final ConfigKey<Integer> ADMIN_PORT =
            key(
                    "admin.port",
                    "8081",
                    ValueType.integer(0, MAX_PORT),
                    "Port of the admin API; 0 takes any free one.");
    static final ConfigKey<Mode> DELIVERY_MODE =
            key(
                    "delivery.mode",
                    "direct",
                    ValueType.constant(Mode.class),
                    "`direct` delivers to the MX hosts, `relay` through one relay host, `capture`"
                            + " keeps everything here.");
    static final ConfigKey<String> DELIVERY_RELAY_HOST =
            key(
                    "delivery.relay.host",
                    "",
                    ValueType.host(),
                    "The relay host; needed when `delivery.mode` is `relay`.");
    static final ConfigKey<Integer> DELIVERY_RELAY_PORT =
            key(
                    "delivery.relay.port",
                    "25",
                    ValueType.integer(1, MAX_PORT),
                    "Port of the relay host.");
    static final ConfigKey<Integer> DELIVERY_MX_PORT =
            key(
                    "delivery.mx-port",
                    "25",
                    ValueType.integer(1, MAX_PORT),
                    "Port of the MX hosts of others; 25 outside of tests.");
    static final ConfigKey<Boolean> DELIVERY_ALLOW_PRIVATE =
            key(
                    "delivery.allow-private",
                    "false",
                    ValueType.bool(),
                    "Whether an MX host may have a loopback or private address.");
    static final ConfigKey<List<Duration>> DELIVERY_RETRY =
            key(
                    "delivery.retry",
                    "1m, 5m, 15m, 30m, 1h, 2h, 4h",
                    ValueType.durations(),
                    "Waits before the second, third... attempt; the last one repeats until"
                            + " `delivery.lifetime` is over.");
    static final ConfigKey<Duration> DELIVERY_LIFETIME =
            key(
                    "delivery.lifetime",
                    "5d",
                    ValueType.duration(),
                    "How long a mail is tried before it bounces.");
    static final ConfigKey<Integer> DELIVERY_CONNECTIONS =
            key(
                    "delivery.connections",
                    "200",
                    ValueType.integer(1, 10_000),
                    "Connections to MX hosts at a time, in all.");
    static final ConfigKey<Integer> DELIVERY_CONNECTIONS_PER_SITE =
            key(
                    "delivery.connections-per-site",
                    "20",
                    ValueType.integer(1, 1_000),
                    "Connections at a time to one MX site, the set of MX hosts that domains share.");
    static final ConfigKey<Integer> DELIVERY_BROADCAST_PER_MINUTE =
            key(
                    "delivery.broadcast-per-minute",
                    "0",
                    ValueType.integer(0, MAX_PER_MINUTE),
                    "Broadcast mails a minute, in all; 0 is without limit.");
    static final ConfigKey<Integer> DELIVERY_BROADCAST_PER_MINUTE_PER_SITE =
            key(
                    "delivery.broadcast-per-minute-per-site",
                    "0",
                    ValueType.integer(0, MAX_PER_MINUTE),
                    "Broadcast mails a minute to one MX site; 0 is without limit.");
    static final ConfigKey<String> DELIVERY_IN_DOUBT =
            key(
                    "delivery.in-doubt",
                    "retry",
                    ValueType.choice("retry", "fail"),
                    "When the link breaks between the end of a mail and its reply: `retry` may"
                            + " deliver it twice, `fail` may not deliver it.");
    static final ConfigKey<List<HostPort>> DNS_RESOLVERS =
            key(
                    "dns.resolvers",
                    "",
                    ValueType.resolvers(),
                    "Name servers as `host:port`. Empty: the system's.");
    static final ConfigKey<List<String>> OUTBOUND_ALLOW_PRIVATE =
            key(
                    "outbound.allow-private",
                    "",
                    ValueType.networks(),
                    "Private networks that webhooks and attachment URLs may reach, such as"
                            + " `10.1.0.0/16`.");
    static final ConfigKey<Integer> LIMITS_RATE =
            key(
                    "limits.rate-per-second",
                    "10",
                    ValueType.integer(0, 1_000_000),
                    "API requests per second and key; 0 is without limit.");
    static final ConfigKey<String> LIMITS_PRESET =
            key(
                    "limits.preset",
                    "standard",
                    ValueType.choice("standard", "strict"),
                    "`strict` allows 2 requests per second to `POST /emails` and 1 to `POST"
                            + " /emails/batch`, unless the next two keys say otherwise.");
    static final ConfigKey<Integer> LIMITS_SENDS =
            key(
                    "limits.sends-per-second",
                    "0",
                    ValueType.integer(0, 1_000_000),
                    "Requests to `POST /emails` per second and key; 0 is as the preset says.");
    static final ConfigKey<Integer> LIMITS_BATCHES =
            key(
                    "limits.batches-per-second",
                    "0",
                    ValueType.integer(0, 1_000_000),
                    "Requests to `POST /emails/batch` per second and key; 0 is as the preset says.");
    static final ConfigKey<Long> LIMITS_BODY =
            key("limits.body", "60MB", ValueType.size(), "Size of a request body.");
    static final ConfigKey<Long> LIMITS_MESSAGE =
            key(
                    "limits.message",
                    "40MB",
                    ValueType.size(),
                    "Size of a mail with its attachments in base64.");
    static final ConfigKey<Integer> LIMITS_RECIPIENTS =
            key(
                    "limits.recipients",
                    "50",
                    ValueType.integer(1, 1_000),
                    "Recipients of a mail: to, cc and bcc together.");
    static final ConfigKey<Integer> LIMITS_BATCH =
            key("limits.batch", "100", ValueType.integer(1, 1_000), "Mails in one batch request.");
    static final ConfigKey<Integer> LIMITS_DAILY_QUOTA =
            key(
                    "limits.daily-quota",
                    "0",
                    ValueType.integer(0, 999_999_999),
                    "Recipients and received mails of a team in a day (UTC); 0 is without limit.");
    static final ConfigKey<Integer> LIMITS_MONTHLY_QUOTA =
            key(
                    "limits.monthly-quota",
                    "0",
                    ValueType.integer(0, 999_999_999),
                    "The same in a calendar month.");
    static final ConfigKey<Duration> LOGS_RETENTION =
            key(
                    "logs.retention",
                    "30d",
                    ValueType.duration(),
                    "How long API requests are kept for `GET /logs`.");
    static final ConfigKey<Boolean> LOGS_BODIES =
            key(
                    "logs.bodies",
                    "true",
                    ValueType.bool(),
                    "Whether their bodies are kept, cut to 16 KB and without secrets.");
    static final ConfigKey<String> LOG_FORMAT =
            key(
                    "log.format",
                    "text",
                    ValueType.choice("text", "json"),
                    "Form of the log on standard error, one line for each event.");
    static final ConfigKey<String> LOG_LEVEL =
            key(
                    "log.level",
                    "info",
                    ValueType.choice("error", "warn", "info", "debug"),
                    "The least important level that is logged.");

    static {
        reserved("smtp.mx.host", ValueType.host());
        reserved("smtp.mx.port", ValueType.integer(0, MAX_PORT));
        reserved("smtp.submission.port", ValueType.integer(0, MAX_PORT));
        reserved("smtp.submissions.port", ValueType.integer(0, MAX_PORT));
        reserved("database.url", ValueType.text("a JDBC URL"));
        reserved("database.user", ValueType.text("a user name"));
        reserved("database.password-file", ValueType.text("a file"));
    }

    private ConfigKeys() {}

    static List<ConfigKey<?>> all() {
        return List.copyOf(KEYS);
    }

    /// The reference: a Markdown table of the keys in use.
    static String reference() {
        var table =
                new StringBuilder("| Key | Variable | Default | Meaning |\n|---|---|---|---|\n");
        for (var key : KEYS) {
            if (key.used()) {
                table.append("| `")
                        .append(key.name())
                        .append("` | `")
                        .append(key.variable())
                        .append("` | ")
                        .append(key.standard().isEmpty() ? "" : "`" + key.standard() + "`")
                        .append(" | ")
                        .append(key.meaning())
                        .append(" Takes ")
                        .append(key.type().expectation())
                        .append(". |\n");
            }
        }
        return table.toString();
    }

    private static <T> ConfigKey<T> key(
            String name, String standard, ValueType<T> type, String meaning) {
        var key = new ConfigKey<>(name, standard, type, meaning, true);
        KEYS.add(key);
        return key;
    }

    // Known, so that one file serves this version and the next; checked, not acted on.
    private static void reserved(String name, ValueType<?> type) {
        KEYS.add(new ConfigKey<>(name, "", type, "", false));
    }
}
