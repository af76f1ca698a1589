package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.smtp.Mailbox;
import java.util.List;
import java.util.Map;

/// A mail as the queue needs it: what to put on the wire, and what its events say.
public interface Mail {

    EmailId id();

    TeamId team();

    /// Whether it still waits for its time: then its first attempt is what makes it `sent`.
    boolean isScheduled();

    /// The signed message for these recipients. Costs a signature: call it on the signing threads.
    Consignment consign(List<Mailbox> forwardPaths);

    /// The `data` of an event that concerns `addresses`, to which an event may add its own part.
    Map<String, Object> eventData(List<String> addresses);
}
