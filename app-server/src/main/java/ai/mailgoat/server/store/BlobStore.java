package ai.mailgoat.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Large contents as files, named by their SHA-256: the same content is kept once. A file that is
/// there is whole and on disk, since it gets its name only after its own fsync.
public final class BlobStore {
    private final Path directory;

    /// @throws StoreUnavailableException when `blobs` cannot be made in `dataDir`
    public BlobStore(Path dataDir) {
        this.directory = dataDir.toAbsolutePath().resolve("blobs");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot create " + directory + ": check owner and mode", e);
        }
    }

    /// Keeps `content` and returns its key once it is on disk.
    ///
    /// @throws StoreException when the disk refuses
    public String put(byte[] content) {
        String key = HexFormat.of().formatHex(sha256(content));
        Path folder = directory.resolve(key.substring(0, 2));
        Path target = folder.resolve(key);
        try {
            if (Files.exists(target)) {
                // Another thread may have named it a moment ago and not have forced the folder yet.
                forceDirectory(folder);
                return key;
            }
            if (!Files.exists(folder)) {
                Files.createDirectories(folder);
                forceDirectory(directory);
            }
            Path temporary = Files.createTempFile(directory, "incoming-", null);
            try {
                write(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            forceDirectory(folder);
            return key;
        } catch (IOException e) {
            throw new StoreException("a blob could not be written: " + e.getMessage(), e);
        }
    }

    /// @throws StoreException when there is none by that key, or it cannot be read
    public byte[] get(String key) {
        try {
            return Files.readAllBytes(path(key));
        } catch (NoSuchFileException e) {
            throw new StoreException("no blob " + key, e);
        } catch (IOException e) {
            throw new StoreException("blob " + key + " could not be read: " + e.getMessage(), e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private Path path(String key) {
        return directory.resolve(key.substring(0, 2)).resolve(key);
    }

    // The rename is durable only when its directory is (fsync(2): "an explicit fsync on the
    // directory is needed").
    private static void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
