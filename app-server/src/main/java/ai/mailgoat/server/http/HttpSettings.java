package ai.mailgoat.server.http;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one listener of {@link HttpServer} is set up.
///
/// @param port 0 takes any free one
/// @param maxBody octets of a request body to `/emails` and below; other routes take 1 MB at most
/// @param ratePerSecond requests per second and API key; 0 is without limit
/// @param patience how long a peer may take to send
/// @param routeRates narrower limits: by method and path as declared, such as `POST /emails`
/// @param requireUserAgent whether a request that needs a key needs a `User-Agent`, too
/// @param uploads directory for what is uploaded, `null` for the system's temporary one
public record HttpSettings(
        String host,
        int port,
        long maxBody,
        int ratePerSecond,
        InstantSource time,
        Patience patience,
        Map<String, Integer> routeRates,
        boolean requireUserAgent,
        @Nullable Path uploads) {

    /// A listener with the patience that ships.
    public HttpSettings(
            String host, int port, long maxBody, int ratePerSecond, InstantSource time) {
        this(host, port, maxBody, ratePerSecond, time, Patience.DEFAULT);
    }

    /// The same, with a directory of its own for uploads.
    public HttpSettings withUploads(Path directory) {
        return new HttpSettings(
                host,
                port,
                maxBody,
                ratePerSecond,
                time,
                patience,
                routeRates,
                requireUserAgent,
                directory);
    }

    /// A listener without limits of single routes.
    public HttpSettings(
            String host,
            int port,
            long maxBody,
            int ratePerSecond,
            InstantSource time,
            Patience patience) {
        this(host, port, maxBody, ratePerSecond, time, patience, Map.of(), false, null);
    }

    /// As it is, with limits of single routes.
    public HttpSettings withRouteRates(Map<String, Integer> rates) {
        return new HttpSettings(
                host,
                port,
                maxBody,
                ratePerSecond,
                time,
                patience,
                Map.copyOf(rates),
                requireUserAgent,
                uploads);
    }

    /// As it is, with or without the need of a `User-Agent`.
    public HttpSettings withUserAgentRequired(boolean required) {
        return new HttpSettings(
                host, port, maxBody, ratePerSecond, time, patience, routeRates, required, uploads);
    }

    /// @param headers from the request line to the end of the header section
    /// @param body for the body, to which {@link #bodyRate} adds
    /// @param bodyRate octets per second; each buys one more second for the body
    /// @param answer for the peer to read the answer
    /// @param idle between two requests on one connection
    public record Patience(
            Duration headers, Duration body, long bodyRate, Duration answer, Duration idle) {
        static final Patience DEFAULT =
                new Patience(
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        64 * 1024,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60));
    }
}
