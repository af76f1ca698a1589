package ai.mailgoat.server.event;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Who follows the log of events while it grows. A commit wakes the followers of the team it is
/// about; each then reads on from its own cursor. Ids are given by the one writer in the order of
/// its commits, so what comes later always has a larger id.
public final class EventStreams {
    /// Followers of one team at a time.
    static final int MAX_OF_TEAM = 10;

    private static final int MAX = 400;

    /// What one look at the log passes over, of all teams.
    private static final int STRIDE = 5_000;

    private static final UUID START = new UUID(0, 0);

    private final Store store;
    private final Map<TeamId, Set<Follower>> followers = new ConcurrentHashMap<>();

    public EventStreams(Store store, Events events) {
        this.store = store;
        events.listen(teams -> teams.forEach(this::wake));
    }

    /// Begins to follow.
    ///
    /// @throws ApiException 429 when there are too many
    Follower follow(TeamId team) {
        var follower = new Follower(team);
        int all = followers.values().stream().mapToInt(Set::size).sum();
        followers.compute(
                team,
                (_, of) -> {
                    var its = of == null ? ConcurrentHashMap.<Follower>newKeySet() : of;
                    if (its.size() >= MAX_OF_TEAM || all >= MAX) {
                        throw new ApiException(
                                429,
                                "rate_limit_exceeded",
                                "Too many event streams are open. You can have at most "
                                        + MAX_OF_TEAM
                                        + " at a time.");
                    }
                    its.add(follower);
                    return its;
                });
        return follower;
    }

    /// The id of the last event there is, of any team.
    UUID last() {
        return store.read(tx -> EventStore.lastAfter(tx, START)).orElse(START);
    }

    /// What happened to a team after `cursor`.
    Piece after(TeamId team, UUID cursor) {
        return store.read(tx -> {
            // The end is found first: all up to it was committed before.
            var full = EventStore.idAt(tx, cursor, STRIDE);
            var end = full.or(() -> EventStore.lastAfter(tx, cursor));
            if (end.isEmpty()) {
                return new Piece(List.of(), cursor, false);
            }
            var events = EventStore.between(tx, team, cursor, end.get());
            boolean cut = events.size() == EventStore.PIECE;
            return new Piece(
                    events, cut ? events.getLast().id() : end.get(), cut || full.isPresent());
        });
    }

    private void wake(TeamId team) {
        followers.getOrDefault(team, Set.of()).forEach(Follower::wake);
    }

    /// @param end where the next piece begins
    /// @param more whether there is more to be read at once
    record Piece(List<StoredEvent> events, UUID end, boolean more) {}

    /// One who follows the events of a team, until closed.
    final class Follower implements AutoCloseable {
        private final TeamId team;
        private final BlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);

        private Follower(TeamId team) {
            this.team = team;
        }

        void wake() {
            var _ = news.offer(true);
        }

        /// Waits for news since the last call.
        ///
        /// @return false when the time was over first
        boolean await(long nanos) throws InterruptedException {
            return news.poll(nanos, TimeUnit.NANOSECONDS) != null;
        }

        @Override
        public void close() {
            followers.computeIfPresent(
                    team,
                    (_, its) -> {
                        its.remove(this);
                        return its.isEmpty() ? null : its;
                    });
        }
    }
}
