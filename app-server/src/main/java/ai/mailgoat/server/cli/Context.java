package ai.mailgoat.server.cli;

import ai.mailgoat.common.client.AdminClient;
import ai.mailgoat.common.client.ApiError;
import ai.mailgoat.common.client.MailGoatClient;
import ai.mailgoat.common.client.UnreachableException;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.config.ConfigFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What every command works with.
record Context(Terminal terminal, Map<String, String> env, Service service) {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    Config config(@Nullable Path file) {
        return ConfigFile.load(Optional.ofNullable(file), env);
    }

    /// The client of the public API: address by flag, then environment, then default; key from the
    /// environment only, where other users cannot see it.
    MailGoatClient client(@Nullable String url) {
        String key =
                first("MAILGOAT_API_KEY", "RESEND_API_KEY")
                        .orElseThrow(() ->
                                new Failure(
                                        Exit.AUTH,
                                        "missing_api_key",
                                        "no API key",
                                        "export MAILGOAT_API_KEY=re_… (`mailgoat setup` prints one)",
                                        null,
                                        null));
        String base =
                url != null ? url : first("MAILGOAT_URL", "RESEND_BASE_URL").orElse(DEFAULT_URL);
        return new MailGoatClient(uri(base), key);
    }

    /// The client of the admin API of the service that has `config`'s data directory.
    AdminClient admin(Config config) {
        return openAdmin(config)
                .orElseThrow(() ->
                        new Failure(
                                Exit.DOWN,
                                "service_down",
                                "no service has made " + tokenFile(config),
                                "start it with `mailgoat serve`, or name its --config",
                                null,
                                null));
    }

    /// As {@link #admin}, when a service answers there with this data directory's token; else
    /// empty.
    Optional<AdminClient> runningAdmin(Config config) {
        var admin = openAdmin(config);
        try {
            admin.ifPresent(AdminClient::version);
            return admin;
        } catch (UnreachableException | ApiError e) {
            // Left over from a service that is gone, or another service has the port.
            admin.ifPresent(AdminClient::close);
            return Optional.empty();
        }
    }

    private Optional<AdminClient> openAdmin(Config config) {
        Path file = tokenFile(config);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            var url =
                    ServiceFile.read(config.dataDir())
                            .map(ServiceFile::admin)
                            .orElse("http://" + host(config) + ":" + config.admin().port());
            return Optional.of(new AdminClient(uri(url), Files.readString(file).strip()));
        } catch (IOException e) {
            throw new Failure(
                    Exit.AUTH,
                    "admin_token",
                    "cannot read " + file,
                    "run this as the user the service runs as",
                    null,
                    e);
        }
    }

    private static String host(Config config) {
        String host = config.admin().host();
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "[::1]";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    private static Path tokenFile(Config config) {
        return config.dataDir().resolve("admin.token");
    }

    private Optional<String> first(String... names) {
        return Stream.of(names)
                .map(name -> env.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .map(String::strip)
                .findFirst();
    }

    private static URI uri(String text) {
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw badUrl(text, e);
        }
        throw badUrl(text, null);
    }

    private static Failure badUrl(String text, @Nullable Exception cause) {
        return new Failure(
                Exit.USAGE,
                "usage",
                "not an http URL: " + text,
                "such as " + DEFAULT_URL,
                null,
                cause);
    }
}
