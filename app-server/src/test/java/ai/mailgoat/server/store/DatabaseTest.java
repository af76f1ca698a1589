package ai.mailgoat.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatabaseTest {
    @TempDir Path directory;

    private static String oneLine(Throwable e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        return e.getMessage();
    }

    private String refusal(Path dataDir) {
        return oneLine(assertThrows(StoreUnavailableException.class, () -> Database.open(dataDir)));
    }

    @Test
    void tellsTheSchemaOfANewAndOfAMigratedFile() {
        try (var database = Database.open(directory)) {
            var fresh = database.schema();
            assertEquals(null, fresh.current());
            assertTrue(fresh.newest() >= 1);
            assertFalse(fresh.isNewer());
            database.migrate(directory);
            assertEquals(fresh.newest(), database.schema().current());
            database.migrate(directory);
        }
        try (var again = Database.open(directory)) {
            assertEquals(again.schema().newest(), again.schema().current());
        }
        assertFalse(Files.exists(directory.resolve("backups")));
    }

    @Test
    void refusesASchemaNewerThanItself() throws SQLException {
        try (var database = Database.open(directory)) {
            database.migrate(directory);
            alterHistory(
                    database,
                    "INSERT INTO \"flyway_schema_history\" VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', CURRENT_TIMESTAMP, 1, TRUE)");
            assertTrue(database.schema().isNewer());
            String message =
                    oneLine(
                            assertThrows(
                                    StoreUnavailableException.class,
                                    () -> database.migrate(directory)));
            assertTrue(
                    message.contains("has schema 99") && message.contains("run the newer MailGoat"),
                    message);
        }
    }

    @Test
    void refusesAMigrationThatWasChangedAfterwards() throws SQLException {
        try (var database = Database.open(directory)) {
            database.migrate(directory);
            alterHistory(
                    database,
                    "UPDATE \"flyway_schema_history\" SET \"checksum\" = 1 WHERE \"version\" = '1'");
            String message =
                    oneLine(
                            assertThrows(
                                    StoreUnavailableException.class,
                                    () -> database.migrate(directory)));
            assertTrue(message.contains("could not be migrated"), message);
        }
    }

    private static void alterHistory(Database database, String sql) throws SQLException {
        try (var statement = database.writer().createStatement()) {
            statement.execute(sql);
        }
        database.writer().commit();
    }

    @Test
    void keepsTheDataFromOthersEyes() throws IOException {
        Path made = directory.resolve("a/data");
        try (var database = Database.open(made)) {
            database.migrate(made);
        }
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }

    @Test
    void saysThatAnotherProcessHasTheDatabase() throws Exception {
        try (var child = ChildStore.start(directory)) {
            child.await(1);
            String message = refusal(directory);
            assertTrue(message.contains("in use by another process"), message);
        }
    }

    @Test
    void saysThatThePlaceIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertTrue(refusal(file).contains("cannot create the data directory"), refusal(file));
        assertTrue(refusal(file.resolve("below")).contains("data.dir"));
        assertTrue(refusal(directory.resolve("a;b")).contains("semicolon"));
    }

    @Test
    void saysThatTheFileIsDamaged() throws IOException {
        Path file = directory.resolve("mailgoat.mv.db");
        Files.write(
                file,
                "this is no database, whatever its name says\n"
                        .repeat(400)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String message = refusal(directory);
        assertTrue(
                message.contains("cannot be opened") && message.contains("restore a backup"),
                message);
    }
}
