package ai.mailgoat.server.metric;

import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What an event of a mail adds to the counts.
///
/// @param metric what it is counted as first
/// @param domain the sender's; of a received mail, that of the address it came for
/// @param recipients whom it concerns
record EmailEvent(Metric metric, String domain, List<String> recipients, JsonNode data) {

    /// @param data as webhooks carry it
    static EmailEvent of(Metric metric, JsonNode data) {
        var recipients = new ArrayList<String>();
        data.path("to").forEach(address -> recipients.add(address.asString("")));
        String address =
                metric == Metric.RECEIVED
                        ? data.path("received_for").path(0).asString("")
                        : data.path("from").asString("");
        return new EmailEvent(metric, domain(address), List.copyOf(recipients), data);
    }

    /// Whether some of what it adds depends on the events before it.
    boolean isCountedOnce() {
        return metric == Metric.OPENED || metric == Metric.CLICKED;
    }

    /// @param before whom earlier events of the same mail and kind concern; empty for kinds that do
    ///   not ask
    Map<Metric, Long> counts(Set<String> before) {
        var counts = new EnumMap<Metric, Long>(Metric.class);
        long all = metric == Metric.RECEIVED ? 1 : Math.max(1, recipients.size());
        counts.put(metric, all);
        switch (metric) {
            case BOUNCED -> counts.put(kindOfBounce(), all);
            case OPENED -> counts.put(Metric.UNIQUE_OPENED, fresh(before));
            case CLICKED -> counts.put(Metric.UNIQUE_CLICKED, fresh(before));
            default -> {}
        }
        return counts;
    }

    private Metric kindOfBounce() {
        return switch (data.path("bounce").path("type").asString("")) {
            case "Permanent" -> Metric.BOUNCED_PERMANENT;
            case "Transient" -> Metric.BOUNCED_TRANSIENT;
            default -> Metric.BOUNCED_UNDETERMINED;
        };
    }

    private long fresh(Set<String> before) {
        var fresh = new HashSet<>(recipients);
        fresh.removeAll(before);
        return fresh.size();
    }

    private static String domain(String address) {
        try {
            return NamedMailbox.parse(address).mailbox().domain().ascii();
        } catch (MalformedAddressException e) {
            return "";
        }
    }
}
