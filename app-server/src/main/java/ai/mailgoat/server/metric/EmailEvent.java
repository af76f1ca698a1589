package ai.mailgoat.server.metric;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.smtp.NamedMailbox;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An event of a mail, as far as it is counted.
///
/// @param metric what it is counted as first
/// @param domain the sender's; of a received mail, that of the address it came for
/// @param broadcast whose mail it is, if it is one's
/// @param recipients whom it concerns
record EmailEvent(
        Metric metric,
        String domain,
        @Nullable UUID broadcast,
        List<String> recipients,
        JsonNode data) {

    /// @param data as webhooks carry it
    static EmailEvent of(Metric metric, JsonNode data) {
        var recipients = new ArrayList<String>();
        data.path("to").forEach(address -> recipients.add(address.asString("")));
        String address =
                metric == Metric.RECEIVED
                        ? data.path("received_for").path(0).asString("")
                        : data.path("from").asString("");
        return new EmailEvent(
                metric.by(!data.path("verdict").asString("").equals("machine")),
                domain(address),
                Uuids.parse(data.path("broadcast_id").asString("")).orElse(null),
                List.copyOf(recipients),
                data);
    }

    EmailEvent with(Metric other) {
        return new EmailEvent(other, domain, broadcast, recipients, data);
    }

    /// How many it counts for.
    long size() {
        return metric == Metric.RECEIVED ? 1 : Math.max(1, recipients.size());
    }

    /// What it adds, where that does not depend on the events before it.
    Map<Metric, Long> counts() {
        var counts = new EnumMap<Metric, Long>(Metric.class);
        counts.put(metric, size());
        if (metric == Metric.BOUNCED) {
            counts.put(kindOfBounce(), size());
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

    private static String domain(String address) {
        try {
            return NamedMailbox.parse(address).mailbox().domain().ascii();
        } catch (MalformedAddressException e) {
            return "";
        }
    }
}
