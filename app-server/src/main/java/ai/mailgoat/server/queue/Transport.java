package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.smtp.Mailbox;
import java.util.Map;

/// The way out, as the queue uses it: routes for domains, and one attempt at one site. Both may
/// block on strangers.
public interface Transport {

    /// @param domain as in {@link Entry#domain}
    Route route(String domain);

    /// @return an outcome for each forward-path of the consignment
    Map<Mailbox, DeliveryOutcome> deliver(Route.Site site, Consignment consignment);
}
