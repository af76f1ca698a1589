package ai.mailgoat.server.segment;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Leftovers;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The segments of the teams. A legacy audience is the same row.
public final class Segments {
    private final Store store;
    private final Leftovers leftovers;
    private final SegmentStore segments = new SegmentStore();
    private final InstantSource clock;
    private final Uuids ids;

    public Segments(Store store, Leftovers leftovers, InstantSource clock, Uuids ids) {
        this.store = store;
        this.leftovers = leftovers;
        this.clock = clock;
        this.ids = ids;
    }

    /// What is said of a segment that is not there, by any name.
    public static ApiException notFound() {
        return ApiException.notFound("Audience");
    }

    /// Whether the team has this segment.
    public boolean exists(Tx tx, TeamId team, UUID id) {
        return segments.byId(tx, team, id).isPresent();
    }

    /// Which of `ids` are segments of the team.
    public Set<UUID> existing(Tx tx, TeamId team, Collection<UUID> ids) {
        return new HashSet<>(segments.existing(tx, team, ids));
    }

    /// The segments a contact is in; up to one more than the page holds.
    public List<Segment> ofContact(Tx tx, TeamId team, UUID contact, Page page) {
        return segments.ofContact(tx, team, contact, page);
    }

    Segment create(TeamId team, String name) {
        var segment = new Segment(ids.next(), name, clock.instant().truncatedTo(ChronoUnit.MICROS));
        return store.write(tx -> {
            segments.insert(tx, team, segment);
            return segment;
        });
    }

    /// Up to one more than the page holds.
    List<Segment> list(TeamId team, Page page) {
        return store.read(tx -> segments.list(tx, team, page));
    }

    Optional<Segment> find(TeamId team, UUID id) {
        return store.read(tx -> segments.byId(tx, team, id));
    }

    /// @return whether it was there
    boolean rename(TeamId team, UUID id, String name) {
        return store.write(tx -> segments.rename(tx, team, id, name));
    }

    /// Its contacts stay. One that is not there is deleted already.
    void delete(TeamId team, UUID id) {
        store.write(tx -> {
            boolean deleted = segments.delete(tx, team, id);
            if (deleted) {
                leftovers.delete(tx, Leftovers.Kind.CONTACTS_OF_SEGMENT, id);
            }
            return deleted;
        });
    }
}
