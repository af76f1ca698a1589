package ai.mailgoat.server.webhook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// How many attempts may be in flight, in all and at each endpoint, and whose turn it is. One that
/// stalls soon has one attempt in flight at a time and takes no room from the others. Belongs to
/// one thread.
final class Lanes {
    private static final int MAX_IN_FLIGHT = 64;
    private static final int MAX_OF_ENDPOINT = 8;

    /// Enough to notice that it is well again.
    private static final int MAX_OF_TROUBLED = 1;

    private final Map<UUID, Integer> inFlight = new HashMap<>();
    private final Set<UUID> troubled = new HashSet<>();
    private final LinkedHashSet<UUID> waiting = new LinkedHashSet<>();
    private int total;

    /// These webhooks may have calls that are due.
    void offer(Collection<UUID> webhooks) {
        waiting.addAll(webhooks);
    }

    /// Takes those whose turn it is, `most` of them, out of the queue. One that has no room is
    /// dropped: it is offered again when an attempt of it ends.
    List<UUID> next(int most) {
        var next = new ArrayList<UUID>();
        var turns = waiting.iterator();
        while (turns.hasNext() && next.size() < most && total < MAX_IN_FLIGHT) {
            var webhook = turns.next();
            turns.remove();
            if (room(webhook) > 0) {
                next.add(webhook);
            }
        }
        return next;
    }

    /// Whether {@link #next} would say something.
    boolean isReady() {
        return !waiting.isEmpty() && total < MAX_IN_FLIGHT;
    }

    /// How many more attempts an endpoint may have in flight.
    int room(UUID webhook) {
        int most = troubled.contains(webhook) ? MAX_OF_TROUBLED : MAX_OF_ENDPOINT;
        return most - inFlight.getOrDefault(webhook, 0);
    }

    /// How many more attempts may be in flight in all.
    int room() {
        return MAX_IN_FLIGHT - total;
    }

    boolean isIdle() {
        return total == 0;
    }

    void began(UUID webhook) {
        total++;
        inFlight.merge(webhook, 1, Integer::sum);
    }

    void ended(UUID webhook, boolean trouble) {
        total--;
        inFlight.computeIfPresent(webhook, (id, n) -> n == 1 ? null : n - 1);
        if (trouble) {
            troubled.add(webhook);
        } else {
            troubled.remove(webhook);
        }
        waiting.add(webhook);
    }

    /// Forgets the troubles of all others: they are disabled or deleted.
    void retain(Collection<UUID> webhooks) {
        troubled.retainAll(new HashSet<>(webhooks));
    }
}
