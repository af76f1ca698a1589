package ai.mailgoat.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the bodies of uploads lie while they come in and are read. What a process that was killed
/// has left there is removed at the next start.
final class UploadSpool {
    private static final Logger LOG = LoggerFactory.getLogger(UploadSpool.class);
    private static final String PREFIX = "mailgoat-upload";

    /// At a time: each may fill as much of the disk as its route allows.
    private static final int MAX_UPLOADS = 4;

    private final @Nullable Path directory;
    private final Semaphore places = new Semaphore(MAX_UPLOADS);

    /// @param directory `null` for the system's place for temporary files
    UploadSpool(@Nullable Path directory) {
        this.directory = directory;
        if (directory != null) {
            clear(directory);
        }
    }

    /// Takes a body in; what it returns must be closed.
    ///
    /// @param cap octets at most
    /// @throws ApiException 413; 503 when too many come in at once, or the disk is full
    Upload take(RequestBody body, long cap) {
        if (!places.tryAcquire()) {
            throw new ApiException(
                    503, "service_unavailable", "Too many uploads at once. Try again.");
        }
        var upload = new Upload();
        try {
            upload.file =
                    directory == null
                            ? Files.createTempFile(PREFIX, null)
                            : Files.createTempFile(
                                    Files.createDirectories(directory), PREFIX, null);
            body.spool(upload.file, cap);
            return upload;
        } catch (IOException e) {
            upload.close();
            LOG.error("an upload could not be kept", e);
            throw noPlace();
        } catch (RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    /// A body in a file, until it is closed.
    final class Upload implements AutoCloseable {
        private @Nullable Path file;

        /// The file; the handler may move it away.
        Path file() {
            return java.util.Objects.requireNonNull(file);
        }

        @Override
        public void close() {
            places.release();
            try {
                if (file != null) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                LOG.warn("the upload {} could not be removed: {}", file, e.getMessage());
            }
        }
    }

    static ApiException noPlace() {
        return new ApiException(
                503, "service_unavailable", "There is no place for this upload. Try again.");
    }

    private static void clear(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var left = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (var file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("uploads of an earlier run could not be removed", e);
        }
    }
}
