package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A mail of one line that is not worth a signature.
record ShortMail(EmailId id, TeamId team) implements Mail {
    @Override
    public boolean isScheduled() {
        return false;
    }

    @Override
    public Consignment consign(List<Mailbox> forwardPaths) {
        return new Consignment(
                null,
                forwardPaths,
                "Subject: short\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                false,
                false,
                Consignment.TlsPolicy.OPPORTUNISTIC);
    }

    @Override
    public Map<String, Object> eventData(List<String> addresses) {
        return new LinkedHashMap<>(Map.of("to", addresses));
    }
}
