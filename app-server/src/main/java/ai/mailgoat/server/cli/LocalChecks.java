package ai.mailgoat.server.cli;

import ai.mailgoat.server.store.Database;
import ai.mailgoat.server.store.StoreUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checks of this machine alone.
final class LocalChecks {
    private static final long MB = 1024 * 1024;
    private static final int JAVA = 25;

    private LocalChecks() {}

    static Check java() {
        var version = Runtime.version();
        long heap = Runtime.getRuntime().maxMemory() / MB;
        String detail = version + ", heap up to " + heap + " MB";
        return version.feature() >= JAVA
                ? Check.pass("java", detail)
                : Check.fail("java", detail, "install JDK " + JAVA);
    }

    static Check dataDir(Path dataDir) {
        Path existing = existing(dataDir);
        if (!Files.isWritable(existing)) {
            return Check.fail(
                    "data.dir",
                    existing + " is not writable",
                    "give this user the directory, or set data.dir");
        }
        return Check.pass(
                "data.dir", Files.exists(dataDir) ? dataDir.toString() : dataDir + " (to be made)");
    }

    static Check disk(Path dataDir) {
        try {
            long free = Files.getFileStore(existing(dataDir)).getUsableSpace() / MB;
            String detail = free + " MB free";
            if (free < 200) {
                return Check.fail("disk", detail, "free some space: mail cannot be accepted soon");
            }
            return free < 2048
                    ? Check.warn("disk", detail, "free some space, or move data.dir")
                    : Check.pass("disk", detail);
        } catch (IOException e) {
            return Check.warn("disk", "unknown: " + e.getMessage(), "look with df");
        }
    }

    /// Opens the database only if there is one: looking must not make anything.
    static Check database(Path dataDir) {
        if (!Files.exists(dataDir.resolve("mailgoat.mv.db"))) {
            return Check.pass("database", "none yet; the first start makes it");
        }
        try (var database = Database.open(dataDir)) {
            var schema = database.schema();
            if (schema.isNewer()) {
                return Check.fail(
                        "database",
                        "schema " + schema.current() + ", this program knows " + schema.newest(),
                        "run the newer MailGoat");
            }
            return Check.pass("database", "opens, schema " + schema.current());
        } catch (StoreUnavailableException e) {
            return Check.fail(
                    "database",
                    String.valueOf(e.getMessage()),
                    "see the message; put a backup of the data directory back");
        }
    }

    static Check port(String key, String host, int port) {
        String name = key + ".port";
        if (port == 0) {
            return Check.pass(name, "any free one");
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Check.pass(name, host + ":" + port + " is free");
        } catch (IOException e) {
            return Check.fail(
                    name,
                    host + ":" + port + ": " + e.getMessage(),
                    "stop what listens there (ss -ltnp), or set " + name);
        }
    }

    private static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
