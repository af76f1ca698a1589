package ai.mailgoat.server.http;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Is told of every request once it is answered. Runs on the request's thread: quick, and it must
/// not throw.
public interface RequestLog {

    void record(Entry entry);

    /// Tells `next`, too.
    default RequestLog and(RequestLog next) {
        return entry -> {
            record(entry);
            next.record(entry);
        };
    }

    /// One line of debug each. Prints the route and not the path, which may hold an address.
    static RequestLog debug() {
        Logger log = LoggerFactory.getLogger(RequestLog.class);
        return entry ->
                log.debug(
                        "{} {} {} in {} ms, key {}, id {}, by {}",
                        entry.method(),
                        entry.route(),
                        entry.status(),
                        entry.took().toMillis(),
                        entry.key(),
                        entry.requestId(),
                        entry.userAgent());
    }

    /// @param route the route as declared, such as `/emails/{id}`; empty when none matched
    /// @param path decoded
    /// @param userAgent printable, at most 300 characters, empty when absent
    /// @param requestBody as it came; empty for uploads, and when it was not read
    /// @param responseBody as it was sent; empty unless it is JSON
    /// @param key `null` when the caller is not known, as is `team`
    record Entry(
            Instant at,
            String method,
            String route,
            String path,
            int status,
            String userAgent,
            byte[] requestBody,
            byte[] responseBody,
            @Nullable ApiKeyId key,
            @Nullable TeamId team,
            Duration took,
            String requestId) {}
}
