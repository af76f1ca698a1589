package ai.mailgoat.server.team;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// An Argon2id hash (RFC 9106) as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. The
/// parameters travel with the hash, so that stronger ones may come without a migration.
///
/// @param phc the string as it is stored
public record PasswordHash(String phc) {

    // 19 MiB, two passes, one lane: about 30 ms, and little enough memory that sign-ins at a time
    // do not exhaust a small machine.
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;

    /// What a stored row may ask for at most: a hash from elsewhere must not take the machine down.
    private static final int MAX_MEMORY_KIB = 1 << 20;

    private static final Pattern PHC =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

    /// Hashes `password` with a fresh salt. Takes tens of milliseconds: not inside a transaction.
    public static PasswordHash of(char[] password, SecureRandom random) {
        var salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        byte[] hash = argon2id(password, salt, MEMORY_KIB, PASSES, LANES, HASH_OCTETS);
        var base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash(
                "$argon2id$v=19$m="
                        + MEMORY_KIB
                        + ",t="
                        + PASSES
                        + ",p="
                        + LANES
                        + "$"
                        + base64.encodeToString(salt)
                        + "$"
                        + base64.encodeToString(hash));
    }

    /// Whether this is the hash of `password`; `false` too when the string is no Argon2id hash.
    public boolean matches(char[] password) {
        var match = PHC.matcher(phc);
        if (!match.matches()) {
            return false;
        }
        int memory = Integer.parseInt(match.group(1));
        int passes = Integer.parseInt(match.group(2));
        int lanes = Integer.parseInt(match.group(3));
        if (lanes < 1 || passes < 1 || memory < 8 * lanes || memory > MAX_MEMORY_KIB) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(match.group(4));
        byte[] expected = Base64.getDecoder().decode(match.group(5));
        return MessageDigest.isEqual(
                expected, argon2id(password, salt, memory, passes, lanes, expected.length));
    }

    /// Without the hash: it has no place in a log.
    @Override
    public String toString() {
        return "PasswordHash[…]";
    }

    private static byte[] argon2id(
            char[] password, byte[] salt, int memory, int passes, int lanes, int octets) {
        var generator = new Argon2BytesGenerator();
        generator.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(memory)
                        .withIterations(passes)
                        .withParallelism(lanes)
                        .withSalt(salt)
                        .build());
        // No String in between: those cannot be wiped.
        var utf8 = ByteBuffer.allocate(3 * password.length);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(password), utf8, true);
        byte[] passwordOctets = Arrays.copyOf(utf8.array(), utf8.position());
        Arrays.fill(utf8.array(), (byte) 0);
        var hash = new byte[octets];
        try {
            generator.generateBytes(passwordOctets, hash);
        } finally {
            Arrays.fill(passwordOctets, (byte) 0);
        }
        return hash;
    }
}
