package ai.mailgoat.server.webhook;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// The event types a webhook may ask for: the API's, and those of broadcasts and sign-ups. What is
/// recorded under any other type (`email.queued`, `email.canceled`) stays in the house.
public final class EventTypes {
    private static final SequencedSet<String> ALL =
            new LinkedHashSet<>(
                    List.of(
                            "email.sent",
                            "email.scheduled",
                            "email.delivered",
                            "email.delivery_delayed",
                            "email.complained",
                            "email.bounced",
                            "email.opened",
                            "email.clicked",
                            "email.received",
                            "email.failed",
                            "email.suppressed",
                            "email.unsubscribed",
                            "broadcast.sent",
                            "broadcast.canceled",
                            "broadcast.failed",
                            "signup.requested",
                            "signup.confirmed",
                            "contact.created",
                            "contact.updated",
                            "contact.deleted",
                            "contact.topics.updated",
                            "domain.created",
                            "domain.updated",
                            "domain.deleted",
                            "suppression.added",
                            "suppression.removed",
                            "topic.created",
                            "topic.updated",
                            "topic.deleted",
                            "inbox.created",
                            "inbox.updated",
                            "inbox.deleted",
                            "inbox.thread.created",
                            "inbox.thread.folder.updated",
                            "inbox.thread.assigned",
                            "inbox.thread.unassigned",
                            "inbox.thread.labels.updated",
                            "inbox.email.received",
                            "inbox.email.sent",
                            "inbox.draft.created",
                            "inbox.draft.updated",
                            "inbox.draft.sent",
                            "inbox.draft.deleted"));

    private EventTypes() {}

    public static boolean isKnown(String type) {
        return ALL.contains(type);
    }

    /// All types, in the order of the documentation.
    public static List<String> all() {
        return List.copyOf(ALL);
    }
}
