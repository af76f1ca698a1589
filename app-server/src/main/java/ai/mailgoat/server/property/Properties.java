package ai.mailgoat.server.property;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The properties a team has defined for its contacts; at most a hundred, so that they can be held
/// against every contact without a look-up.
public final class Properties {
    static final int MAX = 100;

    private final Store store;
    private final PropertyStore properties = new PropertyStore();
    private final InstantSource clock;
    private final Uuids ids;

    public Properties(Store store, InstantSource clock, Uuids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// All properties of the team, by key.
    public Map<String, Property> byKey(Tx tx, TeamId team) {
        var all = new LinkedHashMap<String, Property>();
        properties.all(tx, team, MAX).forEach(property -> all.put(property.key(), property));
        return all;
    }

    /// @throws ApiException 422 when the key is taken or there are too many
    Property create(TeamId team, String key, Property.Type type, @Nullable Object fallback) {
        var property =
                new Property(
                        ids.next(),
                        key,
                        type,
                        fallback,
                        clock.instant().truncatedTo(ChronoUnit.MICROS));
        return store.write(tx -> {
            var there = byKey(tx, team);
            if (there.containsKey(key)) {
                throw ApiException.validation(
                        "Invalid `key` field. There is a contact property `" + key + "` already.");
            }
            if (there.size() >= MAX) {
                throw ApiException.validation(
                        "You can have at most " + MAX + " contact properties.");
            }
            properties.insert(tx, team, property);
            return property;
        });
    }

    /// Up to one more than the page holds.
    List<Property> list(TeamId team, Page page) {
        return store.read(tx -> properties.list(tx, team, page));
    }

    Optional<Property> find(TeamId team, UUID id) {
        return store.read(tx -> properties.byId(tx, team, id));
    }

    void setFallback(TeamId team, UUID id, @Nullable Object fallback) {
        store.write(tx -> {
            properties.setFallback(tx, team, id, fallback);
            return id;
        });
    }

    /// The values that contacts have are seen no more, and go when the contact is next written.
    ///
    /// @return whether it was there
    boolean delete(TeamId team, UUID id) {
        return store.write(tx -> properties.delete(tx, team, id));
    }
}
