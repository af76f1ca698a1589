package ai.mailgoat.server.rehearsal;

import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import ai.mailgoat.server.outbound.OutboundException;
import ai.mailgoat.server.rehearsal.Rehearsal.Link;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Follows links to see whether they lead somewhere. Asks with HEAD, and with GET where that is not
/// understood; a redirect counts as an answer and is not followed.
public final class LinkCheck {
    /// Of all rehearsals together.
    private static final int AT_A_TIME = 12;

    private static final Duration TOTAL = Duration.ofSeconds(15);
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(6), 1_024, Overflow.CUT);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int SERVER_ERROR = 500;

    private final GuardedHttp http;
    private final Semaphore turns = new Semaphore(AT_A_TIME);

    public LinkCheck(GuardedHttp http) {
        this.http = http;
    }

    /// @return in the same order; without those that were not reached in the time there is
    List<Link> follow(List<URI> urls) {
        var tasks = new ArrayList<Callable<Link>>();
        urls.forEach(url -> tasks.add(() -> follow(url)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var found = new ArrayList<Link>();
            for (var future : threads.invokeAll(tasks, TOTAL.toSeconds(), TimeUnit.SECONDS)) {
                result(future).ifPresent(found::add);
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static Optional<Link> result(Future<Link> future) throws InterruptedException {
        try {
            return Optional.of(future.get());
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Link follow(URI url) throws InterruptedException {
        turns.acquire();
        try {
            int status = status(url);
            boolean dead = status == NOT_FOUND || status == GONE || status >= SERVER_ERROR;
            return new Link(
                    url.toString(), status, dead ? "The host answers " + status + "." : null);
        } catch (OutboundException e) {
            return new Link(url.toString(), null, e.reason());
        } finally {
            turns.release();
        }
    }

    private int status(URI url) throws OutboundException {
        try {
            int status = http.head(url, LIMITS).status();
            if (status < BAD_REQUEST) {
                return status;
            }
        } catch (OutboundException e) {
            if (e.isRefused()) {
                throw e;
            }
        }
        return http.get(url, LIMITS).status();
    }
}
