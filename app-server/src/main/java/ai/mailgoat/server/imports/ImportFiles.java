package ai.mailgoat.server.imports;

import ai.mailgoat.server.store.Directories;
import ai.mailgoat.server.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that wait for their import, or are in the middle of it; each bears the import's id.
final class ImportFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ImportFiles.class);
    private static final int PIECE = 64 * 1024;

    private final Path directory;

    ImportFiles(Path dataDir) {
        this.directory = dataDir.toAbsolutePath().resolve("imports");
    }

    /// Keeps what comes in; it is on disk when this returns.
    ///
    /// @throws IOException when `content` cannot be read
    /// @throws StoreException when the disk refuses
    void put(UUID id, InputStream content) throws IOException {
        try (var file = create(id)) {
            var piece = new byte[PIECE];
            for (int n = content.read(piece); n >= 0; n = content.read(piece)) {
                write(file, ByteBuffer.wrap(piece, 0, n));
            }
            force(file);
        }
    }

    Path path(UUID id) {
        return directory.resolve(id + ".csv");
    }

    void delete(UUID id) {
        try {
            Files.deleteIfExists(path(id));
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", path(id), e.getMessage());
        }
    }

    /// Removes what a crash left behind.
    ///
    /// @param wanted the imports that have not ended
    void sweep(Set<UUID> wanted) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.newDirectoryStream(directory, "*.csv")) {
            for (var file : files) {
                if (wanted.stream().noneMatch(id -> path(id).equals(file))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} could not be cleared: {}", directory, e.getMessage());
        }
    }

    private FileChannel create(UUID id) {
        try {
            Directories.create(directory);
            return FileChannel.open(
                    path(id), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private static void write(FileChannel file, ByteBuffer octets) {
        try {
            while (octets.hasRemaining()) {
                file.write(octets);
            }
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private void force(FileChannel file) {
        try {
            file.force(true);
            Directories.force(directory);
        } catch (IOException e) {
            throw refused(e);
        }
    }

    private static StoreException refused(IOException e) {
        return new StoreException("a file to import could not be kept: " + e.getMessage(), e);
    }
}
