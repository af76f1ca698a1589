package ai.mailgoat.server.page;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.page.BrandStore.Row;
import ai.mailgoat.server.store.BlobStore;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How the teams' pages look.
public final class Brands {
    /// As much as the column holds.
    private static final int MAX_OPTIONS = 60_000;

    private final Store store;
    private final BlobStore blobs;
    private final BrandStore brands = new BrandStore();
    private final Function<TeamId, Optional<String>> names;
    private final InstantSource clock;

    /// @param names what teams are called
    public Brands(
            Store store,
            BlobStore blobs,
            Function<TeamId, Optional<String>> names,
            InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.names = names;
        this.clock = clock;
    }

    Brand of(TeamId team) {
        return brand(team, store.read(tx -> brands.find(tx, team)).orElse(null));
    }

    /// @throws ApiException 422 when it becomes too much
    Brand change(TeamId team, UnaryOperator<BrandOptions> change) {
        return save(
                team,
                old -> {
                    var options = change.apply(old.options());
                    if (Json.mapper().writeValueAsString(options).length() > MAX_OPTIONS) {
                        throw ApiException.validation(
                                "The texts of a brand must have at most 60000 characters together.");
                    }
                    return new Row(options, old.logo(), old.logoType(), now());
                });
    }

    Brand setLogo(TeamId team, Logo logo) {
        String key = blobs.put(logo.octets());
        return save(team, old -> new Row(old.options(), key, logo.type(), now()));
    }

    Brand removeLogo(TeamId team) {
        return save(team, old -> new Row(old.options(), null, null, now()));
    }

    /// @return empty when it is, or has become, nobody's logo
    Optional<Logo> logo(String key) {
        return store.read(tx -> brands.logoType(tx, key))
                .map(type -> new Logo(type, blobs.get(key)));
    }

    private Brand save(TeamId team, UnaryOperator<Row> change) {
        var row =
                store.write(tx -> {
                    var changed = change.apply(old(tx, team));
                    brands.save(tx, team, changed);
                    return changed;
                });
        return brand(team, row);
    }

    private Row old(Tx tx, TeamId team) {
        return brands.find(tx, team).orElseGet(() -> new Row(BrandOptions.NONE, null, null, now()));
    }

    private Brand brand(TeamId team, @Nullable Row row) {
        String standard = names.apply(team).orElse("");
        if (row == null) {
            return Brand.plain(standard);
        }
        String chosen = row.options().name();
        return new Brand(
                chosen == null ? standard : chosen,
                row.options(),
                row.logo(),
                row.logoType(),
                row.updatedAt());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
