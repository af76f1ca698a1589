package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.Courier;
import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.delivery.Router;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.Mailbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Mail for the reserved domains, and all mail in capture mode, stays here; the rest goes out.
public final class NetworkTransport implements Transport {
    private static final Route.Site HERE =
            new Route.Site("capture", List.of(new Route.Host(0, "capture", 0)));

    private final Router router;
    private final Courier courier;
    private final boolean captureAll;

    public NetworkTransport(Router router, Courier courier, boolean captureAll) {
        this.router = router;
        this.courier = courier;
        this.captureAll = captureAll;
    }

    @Override
    public Route route(String domain) {
        return captureAll || ReservedMailboxes.isReserved(domain)
                ? HERE
                : router.route(new MailDomain(domain));
    }

    @Override
    public Map<Mailbox, DeliveryOutcome> deliver(Route.Site site, Consignment consignment) {
        if (!site.equals(HERE)) {
            return courier.deliver(site, consignment);
        }
        var outcomes = new LinkedHashMap<Mailbox, DeliveryOutcome>();
        consignment
                .forwardPaths()
                .forEach(path -> outcomes.put(path, ReservedMailboxes.outcome(path)));
        return outcomes;
    }
}
