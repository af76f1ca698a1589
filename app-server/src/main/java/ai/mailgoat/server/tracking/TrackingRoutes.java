package ai.mailgoat.server.tracking;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.page.Pages;
import ai.mailgoat.server.tracking.TrackingLinks.Target;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/o/{token}`, the pixel, and `/c/{token}`, the way to a link's target. The target stands in the
/// token, signed: nobody can make this host lead elsewhere.
public final class TrackingRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(TrackingRoutes.class);

    /// One transparent pixel.
    private static final byte[] PIXEL =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private static final Map<String, String> HEADERS =
            Map.of(
                    "cache-control", "private, no-store",
                    "referrer-policy", "no-referrer",
                    "x-content-type-options", "nosniff",
                    "x-robots-tag", "noindex");

    private final TrackingLinks links;
    private final Pages pages;
    private final Engagements engagements;
    private final Predicate<String> trackingHosts;
    private final InstantSource clock;

    /// @param trackingHosts whether a name is a domain's own for its links
    public TrackingRoutes(
            TrackingLinks links,
            Pages pages,
            Engagements engagements,
            Predicate<String> trackingHosts,
            InstantSource clock) {
        this.links = links;
        this.pages = pages;
        this.engagements = engagements;
        this.trackingHosts = trackingHosts;
        this.clock = clock;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .get("/o/{token}", Access.PUBLIC, this::open)
                .get("/c/{token}", Access.PUBLIC, this::click);
    }

    private Answer open(Call call) {
        var target = links.readOpen(call.parameter("token")).orElseThrow(TrackingRoutes::noLink);
        if (!isShownHere(call, target)) {
            throw noLink();
        }
        keep(call, target, Kind.OPENED, null);
        return answer(200, "image/gif", PIXEL, Map.of());
    }

    private Answer click(Call call) {
        var target = links.readClick(call.parameter("token"));
        if (target.isEmpty() || !isShownHere(call, target.get())) {
            return pages.of(call).nothingHere();
        }
        String url = Objects.requireNonNull(target.get().url());
        keep(call, target.get(), Kind.CLICKED, url);
        return answer(302, "text/plain; charset=utf-8", new byte[0], Map.of("location", url));
    }

    // A link made under one domain's name must not be shown under another's: who may send through
    // this service could borrow the good name of whoever else does.
    private boolean isShownHere(Call call, Target target) {
        String host = host(call.header().apply("host").orElse(""));
        return target.isFor(host) || !trackingHosts.test(host);
    }

    // Who follows a link gets there, whatever becomes of the count.
    private void keep(Call call, Target target, Kind kind, @Nullable String url) {
        try {
            engagements.keep(
                    new Hit(
                            target.email(),
                            kind,
                            url,
                            clock.instant().truncatedTo(ChronoUnit.MICROS),
                            call.method().equals("HEAD"),
                            isAhead(call),
                            call.client(),
                            userAgent(call)));
        } catch (RuntimeException e) {
            LOG.warn("an engagement with mail {} is lost: {}", target.email(), e.getMessage());
        }
    }

    private static boolean isAhead(Call call) {
        return Stream.of("purpose", "sec-purpose", "x-purpose", "x-moz")
                .flatMap(name -> call.header().apply(name).stream())
                .map(value -> value.toLowerCase(Locale.ROOT))
                .anyMatch(value -> value.contains("prefetch") || value.contains("preview"));
    }

    private static String userAgent(Call call) {
        String agent = call.header().apply("user-agent").orElse("");
        String plain = agent.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), Engagement.MAX_USER_AGENT));
    }

    private static String host(String field) {
        int colon = field.lastIndexOf(':');
        boolean port = colon > 0 && field.indexOf(']', colon) < 0;
        return (port ? field.substring(0, colon) : field).toLowerCase(Locale.ROOT);
    }

    private static Answer answer(
            int status, String contentType, byte[] body, Map<String, String> more) {
        var headers = new HashMap<>(HEADERS);
        headers.put("content-type", contentType);
        headers.putAll(more);
        return new Answer(status, body, Map.copyOf(headers));
    }

    private static ApiException noLink() {
        return ApiException.notFound("Link");
    }
}
