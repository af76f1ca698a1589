package ai.mailgoat.server.console;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.Authenticator;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Who may read `admin.token` in the data directory (mode 0600) may use the admin API. A new token
/// each start.
public final class AdminToken implements Authenticator {
    public static final String FILE = "admin.token";

    private static final ApiKeyId KEY = new ApiKeyId(new UUID(0, 0));

    private final byte[] token;
    private final Supplier<TeamId> team;

    private AdminToken(byte[] token, Supplier<TeamId> team) {
        this.token = token;
        this.team = team;
    }

    /// Writes a fresh token.
    ///
    /// @param team whose data the admin sees
    public static AdminToken issue(Path dataDir, Supplier<TeamId> team) {
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        byte[] token = Base64.getUrlEncoder().withoutPadding().encode(random);
        try {
            Path temporary =
                    Files.createTempFile(
                            dataDir.toAbsolutePath(),
                            FILE,
                            ".new",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, token);
            Files.move(
                    temporary,
                    dataDir.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "cannot write " + dataDir.resolve(FILE) + ": " + e.getMessage(), e);
        }
        return new AdminToken(token, team);
    }

    @Override
    public Optional<Principal> authenticate(String candidate) {
        return MessageDigest.isEqual(token, candidate.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(
                        new Principal(team.get(), KEY, Principal.Permission.FULL_ACCESS, null))
                : Optional.empty();
    }
}
