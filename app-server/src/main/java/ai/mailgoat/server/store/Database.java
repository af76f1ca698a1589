package ai.mailgoat.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/// The embedded H2 database in `data.dir`: its file, its lock, its schema, its connections.
public final class Database implements AutoCloseable {

    /// H2 error 90020: another process, or another database object of this one, has the file.
    private static final int DATABASE_ALREADY_OPEN = 90020;

    /// A new database needs some tens of KB; below this it fails for want of space and nothing
    /// else.
    private static final long LEAST_SPACE = 1024 * 1024;

    private static final String MIGRATIONS = "classpath:ai/mailgoat/server/store/migration";

    private final String url;
    private final Connection writer;

    private Database(String url, Connection writer) {
        this.url = url;
        this.writer = writer;
    }

    /// Opens or creates `mailgoat.mv.db` in `dataDir`. The schema may still be old: see {@link
    /// #migrate}.
    ///
    /// @throws StoreUnavailableException with one line that says what to do
    public static Database open(Path dataDir) {
        try {
            Directories.create(dataDir);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot create the data directory "
                            + dataDir
                            + " (data.dir): give this user a place to write",
                    e);
        }
        if (!Files.isWritable(dataDir)) {
            throw new StoreUnavailableException(
                    "cannot write to the data directory "
                            + dataDir
                            + " (data.dir): check its owner and mode",
                    null);
        }
        if (isFull(dataDir)) {
            throw new StoreUnavailableException(
                    "the disk of " + dataDir + " (data.dir) is full: free some space", null);
        }
        if (dataDir.toAbsolutePath().toString().contains(";")) {
            throw new StoreUnavailableException(
                    "the data directory "
                            + dataDir
                            + " (data.dir) must not have a semicolon in its name",
                    null);
        }
        // WRITE_DELAY stays at its default: at 0 H2 never compacts. DB_CLOSE_ON_EXIT is ours to do.
        String url =
                "jdbc:h2:file:"
                        + dataDir.toAbsolutePath().resolve("mailgoat")
                        + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1;QUERY_CACHE_SIZE=128;LOCK_TIMEOUT=10000";
        try {
            var connection = connect(url);
            connection.setAutoCommit(false);
            Directories.force(dataDir);
            return new Database(url, connection);
        } catch (SQLException | IOException e) {
            throw unavailable(dataDir, e);
        }
    }

    /// The version of the schema in the file, and the newest this program knows; the first is
    /// `null` for a new file.
    public SchemaState schema() {
        var info = info();
        var current = info.current();
        int newest = 0;
        for (var migration : info.all()) {
            if (migration.getScript().startsWith("V") && migration.getState().isResolved()) {
                newest = Math.max(newest, number(migration.getVersion()));
            }
        }
        return new SchemaState(current == null ? null : number(current.getVersion()), newest);
    }

    /// Brings the schema up to date, after a backup of an older one into `backups/` beside the
    /// database.
    ///
    /// @throws StoreUnavailableException when the schema is newer than this program
    public void migrate(Path dataDir) {
        var state = schema();
        if (state.isNewer()) {
            throw new StoreUnavailableException(
                    "the database in "
                            + dataDir
                            + " has schema "
                            + state.current()
                            + ", this program knows "
                            + state.newest()
                            + ": run the newer MailGoat, or restore a backup made before the upgrade",
                    null);
        }
        if (state.current() != null && state.current() < state.newest()) {
            backup(dataDir, state.current());
        }
        try {
            flyway().migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailableException(
                    "the database could not be migrated: "
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    e);
        }
    }

    Connection writer() {
        return writer;
    }

    Connection openReader() {
        try {
            return connect(url);
        } catch (SQLException e) {
            throw StoreException.of("connect", e);
        }
    }

    /// Makes durable what was committed. Only `CHECKPOINT SYNC` reaches the disk: a commit alone
    /// changes memory.
    void force(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    @Override
    public void close() {
        try (var statement = writer.createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException e) {
            throw StoreException.of("SHUTDOWN", e);
        }
    }

    private void backup(Path dataDir, int version) {
        Path backups = dataDir.toAbsolutePath().resolve("backups");
        Path target = backups.resolve("before-upgrade-from-" + version + ".zip");
        try (var statement = writer.createStatement()) {
            Directories.create(backups);
            statement.execute("BACKUP TO '" + target.toString().replace("'", "''") + "'");
            try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Directories.force(backups);
        } catch (SQLException | IOException e) {
            throw new StoreUnavailableException("no backup, so no migration: " + e.getMessage(), e);
        }
    }

    private MigrationInfoService info() {
        try {
            return flyway().info();
        } catch (FlywayException e) {
            throw new StoreUnavailableException(
                    "the schema of the database cannot be read ("
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                            + "): restore a backup",
                    e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure().dataSource(url, "mailgoat", "").locations(MIGRATIONS).load();
    }

    private static int number(@Nullable MigrationVersion version) {
        return version == null ? 0 : Integer.parseInt(version.getVersion());
    }

    private static Connection connect(String url) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", "mailgoat");
        properties.setProperty("password", "");
        return DriverManager.getConnection(url, properties);
    }

    // H2 wraps the system's words for it several times over; the file system says it plainly.
    private static boolean isFull(Path dataDir) {
        try {
            return Files.getFileStore(dataDir).getUsableSpace() < LEAST_SPACE;
        } catch (IOException e) {
            return false;
        }
    }

    private static StoreUnavailableException unavailable(Path dataDir, Exception e) {
        if (e instanceof SQLException sql && sql.getErrorCode() == DATABASE_ALREADY_OPEN) {
            return new StoreUnavailableException(
                    "the database in "
                            + dataDir
                            + " is in use by another process: stop that MailGoat first",
                    e);
        }
        return new StoreUnavailableException(
                "the database in "
                        + dataDir
                        + " cannot be opened ("
                        + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                        + "): restore a backup",
                e);
    }

    /// @param current the file's schema, `null` for a new file
    /// @param newest the newest this program knows
    public record SchemaState(@Nullable Integer current, int newest) {
        public boolean isNewer() {
            return current != null && current > newest;
        }
    }
}
