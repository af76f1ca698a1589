package ai.mailgoat.server.queue;

import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.queue.SiteQueue.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Whose delivery starts next where all sites share: transactional mail before broadcast mail, and
/// within a lane one site after the other. Bounds what runs at once, and the pace of broadcast mail
/// in all. Guarded by the dispatcher's lock.
final class Turns {
    private final Slots slots;
    private final Pace pace;
    private @Nullable Instant firstBroadcast;

    /// Sites that have mail to start with and could take it. Each keeps its place while it waits.
    private final Map<Lane, SequencedSet<SiteQueue>> willing = new EnumMap<>(Lane.class);

    Turns(Slots slots, Pace pace) {
        this.slots = slots;
        this.pace = pace;
        for (var lane : Lane.values()) {
            willing.put(lane, new LinkedHashSet<>());
        }
    }

    /// Puts `site` in line if it could start something. To be called whenever that may have
    /// changed.
    void want(SiteQueue site, Instant now) {
        for (var lane : Lane.values()) {
            if (site.canStart(lane, now)) {
                willing(lane).add(site);
            }
        }
    }

    /// The next delivery, which has its slot then; empty when nothing can start now.
    Optional<Turn> next(Instant now) {
        for (var lane : Lane.values()) {
            while (!willing(lane).isEmpty() && isFree(lane, now)) {
                var site = willing(lane).removeFirst();
                var turn = start(site, lane, now);
                want(site, now);
                if (turn.isPresent()) {
                    return turn;
                }
            }
        }
        return Optional.empty();
    }

    /// A delivery has ended.
    ///
    /// @param untried entries it took along for nothing
    void ended(SiteQueue site, Lane lane, int untried) {
        slots.give(lane);
        site.slots.give(lane);
        if (lane == Lane.BROADCAST) {
            pace.refund(untried);
            site.pace.refund(untried);
        }
    }

    /// Whether a delivery could start at a site that is ready for it.
    boolean isFree(Lane lane, Instant now) {
        return slots.isFree(lane)
                && (lane == Lane.TRANSACTIONAL
                        || pace.available(now) > 0 && slots.broadcasts() < warmUp(now));
    }

    /// How many broadcast deliveries may run, since the process is young: one at first, and twice
    /// as many each second. A broadcast that goes on after a restart would otherwise take all the
    /// processor while nothing is compiled yet, and the first single mail would wait for seconds.
    private int warmUp(Instant now) {
        if (firstBroadcast == null) {
            return 1;
        }
        // The distance alone: a clock that was set back by an hour must not hold them for an hour.
        long seconds = Duration.between(firstBroadcast, now).abs().toSeconds();
        return 1 << Math.min(30, seconds);
    }

    int active() {
        return slots.taken();
    }

    private Optional<Turn> start(SiteQueue site, Lane asked, Instant now) {
        var lane = site.owesBroadcast(now) && isFree(Lane.BROADCAST, now) ? Lane.BROADCAST : asked;
        if (!site.canStart(lane, now)) {
            return Optional.empty();
        }
        var turn = site.take(lane, pace.available(now), now);
        slots.take(lane);
        if (lane == Lane.BROADCAST) {
            firstBroadcast = firstBroadcast == null ? now : firstBroadcast;
            pace.spend(turn.entries().size());
        }
        return Optional.of(turn);
    }

    private SequencedSet<SiteQueue> willing(Lane lane) {
        return Objects.requireNonNull(willing.get(lane));
    }
}
