package ai.mailgoat.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Everything that can be set, with its defaults filled in. Read by `ConfigFile`; each key is
/// explained in `sample-config/mailgoat.yaml`.
public record Config(
        Path dataDir,
        String hostname,
        Http http,
        Listener admin,
        Delivery delivery,
        List<HostPort> dnsResolvers,
        List<String> outboundAllowPrivate,
        Limits limits,
        Logs logs,
        Log log) {

    /// An address to listen on; port 0 takes any free one.
    public record Listener(String host, int port) {}

    /// @param publicUrl base of links in mail, without trailing slash
    /// @param requireUserAgent whether requests without `User-Agent` are refused
    public record Http(String host, int port, String publicUrl, boolean requireUserAgent) {}

    public record HostPort(String host, int port) {}

    public enum Mode {
        DIRECT,
        RELAY,
        CAPTURE
    }

    /// @param retry waits before the second, third... attempt; the last one repeats until
    ///   `lifetime` is over
    /// @param connectionsPerSite concurrent connections to one MX site at most
    /// @param broadcastPerMinute broadcast mails a minute in all; 0 is without limit
    /// @param broadcastPerMinutePerSite the same for one MX site
    public record Delivery(
            Mode mode,
            Optional<HostPort> relay,
            int mxPort,
            boolean allowPrivate,
            List<Duration> retry,
            Duration lifetime,
            int connectionsPerSite,
            int connections,
            int broadcastPerMinute,
            int broadcastPerMinutePerSite,
            boolean retryInDoubt) {}

    /// @param ratePerSecond requests per second and API key; 0 is without limit
    /// @param maxBody octets of a request body
    /// @param maxMessage octets of a message with its attachments in base64
    /// @param dailyQuota recipients and received mails of a team in a day; 0 is without limit
    /// @param monthlyQuota the same in a month
    /// @param sendsPerSecond of `POST /emails`, by key; 0 is without a limit of its own
    /// @param batchesPerSecond of `POST /emails/batch`, by key; 0 is without a limit of its own
    public record Limits(
            int ratePerSecond,
            long maxBody,
            long maxMessage,
            int recipients,
            int batch,
            int dailyQuota,
            int monthlyQuota,
            int sendsPerSecond,
            int batchesPerSecond) {}

    /// What is kept of the requests to the API.
    ///
    /// @param retention how long
    /// @param bodies whether with the bodies
    public record Logs(Duration retention, boolean bodies) {}

    /// @param format `text` or `json`
    /// @param level `error`, `warn`, `info`, `debug`
    public record Log(String format, String level) {}
}
