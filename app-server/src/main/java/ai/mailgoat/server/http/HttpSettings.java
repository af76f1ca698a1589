package ai.mailgoat.server.http;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// How one listener of {@link HttpServer} is set up.
///
/// @param port 0 takes any free one
/// @param maxBody octets of a request body to `/emails` and below; other routes take 1 MB at most
/// @param ratePerSecond requests per second and API key; 0 is without limit
/// @param patience how long a peer may take to send
/// @param uploads directory for what is uploaded, `null` for the system's temporary one
public record HttpSettings(
        String host,
        int port,
        long maxBody,
        int ratePerSecond,
        InstantSource time,
        Patience patience,
        @Nullable Path uploads) {

    /// A listener with the patience that ships.
    public HttpSettings(
            String host, int port, long maxBody, int ratePerSecond, InstantSource time) {
        this(host, port, maxBody, ratePerSecond, time, Patience.DEFAULT, null);
    }

    /// The same, with a directory of its own for uploads.
    public HttpSettings withUploads(Path directory) {
        return new HttpSettings(host, port, maxBody, ratePerSecond, time, patience, directory);
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
