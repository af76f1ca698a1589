package ai.mailgoat.server.rehearsal;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.broadcast.Broadcast;
import ai.mailgoat.server.contact.Contacts;
import ai.mailgoat.server.contact.Member;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.property.Properties;
import ai.mailgoat.server.rehearsal.Rehearsal.Audience;
import ai.mailgoat.server.rehearsal.Rehearsal.Exclusion;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppressions;
import ai.mailgoat.server.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Goes through the contacts of a broadcast as sending would, a slice at a time: between two slices
/// the reader's thread is free for others.
public final class AudienceCount {
    private static final int SLICE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Store store;
    private final Contacts contacts;
    private final Properties properties;
    private final Segments segments;
    private final Topics topics;
    private final Suppressions suppressions;

    public AudienceCount(
            Store store,
            Contacts contacts,
            Properties properties,
            Segments segments,
            Topics topics,
            Suppressions suppressions) {
        this.store = store;
        this.contacts = contacts;
        this.properties = properties;
        this.segments = segments;
        this.topics = topics;
        this.suppressions = suppressions;
    }

    /// A contact, and why it would not get the mail, if so.
    record Seen(Member member, @Nullable Exclusion exclusion) {}

    /// What the team's contacts can have.
    ///
    /// @param properties their keys
    /// @param fallbacks by key of the property
    record Known(Set<String> properties, Map<String, String> fallbacks) {}

    Known known(TeamId team) {
        return store.read(
                tx -> new Known(properties.byKey(tx, team).keySet(), contacts.fallbacks(tx, team)));
    }

    boolean hasSegment(TeamId team, UUID segment) {
        return store.read(tx -> segments.exists(tx, team, segment));
    }

    boolean hasTopic(TeamId team, UUID topic) {
        return store.read(tx -> topics.exists(tx, team, topic));
    }

    /// Counts the audience.
    ///
    /// @param each is shown every contact, in the order of their ids
    Audience count(Broadcast broadcast, Consumer<Seen> each) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var tally = new Tally();
        var segment = broadcast.segment();
        Optional<UUID> after = Optional.empty();
        boolean more = segment != null;
        while (segment != null && more && System.nanoTime() - end < 0) {
            var from = after.orElse(null);
            var slice = store.read(tx -> slice(tx, broadcast, segment, from));
            slice.seen()
                    .forEach(seen -> {
                        tally.add(seen);
                        each.accept(seen);
                    });
            after = slice.last();
            more = after.isPresent();
        }
        return tally.audience(!more);
    }

    /// Some contacts, whether they are in the segment or not, in the order asked for.
    ///
    /// @throws ApiException 404 when one is not there
    List<Seen> some(Broadcast broadcast, List<UUID> ids) {
        var seen = store.read(tx -> seen(tx, broadcast, ids));
        return ids.stream()
                .map(id ->
                        seen.stream()
                                .filter(s -> s.member().id().equals(id))
                                .findFirst()
                                .orElseThrow(() -> ApiException.notFound("Contact")))
                .toList();
    }

    /// @param last where the next one begins, empty when this is the end
    private record Slice(List<Seen> seen, Optional<UUID> last) {}

    private Slice slice(Tx tx, Broadcast broadcast, UUID segment, @Nullable UUID after) {
        var ids =
                contacts.inSegment(tx, broadcast.team(), segment, after, SLICE).stream()
                        .map(Contacts.Addressee::id)
                        .toList();
        return new Slice(
                seen(tx, broadcast, ids),
                ids.size() < SLICE ? Optional.empty() : Optional.of(ids.getLast()));
    }

    private List<Seen> seen(Tx tx, Broadcast broadcast, List<UUID> ids) {
        var members = contacts.members(tx, broadcast.team(), ids, broadcast.topic());
        var suppressed =
                suppressions.suppressed(
                        tx, broadcast.team(), members.stream().map(Member::address).toList());
        return members.stream()
                .map(member -> new Seen(member, exclusion(member, suppressed)))
                .sorted((a, b) -> Uuids.compare(a.member().id(), b.member().id()))
                .toList();
    }

    private static @Nullable Exclusion exclusion(Member member, Set<String> suppressed) {
        if (member.unsubscribed()) {
            return Exclusion.UNSUBSCRIBED;
        }
        if (!member.wantsTopic()) {
            return Exclusion.OPTED_OUT;
        }
        return suppressed.contains(member.address()) ? Exclusion.SUPPRESSED : null;
    }

    private static final class Tally {
        private long receiving;
        private long unsubscribed;
        private long optedOut;
        private long suppressed;

        void add(Seen seen) {
            switch (seen.exclusion()) {
                case null -> receiving++;
                case UNSUBSCRIBED -> unsubscribed++;
                case OPTED_OUT -> optedOut++;
                case SUPPRESSED -> suppressed++;
            }
        }

        Audience audience(boolean complete) {
            return new Audience(
                    receiving + unsubscribed + optedOut + suppressed,
                    receiving,
                    unsubscribed,
                    optedOut,
                    suppressed,
                    complete);
        }
    }
}
