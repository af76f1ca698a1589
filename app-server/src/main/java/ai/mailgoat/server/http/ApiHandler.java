package ai.mailgoat.server.http;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.Endpoints.Endpoint;
import ai.mailgoat.server.http.Principal.Permission;
import ai.mailgoat.server.store.StoreException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one handler that Helidon knows. For each request: check the framing, find the route, find
/// out who calls, count the call, read the body, call the feature, answer, record. A refusal at any
/// step is an {@link ApiException}; whatever else a feature throws is logged here, once, and
/// answered without details.
final class ApiHandler implements Handler {
    static final String JSON = "application/json; charset=utf-8";

    private static final Header JSON_CONTENT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, JSON);
    private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /// Bodies of most routes are a few hundred octets; a template or a contact list fits in this.
    private static final long SMALL_BODY = 1 << 20;

    /// A body nobody will read is taken in up to here, so that the connection can live on.
    private static final long SKIPPED_BODY = 64 * 1024;

    private static final Duration A_MOMENT = Duration.ofMillis(300);
    private static final Duration FOR_A_LARGE_BODY = Duration.ofSeconds(2);

    private static final int MAX_USER_AGENT = 300;

    private final HttpSettings settings;
    private final Router router;
    private final Authenticator authenticator;
    private final RequestLog log;
    private final Uuids ids;
    private final Deadlines deadlines;
    private final RateLimits rates;
    private final BodyBudget budget;
    private final UploadSpool spool;
    private final Streams streams;

    ApiHandler(
            HttpSettings settings,
            Router router,
            Authenticator authenticator,
            RequestLog log,
            Uuids ids,
            Deadlines deadlines,
            BodyBudget budget) {
        this.settings = settings;
        this.router = router;
        this.authenticator = authenticator;
        this.log = log;
        this.ids = ids;
        this.deadlines = deadlines;
        this.rates =
                new RateLimits(settings.ratePerSecond(), settings.routeRates(), settings.time());
        this.budget = budget;
        this.spool = new UploadSpool(settings.uploads());
        this.streams = new Streams(settings.patience().answer());
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var deadline = deadlines.current();
        var body = new RequestBody(request, deadline, settings.patience(), budget);
        var exchange =
                new Exchange(request, body, ids.next().toString(), settings.time().instant());
        deadline.requestId(exchange.requestId);
        try {
            long start = System.nanoTime();
            var answer = answer(exchange);
            exchange.discardUpload();
            deadline.writing(settings.patience().answer());
            send(exchange, answer, response, deadline);
            record(exchange, answer, Duration.ofNanos(System.nanoTime() - start));
            if (exchange.close) {
                if (body.isExpected() && !exchange.bodyRead && !body.isHeldBack()) {
                    deadline.linger(exchange.malformed ? A_MOMENT : FOR_A_LARGE_BODY);
                }
                throw new CloseConnectionException("answered, and nothing more to do");
            }
        } finally {
            body.release();
            exchange.discardUpload();
            deadlines.done();
        }
    }

    private Answer answer(Exchange exchange) {
        try {
            exchange.body.checkFraming();
        } catch (ApiException e) {
            exchange.malformed = true;
            exchange.close = true;
            return Answer.of(e);
        }
        // Helidon says so in its answer and then waits for the next request.
        exchange.close = exchange.request.headers().contains(HeaderValues.CONNECTION_CLOSE);
        try {
            return serve(exchange);
        } catch (ApiException e) {
            skipBody(exchange);
            if (e.name().equals(RateLimits.EXCEEDED) || e.status() == 503) {
                exchange.headers.put("retry-after", "1");
            }
            return Answer.of(e);
        } catch (StoreException e) {
            return failed(exchange, e, e.isUnavailable());
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            return failed(exchange, e, false);
        }
    }

    private Answer serve(Exchange exchange) {
        String method = exchange.request.prologue().method().text();
        var match = router.match(method, exchange.request.prologue().uriPath().rawPath());
        return switch (match) {
            case Router.NoSuchPath(var path) -> {
                exchange.path = path;
                throw new ApiException(404, "not_found", "The requested endpoint does not exist");
            }
            case Router.WrongMethod(var path, var allow) -> {
                exchange.path = path;
                exchange.headers.put("allow", allow);
                throw new ApiException(
                        405, "method_not_allowed", "Method is not allowed for the requested path");
            }
            case Router.Found found -> {
                exchange.path = found.path();
                exchange.route = found.endpoint().path();
                yield call(exchange, found, method);
            }
        };
    }

    private Answer call(Exchange exchange, Router.Found found, String method) {
        var endpoint = found.endpoint();
        var request = exchange.request;
        if (endpoint.access() != Access.PUBLIC) {
            requireUserAgent(request);
            exchange.caller = authenticate(exchange);
            rates.count(exchange, exchange.caller, endpoint);
            permit(endpoint, exchange.caller);
        }
        var query = PercentCoding.query(request.query().rawValue());
        if (endpoint.upload() > 0) {
            exchange.upload = spool.take(exchange.body, endpoint.upload());
        } else {
            // Some clients send `{}` with every GET and DELETE.
            byte[] content = exchange.body.read(cap(endpoint));
            exchange.content = hasContent(endpoint) ? content : RequestBody.NONE;
        }
        exchange.bodyRead = true;
        var call =
                new Call(
                        method,
                        found.path(),
                        found.parameters(),
                        query,
                        name -> request.headers().first(HeaderNames.create(name)),
                        exchange.content,
                        exchange.uploadedFile(),
                        exchange.caller,
                        client(request),
                        exchange.requestId);
        return endpoint.handler().handle(call);
    }

    private static String client(ServerRequest request) {
        var forwarded = request.headers().values(HeaderNames.X_FORWARDED_FOR);
        return ClientAddress.of(
                request.remotePeer().host(), Optional.of(String.join(",", forwarded)));
    }

    private void requireUserAgent(ServerRequest request) {
        if (settings.requireUserAgent()
                && request.headers().first(HeaderNames.USER_AGENT).orElse("").isBlank()) {
            throw ApiException.forbidden("Missing `User-Agent` header.");
        }
    }

    // RFC 6750, 2.1; the scheme in any case (RFC 9110, 11.1).
    private Principal authenticate(Exchange exchange) {
        String value = exchange.request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        boolean bearer = value.regionMatches(true, 0, "Bearer ", 0, 7);
        String token = bearer ? value.substring(7).strip() : "";
        if (token.isEmpty()) {
            throw new ApiException(401, "missing_api_key", "Missing API Key");
        }
        var caller = authenticator.authenticate(token);
        if (caller.isEmpty()) {
            exchange.headers.put("www-authenticate", "Bearer error=\"invalid_token\"");
            throw new ApiException(401, "validation_error", "API key is invalid");
        }
        return caller.get();
    }

    private static void permit(Endpoint endpoint, Principal caller) {
        if (endpoint.access() == Access.FULL && caller.permission() != Permission.FULL_ACCESS) {
            if (caller.kind() == Principal.Kind.GRANT) {
                throw new ApiException(
                        403,
                        "invalid_permission",
                        "This access token does not have the scopes that this endpoint needs.");
            }
            throw new ApiException(
                    401, "restricted_api_key", "This API key is restricted to only send emails");
        }
    }

    private long cap(Endpoint endpoint) {
        boolean carriesMail =
                endpoint.path().equals("/emails") || endpoint.path().startsWith("/emails/");
        return carriesMail ? settings.maxBody() : Math.min(SMALL_BODY, settings.maxBody());
    }

    private static boolean hasContent(Endpoint endpoint) {
        return !endpoint.method().equals("GET") && !endpoint.method().equals("DELETE");
    }

    // After a refusal the body may still be on its way. A small one is taken in; else, or when the
    // peer waits to be asked for it, the connection ends with this answer.
    private void skipBody(Exchange exchange) {
        if (exchange.bodyRead || !exchange.body.isExpected()) {
            return;
        }
        boolean closing = exchange.close;
        exchange.close = true;
        if (exchange.body.isHeldBack() || exchange.body.isBegun()) {
            return;
        }
        try {
            exchange.body.read(SKIPPED_BODY);
            exchange.bodyRead = true;
            exchange.close = closing;
        } catch (ApiException e) {
            LOG.debug("{}: {}", exchange.requestId, e.getMessage());
        }
    }

    private Answer failed(Exchange exchange, Throwable e, boolean unavailable) {
        skipBody(exchange);
        if (unavailable) {
            // Its cause was logged by the store; a flood of requests must not repeat it.
            LOG.debug("request {}: {}", exchange.requestId, e.getMessage());
            exchange.headers.put("retry-after", "5");
            return Answer.of(
                    new ApiException(
                            503, "service_unavailable", "The service is temporarily down."));
        }
        LOG.error("request {} {} failed", exchange.requestId, exchange.route, e);
        return Answer.of(
                new ApiException(500, "application_error", "An unexpected error occurred"));
    }

    private void send(
            Exchange exchange,
            Answer answer,
            ServerResponse response,
            Deadlines.Deadline deadline) {
        response.status(Status.create(answer.status()));
        if (answer.isJson()) {
            response.header(JSON_CONTENT);
        }
        exchange.headers.forEach((name, value) -> header(response, name, value));
        answer.headers().forEach((name, value) -> header(response, name, value));
        response.header(REQUEST_ID, exchange.requestId);
        if (exchange.close) {
            header(response, "connection", "close");
        }
        boolean head = exchange.request.prologue().method().text().equals("HEAD");
        if (head && answer.stream() == null) {
            header(response, "content-length", Integer.toString(answer.body().length));
        }
        try {
            if (answer.stream() != null && !head) {
                streams.run(answer.stream(), response, deadline);
                return;
            }
            response.send(head ? RequestBody.NONE : answer.body());
        } catch (IOException | RuntimeException e) {
            throw new CloseConnectionException("the peer did not take the answer", e);
        }
    }

    /// Ends streams, which would not end by themselves.
    void close() {
        streams.close();
    }

    private static void header(ServerResponse response, String name, String value) {
        response.header(HeaderNames.create(name), Printable.ascii(value));
    }

    private void record(Exchange exchange, Answer answer, Duration took) {
        var caller = Optional.ofNullable(exchange.caller);
        String agent = exchange.request.headers().first(HeaderNames.USER_AGENT).orElse("");
        var entry =
                new RequestLog.Entry(
                        exchange.at,
                        exchange.request.prologue().method().text(),
                        exchange.route,
                        exchange.path,
                        answer.status(),
                        Printable.ascii(
                                agent.substring(0, Math.min(agent.length(), MAX_USER_AGENT))),
                        exchange.content,
                        answer.isJson() ? answer.body() : RequestBody.NONE,
                        caller.map(Principal::key).orElse(null),
                        caller.map(Principal::team).orElse(null),
                        took,
                        exchange.requestId);
        log.record(entry);
    }
}
