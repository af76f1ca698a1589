package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.broadcast.Response.BounceType;
import ai.mailgoat.server.broadcast.ResponseStore.EventRow;
import ai.mailgoat.server.broadcast.ResponseStore.LinkRow;
import ai.mailgoat.server.broadcast.ResponseStore.RecipientRow;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What became of the mail of broadcasts after it was sent. It follows the events in their order;
/// what they change and how far it has come are one transaction, so each is followed once.
public final class Responses {
    private static final UUID START = new UUID(0, 0);

    /// Events in one piece; each that may concern a broadcast is one look into an index.
    private static final int PIECE = 1_000;

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofSeconds(2);

    /// Of a broadcast, or of one mail; with links of its own for each recipient there are many.
    private static final int MAX_LINKS = 1_000;

    private final Store store;
    private final ResponseStore rows = new ResponseStore();
    private final ReentrantLock following = new ReentrantLock();

    public Responses(Store store) {
        this.store = store;
    }

    /// A recipient, and the links it followed where they were asked for.
    record Recipient(RecipientRow row, List<LinkRow> links) {}

    /// The name of a team's broadcast.
    public Optional<String> name(TeamId team, UUID broadcast) {
        return store.read(tx -> rows.name(tx, team, broadcast));
    }

    /// Follows what has happened since; called now and then.
    public void catchUp() {
        catchUp(LONG);
    }

    /// Up to one more than the page holds.
    ///
    /// @throws ApiException 404 when the team has no such broadcast
    List<Recipient> recipients(
            TeamId team, UUID broadcast, Response response, @Nullable String address, Page page) {
        require(team, broadcast);
        catchUp(SHORT);
        boolean links = response.type() == Response.Type.CLICKED;
        return store.read(tx ->
                rows.recipients(tx, broadcast, response, address, page).stream()
                        .map(row ->
                                new Recipient(
                                        row,
                                        links && row.email() != null
                                                ? rows.linksOf(tx, row.email(), MAX_LINKS)
                                                : List.of()))
                        .toList());
    }

    /// The links that were followed most, 1,000 of them at most.
    ///
    /// @throws ApiException 404 when the team has no such broadcast
    List<LinkRow> links(TeamId team, UUID broadcast) {
        require(team, broadcast);
        return store.read(tx -> rows.links(tx, broadcast, MAX_LINKS));
    }

    private void require(TeamId team, UUID broadcast) {
        if (!store.read(tx -> rows.exists(tx, team, broadcast))) {
            throw ApiException.notFound("Broadcast");
        }
    }

    private void catchUp(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!following.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            boolean more = true;
            while (more && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                more = followPiece();
            }
        } finally {
            following.unlock();
        }
    }

    private boolean followPiece() {
        var from = store.read(rows::progress);
        var events = store.read(tx -> rows.events(tx, from.orElse(START), PIECE));
        if (events.isEmpty()) {
            return false;
        }
        var changes = new Changes(events);
        var last = events.getLast().id();
        store.<@Nullable Void>write(tx -> {
            if (rows.advance(tx, from, last)) {
                changes.write(tx, rows);
            }
            return null;
        });
        return events.size() == PIECE;
    }

    /// What a piece of events changes.
    private static final class Changes {
        private final List<@Nullable Object[]> delivered = new ArrayList<>();
        private final List<@Nullable Object[]> bounced = new ArrayList<>();
        private final List<@Nullable Object[]> complained = new ArrayList<>();
        private final List<@Nullable Object[]> engaged = new ArrayList<>();

        Changes(List<EventRow> events) {
            var read = new LinkedHashSet<UUID>();
            for (var event : events) {
                switch (event.type()) {
                    case "email.delivered" ->
                            delivered.add(new @Nullable Object[] {event.at(), event.email()});
                    case "email.bounced" ->
                            bounced.add(new @Nullable Object[] {bounceType(event), event.email()});
                    case "email.complained" ->
                            complained.add(new @Nullable Object[] {event.email()});
                    case "email.opened", "email.clicked", "email.engagement_revised" ->
                            read.add(event.email());
                    default -> {}
                }
            }
            read.forEach(id -> engaged.add(new @Nullable Object[] {id, id, id}));
        }

        void write(Tx tx, ResponseStore rows) {
            rows.delivered(tx, delivered);
            rows.bounced(tx, bounced);
            rows.complained(tx, complained);
            rows.engaged(tx, engaged);
        }

        private static String bounceType(EventRow event) {
            var data = Json.tree(Objects.requireNonNull(event.data()));
            return BounceType.of(data.path("bounce").path("type").asString("")).text();
        }
    }
}
