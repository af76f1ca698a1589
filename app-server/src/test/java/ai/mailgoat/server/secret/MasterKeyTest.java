package ai.mailgoat.server.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    private static final byte[] PLAIN = "whsec_1234".getBytes(StandardCharsets.UTF_8);

    @TempDir Path directory;

    private MasterKey key() {
        return MasterKey.loadOrCreate(directory.resolve("master.key"));
    }

    @Test
    void opensWhatItSealedAlsoAfterARestart() {
        byte[] sealed = key().seal(PLAIN);
        assertArrayEquals(PLAIN, key().open(sealed));
        assertArrayEquals(new byte[0], key().open(key().seal(new byte[0])));
    }

    @Test
    void sealsTheSameDifferentlyEachTime() {
        var key = key();
        assertFalse(Arrays.equals(key.seal(PLAIN), key.seal(PLAIN)));
        String sealed = new String(key.seal(PLAIN), StandardCharsets.ISO_8859_1);
        assertFalse(sealed.contains("whsec"));
    }

    @Test
    void refusesEveryAlteredOctetAndEveryShortening() {
        var key = key();
        byte[] sealed = key.seal(PLAIN);
        for (int i = 0; i < sealed.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] altered = sealed.clone();
                altered[i] ^= (byte) (1 << bit);
                assertThrows(SecretException.class, () -> key.open(altered), "octet " + i);
            }
            byte[] shortened = Arrays.copyOf(sealed, i);
            assertThrows(SecretException.class, () -> key.open(shortened));
        }
        assertThrows(
                SecretException.class, () -> key.open(Arrays.copyOf(sealed, sealed.length + 1)));
    }

    @Test
    void saysThatAnotherKeyIsNeeded() {
        byte[] sealed = MasterKey.loadOrCreate(directory.resolve("other.key")).seal(PLAIN);
        var refused = assertThrows(SecretException.class, () -> key().open(sealed));
        assertTrue(refused.getMessage().contains("another master key"), refused.getMessage());
    }

    @Test
    void keepsTheKeyToItsOwner() throws IOException {
        Path file = directory.resolve("made/as/needed/master.key");
        MasterKey.loadOrCreate(file);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(32, Files.size(file));
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void refusesAFileThatIsNoKey() throws IOException {
        Path file = Files.write(directory.resolve("short.key"), new byte[31]);
        var refused = assertThrows(SecretException.class, () -> MasterKey.loadOrCreate(file));
        assertTrue(
                refused.getMessage().contains("must have 32 octets, it has 31"),
                refused.getMessage());
        Path folder = Files.createDirectory(directory.resolve("folder.key"));
        assertThrows(SecretException.class, () -> MasterKey.loadOrCreate(folder));
        Path below = file.resolve("master.key");
        assertThrows(SecretException.class, () -> MasterKey.loadOrCreate(below));
    }

    @Test
    void agreesOnOneKeyWhenManyStartAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 20; round++) {
                Path file = directory.resolve("race-" + round);
                var starts = new ArrayList<Callable<MasterKey>>();
                for (int i = 0; i < 8; i++) {
                    starts.add(() -> MasterKey.loadOrCreate(file));
                }
                var keys = threads.invokeAll(starts);
                byte[] sealed = keys.getFirst().get().seal(PLAIN);
                for (var key : keys) {
                    assertArrayEquals(PLAIN, key.get().open(sealed));
                }
            }
        }
    }
}
