package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Mailbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;

/// Who of a consignment is still to be decided, and what became of the others. Each forward-path is
/// settled once.
final class Ledger {
    private final SequencedSet<Mailbox> open;
    private final Map<Mailbox, DeliveryOutcome> outcomes = new LinkedHashMap<>();

    Ledger(Collection<Mailbox> forwardPaths) {
        open = new LinkedHashSet<>(forwardPaths);
    }

    void settle(Mailbox mailbox, DeliveryOutcome outcome) {
        if (!open.remove(mailbox)) {
            throw new IllegalStateException("settled twice");
        }
        outcomes.put(mailbox, outcome);
    }

    void settle(Collection<Mailbox> mailboxes, DeliveryOutcome outcome) {
        mailboxes.forEach(mailbox -> settle(mailbox, outcome));
    }

    void settleRest(DeliveryOutcome outcome) {
        settle(open(), outcome);
    }

    void settleRest(Function<Mailbox, DeliveryOutcome> outcome) {
        open().forEach(mailbox -> settle(mailbox, outcome.apply(mailbox)));
    }

    /// A copy.
    List<Mailbox> open() {
        return new ArrayList<>(open);
    }

    boolean isDone() {
        return open.isEmpty();
    }

    Map<Mailbox, DeliveryOutcome> outcomes() {
        return outcomes;
    }
}
