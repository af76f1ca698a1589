package ai.mailgoat.server.store;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Optional;
import java.util.regex.Pattern;

/// Large contents as files, named by their SHA-256: the same content is kept once. A file that is
/// there is whole and on disk, since it gets its name only after its own fsync.
public final class BlobStore {
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

    private final Path directory;

    /// @throws StoreUnavailableException when `blobs` cannot be made in `dataDir`
    public BlobStore(Path dataDir) {
        this.directory = dataDir.toAbsolutePath().resolve("blobs");
        try {
            Directories.create(directory);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot create " + directory + ": check owner and mode", e);
        }
    }

    /// Keeps `content` and returns its key once it is on disk.
    ///
    /// @throws StoreException when the disk refuses
    public String put(byte[] content) {
        String key = key(content);
        Path folder = directory.resolve(key.substring(0, 2));
        Path target = folder.resolve(key);
        try {
            Directories.create(folder);
            if (!Files.exists(target)) {
                write(content, target);
            }
            // Also for a file found: who wrote it may not have come so far yet.
            Directories.force(folder);
            return key;
        } catch (IOException e) {
            throw new StoreException("a blob could not be written: " + e.getMessage(), e);
        }
    }

    /// @throws StoreException when there is none by that key, or it cannot be read, or it is not
    ///   what was written
    public byte[] get(String key) {
        try {
            byte[] content = Files.readAllBytes(path(key));
            if (!key(content).equals(key)) {
                throw new StoreException(
                        "blob " + key + " is damaged", new IOException("its SHA-256 differs"));
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new StoreException("no blob " + key, e);
        } catch (IOException e) {
            throw new StoreException("blob " + key + " could not be read: " + e.getMessage(), e);
        }
    }

    /// Opens a blob for reading piece by piece; empty when there is none by that key. The content
    /// is not checked against the key.
    ///
    /// @throws StoreException when it cannot be read
    public Optional<InputStream> open(String key) {
        try {
            return Optional.of(Files.newInputStream(path(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException("blob " + key + " could not be read: " + e.getMessage(), e);
        }
    }

    private void write(byte[] content, Path target) throws IOException {
        Path temporary = Files.createTempFile(directory, "incoming-", null);
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path path(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new StoreException(
                    "no blob has such a key", new IllegalArgumentException("not a SHA-256"));
        }
        return directory.resolve(key.substring(0, 2)).resolve(key);
    }

    private static String key(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
