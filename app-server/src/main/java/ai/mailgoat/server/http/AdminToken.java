package ai.mailgoat.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;

/// The admin port's authenticator: one bearer token, kept in a file of mode 0600. Who may read the
/// file may administer.
public final class AdminToken implements Authenticator {
    private static final int OCTETS = 32;
    private static final int MIN_LENGTH = 16;

    private final byte[] token;
    private final Principal holder;

    private AdminToken(String token, Principal holder) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.holder = holder;
    }

    /// Reads the token, or makes one of random octets if there is no file yet.
    ///
    /// @param holder whom the token stands for
    /// @throws IOException when the file cannot be read or made, or holds less than 16 characters
    public static AdminToken loadOrCreate(Path file, Principal holder) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        String token = Files.readString(file).strip();
        if (token.length() < MIN_LENGTH) {
            throw new IOException(
                    "the admin token in " + file + " has less than " + MIN_LENGTH + " characters");
        }
        return new AdminToken(token, holder);
    }

    @Override
    public Optional<Principal> authenticate(String given) {
        boolean same = MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
        return same ? Optional.of(holder) : Optional.empty();
    }

    private static void create(Path file) throws IOException {
        var random = new byte[OCTETS];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var mode =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, options, mode)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            // Another process was first; its token counts.
            if (Files.size(file) == 0) {
                throw new IOException(
                        "the admin token in " + file + " is being made; try again", e);
            }
        }
    }
}
