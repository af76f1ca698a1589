package ai.mailgoat.server.webhook;

import ai.mailgoat.common.id.EventId;
import java.util.Optional;
import java.util.UUID;

/// The name of a call as receivers and the API see it, the same for all its attempts: `msg_` and
/// the call's id.
final class MessageId {
    private static final String PREFIX = "msg_";

    private MessageId() {}

    static String of(UUID call) {
        return PREFIX + call;
    }

    /// @param text with or without the prefix
    static Optional<UUID> parse(String text) {
        String id = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        return EventId.parse(id).map(EventId::value);
    }
}
