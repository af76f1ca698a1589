package ai.mailgoat.server.http;

import ai.mailgoat.server.http.Endpoints.Endpoint;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// The limits of requests in a second: a general one for each key, and for some routes a narrower
/// one of their own. A request to such a route counts towards both, and its answer tells of the
/// narrower. What is refused does not delay the next second, and counts whatever it would have
/// been: a body that turns out wrong has used its turn.
final class RateLimits {
    static final String EXCEEDED = "rate_limit_exceeded";

    private final RateLimit general;
    private final Map<String, RateLimit> byRoute = new HashMap<>();

    /// @param perSecond of a key; 0 is without limit
    /// @param routes method and path, such as `POST /emails`, and requests of a key in a second
    RateLimits(int perSecond, Map<String, Integer> routes, InstantSource time) {
        this.general = new RateLimit(perSecond, time);
        routes.forEach((route, limit) -> byRoute.put(route, new RateLimit(limit, time)));
    }

    /// Counts one request and puts the headers.
    ///
    /// @throws ApiException 429
    void count(Exchange exchange, Principal caller, Endpoint endpoint) {
        count(exchange, caller, general);
        var own = byRoute.get(endpoint.method() + " " + endpoint.path());
        if (own != null) {
            count(exchange, caller, own);
        }
    }

    private static void count(Exchange exchange, Principal caller, RateLimit rate) {
        if (rate.isOff()) {
            return;
        }
        int left = rate.take(caller.key());
        int limit = rate.perSecond();
        exchange.headers.put("ratelimit-limit", Integer.toString(limit));
        exchange.headers.put("ratelimit-policy", limit + ";w=1");
        exchange.headers.put("ratelimit-remaining", Integer.toString(Math.max(left, 0)));
        exchange.headers.put("ratelimit-reset", "1");
        if (left < 0) {
            throw new ApiException(
                    429,
                    EXCEEDED,
                    "Too many requests. You can only make "
                            + limit
                            + " requests per second. See rate limit response headers for more"
                            + " information. Or contact support to increase rate limit.");
        }
    }
}
