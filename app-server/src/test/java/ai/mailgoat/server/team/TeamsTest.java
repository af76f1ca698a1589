package ai.mailgoat.server.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.StoreException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TeamsTest {
    @TempDir Path dataDir;

    @Test
    void theFirstTeamIsMadeOnce() {
        var database = Database.open(dataDir);
        database.migrate(dataDir);
        try (var store = Store.open(database, 1)) {
            var ids = new Uuids(Clock.systemUTC(), new SecureRandom());
            var teams = new Teams(store, Clock.systemUTC(), ids, new SecureRandom());
            assertEquals(Optional.empty(), store.read(teams::first));
            var made = store.write(tx -> teams.ensureDefault(tx, "Acme", null));
            assertEquals(made, store.write(tx -> teams.ensureDefault(tx, "Else", "a@x.example")));
            assertEquals(Optional.of(made), store.read(teams::first));
        }
    }

    @Test
    void anAdministratorSignsInWithTheLatestPasswordAndNoOther() {
        try (var two = new TwoTeams(dataDir)) {
            var teams = new Teams(two.store, two.clock(), two.ids, new SecureRandom());
            setAdmin(two, teams, "first password é☃");
            assertEquals(
                    Optional.of(two.acme),
                    teams.verify("admin@ACME.example", "first password é☃".toCharArray()));
            assertEquals(
                    Optional.empty(), teams.verify("admin@acme.example", "wrong".toCharArray()));
            assertEquals(Optional.empty(), teams.verify("who@acme.example", "-".toCharArray()));

            setAdmin(two, teams, "second");
            assertEquals(
                    Optional.of(two.acme),
                    teams.verify("admin@acme.example", "second".toCharArray()));
            assertEquals(
                    Optional.empty(),
                    teams.verify("admin@acme.example", "first password é☃".toCharArray()));
        }
    }

    @Test
    void anAddressSignsInForOneTeamOnly() {
        try (var two = new TwoTeams(dataDir)) {
            var teams = new Teams(two.store, two.clock(), two.ids, new SecureRandom());
            setAdmin(two, teams, "acme's");
            var hash = teams.hash("other's".toCharArray());
            var refused =
                    assertThrows(
                            StoreException.class,
                            () ->
                                    two.store.write(tx -> {
                                        teams.setAdmin(tx, two.other, "Admin@acme.example", hash);
                                        return true;
                                    }));
            assertTrue(refused.isDuplicateKey());
            assertEquals(
                    Optional.of(two.acme),
                    teams.verify("admin@acme.example", "acme's".toCharArray()));
        }
    }

    @Test
    void hashesAreArgon2idWithTheirParametersAndAFreshSalt() {
        var random = new SecureRandom();
        var one = PasswordHash.of("goat".toCharArray(), random);
        assertTrue(one.phc().startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), one.phc());
        assertFalse(one.phc().equals(PasswordHash.of("goat".toCharArray(), random).phc()));
        assertFalse(one.toString().contains(one.phc()));
    }

    // "password" with "somesalt", a test vector of the reference implementation.
    @Test
    void aHashOfTheReferenceImplementationIsUnderstood() {
        var reference =
                new PasswordHash(
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assertTrue(reference.matches("password".toCharArray()));
        assertFalse(reference.matches("Password".toCharArray()));
    }

    @Test
    void whatIsNoHashMatchesNothing() {
        for (String phc :
                new String[] {
                    "",
                    "password",
                    "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHRzYWx0",
                    "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$c29tZXNhbHRzYWx0",
                    "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$c29tZXNhbHRzYWx0"
                }) {
            assertFalse(new PasswordHash(phc).matches("password".toCharArray()), phc);
        }
    }

    private static void setAdmin(TwoTeams two, Teams teams, String password) {
        var hash = teams.hash(password.toCharArray());
        two.store.write(tx -> {
            teams.setAdmin(tx, two.acme, "Admin@acme.example", hash);
            return true;
        });
    }
}
