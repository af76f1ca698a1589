package ai.mailgoat.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobStoreTest {
    private static final String SHA256_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long files() throws IOException {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void keepsContentByItsHash() {
        var blobs = new BlobStore(directory);
        assertEquals(SHA256_OF_ABC, blobs.put(bytes("abc")));
        assertArrayEquals(bytes("abc"), blobs.get(SHA256_OF_ABC));
        assertArrayEquals(new byte[0], blobs.get(blobs.put(new byte[0])));
        byte[] large = new byte[20 << 20];
        large[large.length - 1] = 1;
        assertArrayEquals(large, new BlobStore(directory).get(blobs.put(large)));
    }

    @Test
    void keepsTheSameContentOnce() throws IOException {
        var blobs = new BlobStore(directory);
        blobs.put(bytes("abc"));
        blobs.put(bytes("abc"));
        assertEquals(1, files());
    }

    @Test
    void keepsStrangersOut() throws IOException {
        String key = new BlobStore(directory.resolve("data")).put(bytes("abc"));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("data"))));
        Path file = directory.resolve("data/blobs").resolve(key.substring(0, 2)).resolve(key);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void noticesADamagedBlob() throws IOException {
        var blobs = new BlobStore(directory);
        blobs.put(bytes("abc"));
        Path file = directory.resolve("blobs/ba").resolve(SHA256_OF_ABC);
        Files.write(file, bytes("abd"));
        var refused = assertThrows(StoreException.class, () -> blobs.get(SHA256_OF_ABC));
        assertTrue(refused.getMessage().contains("damaged"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "b",
                "../../../../etc/passwd",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a/",
                "00000000000000000000000000000000000000000000000000000000000000000"
            })
    void refusesOtherKeys(String key) {
        var blobs = new BlobStore(directory);
        assertThrows(StoreException.class, () -> blobs.get(key));
        assertThrows(StoreException.class, () -> blobs.get(SHA256_OF_ABC));
    }

    @Test
    void takesManyWritersOfTheSameContent() throws Exception {
        var blobs = new BlobStore(directory);
        try (var threads = Executors.newFixedThreadPool(8)) {
            var writes = new ArrayList<Callable<String>>();
            for (int i = 0; i < 200; i++) {
                byte[] content = bytes("content " + i % 10);
                writes.add(() -> blobs.put(content));
            }
            var keys = new HashSet<String>();
            for (var write : threads.invokeAll(writes)) {
                keys.add(write.get());
            }
            assertEquals(10, keys.size());
            assertEquals(10, files());
        }
    }

    @Test
    void saysWhenTheDirectoryCannotBe() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        var refused = assertThrows(StoreUnavailableException.class, () -> new BlobStore(file));
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void leavesNothingBehindWhenAWriteFails() throws IOException {
        var blobs = new BlobStore(directory);
        Files.createDirectories(directory.resolve("blobs/ba"));
        // A directory in place of the file cannot be renamed onto.
        Files.createDirectories(directory.resolve("blobs/ba").resolve(SHA256_OF_ABC).resolve("x"));
        Files.delete(directory.resolve("blobs/ba").resolve(SHA256_OF_ABC).resolve("x"));
        assertThrows(StoreException.class, () -> blobs.get(blobs.put(bytes("abc"))));
        assertEquals(0, files());
    }
}
