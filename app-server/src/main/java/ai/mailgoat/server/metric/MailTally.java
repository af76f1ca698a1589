package ai.mailgoat.server.metric;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.metric.MetricStore.EventRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the events of one mail add to the counts, taken in their order. Opens and clicks depend on
/// those before them: who has read already is not counted as unique again, and a verdict that is
/// changed later moves what it was about from one count to the other.
final class MailTally {
    /// What a changed verdict is told as.
    static final String REVISED = "email.engagement_revised";

    private final Map<UUID, Reading> readings = new HashMap<>();

    /// How often a person did this, by whom.
    private final Map<Metric, Map<String, Integer>> readers = new EnumMap<>(Metric.class);

    private record Reading(Instant at, EmailEvent event) {}

    /// @param at to whose quarter it belongs
    record Delta(Instant at, String domain, @Nullable UUID broadcast, Metric metric, long amount) {}

    /// Whether what an event adds depends on those before it.
    static boolean dependsOnEarlier(String type) {
        return type.equals("email.opened") || type.equals("email.clicked") || type.equals(REVISED);
    }

    /// What an event adds, or takes away; nothing for events that are not counted.
    List<Delta> take(EventRow row) {
        byte[] data = row.data();
        if (data == null) {
            return List.of();
        }
        if (row.type().equals(REVISED)) {
            return revise(Json.tree(data));
        }
        var metric = Metric.ofEvent(row.type());
        if (metric.isEmpty()) {
            return List.of();
        }
        var event = EmailEvent.of(metric.get(), Json.tree(data));
        var deltas = new ArrayList<Delta>();
        if (dependsOnEarlier(row.type())) {
            var reading = new Reading(row.at(), event);
            readings.put(engagement(event.data()).orElse(row.id()), reading);
            count(reading, 1, deltas);
        } else {
            event.counts()
                    .forEach((counted, amount) -> add(deltas, row.at(), event, counted, amount));
        }
        return deltas;
    }

    private List<Delta> revise(JsonNode data) {
        boolean human = data.path("verdict").asString("").equals("human");
        var deltas = new ArrayList<Delta>();
        for (var id : data.path("engagement_ids")) {
            var known = Uuids.parse(id.asString(""));
            var before = known.map(readings::get);
            if (known.isPresent() && before.isPresent()) {
                var event = before.get().event();
                var after = new Reading(before.get().at(), event.with(event.metric().by(human)));
                readings.put(known.get(), after);
                count(before.get(), -1, deltas);
                count(after, 1, deltas);
            }
        }
        return deltas;
    }

    private void count(Reading reading, int sign, List<Delta> deltas) {
        var event = reading.event();
        add(deltas, reading.at(), event, event.metric(), sign * event.size());
        var unique = event.metric().unique();
        if (unique.isEmpty()) {
            return;
        }
        var its = readers.computeIfAbsent(event.metric(), _ -> new HashMap<>());
        int before = its.size();
        event.recipients().stream()
                .distinct()
                .forEach(who ->
                        its.merge(who, sign, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b)));
        add(deltas, reading.at(), event, unique.get(), (long) its.size() - before);
    }

    private static void add(
            List<Delta> deltas, Instant at, EmailEvent event, Metric metric, long amount) {
        if (amount != 0) {
            deltas.add(new Delta(at, event.domain(), event.broadcast(), metric, amount));
        }
    }

    private static Optional<UUID> engagement(JsonNode data) {
        return Uuids.parse(data.path("engagement_id").asString(""));
    }
}
