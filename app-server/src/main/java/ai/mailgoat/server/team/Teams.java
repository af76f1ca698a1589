package ai.mailgoat.server.team;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import ai.mailgoat.server.store.Tx;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The teams and who may sign in for them.
public final class Teams {
    private final Store store;
    private final TeamStore teams = new TeamStore();
    private final InstantSource clock;
    private final Uuids ids;
    private final SecureRandom random;

    /// Compared against when there is no such person, so that the answer takes as long.
    private final PasswordHash nobody;

    public Teams(Store store, InstantSource clock, Uuids ids, SecureRandom random) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.nobody = PasswordHash.of(new char[] {'-'}, random);
    }

    /// The first team, made now if there is none yet. Safe to repeat.
    ///
    /// @param name used only when it is made
    /// @param adminEmail where to reach the operator; `null` leaves what is stored
    public TeamId ensureDefault(Tx tx, String name, @Nullable String adminEmail) {
        var existing = teams.first(tx);
        if (existing.isEmpty()) {
            var id = new TeamId(ids.next());
            teams.insert(tx, id, name, adminEmail, clock.instant());
            return id;
        }
        if (adminEmail != null) {
            teams.setAdminEmail(tx, existing.get(), adminEmail);
        }
        return existing.get();
    }

    /// The first team, if `setup` has made it.
    public Optional<TeamId> first(Tx tx) {
        return teams.first(tx);
    }

    public record Team(TeamId id, String name, Instant createdAt) {}

    /// Makes one more team.
    public Team create(Tx tx, String name) {
        var team =
                new Team(
                        new TeamId(ids.next()),
                        name,
                        clock.instant().truncatedTo(ChronoUnit.MICROS));
        teams.insert(tx, team.id(), name, null, team.createdAt());
        return team;
    }

    /// All teams, newest first: up to one more than the page holds.
    public List<Team> list(Page page) {
        return store.read(tx -> teams.list(tx, page));
    }

    /// What a team is called.
    public Optional<String> name(TeamId team) {
        return store.read(tx -> teams.name(tx, team));
    }

    /// Hashes a password for {@link #setAdmin}, before the transaction: it takes tens of
    /// milliseconds, in which the one writer would stand still.
    public PasswordHash hash(char[] password) {
        return PasswordHash.of(password, random);
    }

    /// Lets `email` sign in for `team`; who may already gets the new password.
    ///
    /// @param email any case; it is kept in lower case
    /// @throws StoreException with `isDuplicateKey` when the address signs in for another team
    public void setAdmin(Tx tx, TeamId team, String email, PasswordHash password) {
        String folded = email.toLowerCase(Locale.ROOT);
        if (teams.updatePassword(tx, team, folded, password) == 0) {
            teams.insertUser(tx, ids.next(), team, folded, password, clock.instant());
        }
    }

    /// The team that `email` signs in for, if the password is right. Takes as long for an address
    /// that is unknown.
    public Optional<TeamId> verify(String email, char[] password) {
        String folded = email.toLowerCase(Locale.ROOT);
        var user = store.read(tx -> teams.user(tx, folded));
        boolean right = user.map(TeamStore.User::hash).orElse(nobody).matches(password);
        return right ? user.map(TeamStore.User::team) : Optional.empty();
    }
}
