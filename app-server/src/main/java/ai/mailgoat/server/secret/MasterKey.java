package ai.mailgoat.server.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM under a key that lives in a file of mode 0600, not in the database: a copy of the
/// database alone gives away no secret. Sealed form: 1 octet version, 4 octets key id, 12 octets
/// nonce, ciphertext with tag.
public final class MasterKey {
    private static final byte VERSION = 1;
    private static final int KEY_OCTETS = 32;
    private static final int ID_OCTETS = 4;
    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;
    private final byte[] id;

    private MasterKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        this.id = Arrays.copyOf(sha256(key), ID_OCTETS);
    }

    /// Reads the key file, or makes one of random octets if there is none yet.
    ///
    /// @throws SecretException when the file cannot be read or written, or does not hold 32 octets
    public static MasterKey loadOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            byte[] key = Files.readAllBytes(file);
            if (key.length != KEY_OCTETS) {
                throw new SecretException(
                        "the master key " + file + " must have 32 octets, it has " + key.length,
                        null);
            }
            return new MasterKey(key);
        } catch (IOException e) {
            throw new SecretException(
                    "the master key " + file + " cannot be read: check its owner and mode", e);
        }
    }

    /// Seals `plain`; two calls never give the same octets.
    public byte[] seal(byte[] plain) {
        var nonce = new byte[NONCE_OCTETS];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, plain);
        return ByteBuffer.allocate(1 + ID_OCTETS + NONCE_OCTETS + sealed.length)
                .put(VERSION)
                .put(id)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /// @throws SecretException when `sealed` was altered, or sealed under another key
    public byte[] open(byte[] sealed) {
        var buffer = ByteBuffer.wrap(sealed);
        if (sealed.length < 1 + ID_OCTETS + NONCE_OCTETS + TAG_BITS / 8
                || buffer.get() != VERSION) {
            throw new SecretException("not a sealed secret", null);
        }
        var sealedUnder = new byte[ID_OCTETS];
        buffer.get(sealedUnder);
        if (!Arrays.equals(sealedUnder, id)) {
            throw new SecretException(
                    "this database was sealed under another master key: put its master.key back in place",
                    null);
        }
        var nonce = new byte[NONCE_OCTETS];
        buffer.get(nonce);
        var rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return crypt(Cipher.DECRYPT_MODE, nonce, rest);
    }

    /// A key of its own for one purpose, so that what is made for one is worth nothing for another.
    ///
    /// @param label names the purpose; the same label gives the same 32 octets
    public byte[] derive(String label) {
        return Hmac.sha256(key.getEncoded(), label.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] crypt(int mode, byte[] nonce, byte[] input) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new SecretException("a sealed secret could not be opened: it was altered", e);
        }
    }

    private static void create(Path file) throws IOException {
        var random = new byte[KEY_OCTETS];
        RANDOM.nextBytes(random);
        Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
        Files.createDirectories(directory);
        // Made under another name and linked: two processes that start at once agree on one key.
        // Java makes temporary files with mode 0600.
        Path temporary = Files.createTempFile(directory, "master", ".new");
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(random));
            channel.force(true);
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // The other process was first; its key counts.
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(directory);
    }

    // What is sealed must not outlive the name of its key.
    private static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
