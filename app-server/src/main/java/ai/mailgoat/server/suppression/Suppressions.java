package ai.mailgoat.server.suppression;

import ai.mailgoat.common.id.SuppressionId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppression.Origin;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The lists of addresses that teams do not send to. Addresses come in as `Mailbox.folded()`.
public final class Suppressions {
    private final Store store;
    private final SuppressionStore suppressions = new SuppressionStore();
    private final BiConsumer<Tx, Event> events;
    private final InstantSource clock;
    private final Uuids ids;

    /// @param events records `suppression.added` and `suppression.removed` in the transaction given
    public Suppressions(Store store, BiConsumer<Tx, Event> events, InstantSource clock, Uuids ids) {
        this.store = store;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
    }

    /// Which of `foldedAddresses` the team must not send to. One indexed query, inside the caller's
    /// transaction.
    public Set<String> suppressed(Tx tx, TeamId team, Collection<String> foldedAddresses) {
        return foldedAddresses.isEmpty()
                ? Set.of()
                : suppressions.among(tx, team, List.copyOf(foldedAddresses));
    }

    /// Puts an address on the list, inside the caller's transaction. One that is there already
    /// stays as it is, with its first origin.
    ///
    /// @param sourceId the e-mail that bounced or was complained about
    public Suppression add(
            Tx tx, TeamId team, String foldedAddress, Origin origin, @Nullable UUID sourceId) {
        var existing = suppressions.byAddress(tx, team, foldedAddress);
        if (existing.isPresent()) {
            return existing.get();
        }
        var entry =
                new Suppression(
                        new SuppressionId(ids.next()),
                        foldedAddress,
                        origin,
                        sourceId,
                        clock.instant().truncatedTo(ChronoUnit.MICROS));
        suppressions.insert(tx, team, entry);
        record(tx, team, entry, "suppression.added");
        return entry;
    }

    /// Takes an address off the list, inside the caller's transaction.
    ///
    /// @return what was removed, if it was there
    public Optional<Suppression> remove(Tx tx, TeamId team, String foldedAddress) {
        return removed(tx, team, suppressions.byAddress(tx, team, foldedAddress));
    }

    /// As {@link #remove(Tx, TeamId, String)}, by id.
    public Optional<Suppression> remove(Tx tx, TeamId team, SuppressionId id) {
        return removed(tx, team, suppressions.byId(tx, team, id));
    }

    Optional<Suppression> find(TeamId team, SuppressionId id) {
        return store.read(tx -> suppressions.byId(tx, team, id));
    }

    Optional<Suppression> find(TeamId team, String foldedAddress) {
        return store.read(tx -> suppressions.byAddress(tx, team, foldedAddress));
    }

    /// Up to one more than the page holds.
    List<Suppression> list(TeamId team, @Nullable Origin origin, Page page) {
        return store.read(tx -> suppressions.list(tx, team, origin, page));
    }

    private Optional<Suppression> removed(Tx tx, TeamId team, Optional<Suppression> entry) {
        entry.ifPresent(e -> {
            suppressions.delete(tx, team, e.id());
            record(tx, team, e, "suppression.removed");
        });
        return entry;
    }

    private void record(Tx tx, TeamId team, Suppression entry, String type) {
        events.accept(
                tx,
                new Event(
                        team,
                        entry.id().value(),
                        type,
                        clock.instant(),
                        SuppressionBody.of(entry)));
    }
}
