package ai.mailgoat.server.store;

import ai.mailgoat.common.id.TeamId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/// A real, migrated store in a directory of its own, with one team in it.
///
/// ```java
/// try (var test = TestStore.open(directory)) {
///     test.store().write(tx -> ...);
/// }
/// ```
public final class TestStore implements AutoCloseable {
    private static final UUID TEAM = UUID.fromString("018f0000-0000-7000-8000-000000000001");

    private final Path directory;
    private Store store;

    private TestStore(Path directory) {
        this.directory = directory;
        this.store = start(directory);
    }

    /// Opens the store in `directory`, new or as an earlier `TestStore` left it.
    public static TestStore open(Path directory) {
        var test = new TestStore(directory);
        boolean isNew =
                test.store
                        .read(tx -> tx.query("SELECT id FROM team", row -> row.uuid("id")))
                        .isEmpty();
        if (isNew) {
            test.addTeam(TEAM);
        }
        return test;
    }

    public Store store() {
        return store;
    }

    public Path directory() {
        return directory;
    }

    /// The team that is always there.
    public TeamId team() {
        return new TeamId(TEAM);
    }

    /// Adds one more team.
    public TeamId addTeam(UUID id) {
        store.write(tx ->
                tx.update(
                        "INSERT INTO team (id, name, created_at) VALUES (?, ?, ?)",
                        id,
                        "Team " + id,
                        Instant.parse("2026-01-01T00:00:00Z")));
        return new TeamId(id);
    }

    /// How many rows a table has.
    public int count(String table) {
        return store.read(tx ->
                tx.first("SELECT COUNT(*) AS n FROM " + table, row -> row.integer("n"))
                        .orElseThrow());
    }

    /// Closes the store and opens it again on the same files.
    public void reopen() {
        store.close();
        store = start(directory);
    }

    @Override
    public void close() {
        store.close();
    }

    private static Store start(Path directory) {
        var database = Database.open(directory);
        database.migrate(directory);
        return Store.open(database, 2);
    }
}
