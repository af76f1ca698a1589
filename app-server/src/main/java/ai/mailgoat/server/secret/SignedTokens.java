package ai.mailgoat.server.secret;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Texts for URLs that carry a few octets and the time until which they hold, and that nobody else
/// can make. They are signed, not sealed: who has one can read what it carries. Form: 8 octets
/// expiry in seconds, the octets, HMAC-SHA256 over both; Base64 for URLs.
public final class SignedTokens {
    private static final int EXPIRY_OCTETS = Long.BYTES;

    /// Longer than any token made here.
    private static final int MAX_LENGTH = 8_192;

    private final byte[] key;

    /// @param purpose tokens of one purpose are none of another
    public SignedTokens(MasterKey masterKey, String purpose) {
        this.key = masterKey.derive(purpose);
    }

    /// What a genuine token carries, also one that has expired.
    ///
    /// @param expiresAt from when on it no longer holds
    public record Signed(byte[] content, Instant expiresAt) {

        public boolean holdsAt(Instant now) {
            return now.isBefore(expiresAt);
        }
    }

    /// @param expiresAt in whole seconds; a fraction is dropped
    public String sign(byte[] content, Instant expiresAt) {
        byte[] signed =
                ByteBuffer.allocate(EXPIRY_OCTETS + content.length)
                        .putLong(expiresAt.getEpochSecond())
                        .put(content)
                        .array();
        byte[] whole =
                ByteBuffer.allocate(signed.length + Hmac.OCTETS)
                        .put(signed)
                        .put(Hmac.sha256(key, signed))
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /// @return empty for whatever was not made by {@link #sign} under this key and purpose
    public Optional<Signed> read(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // The decoder is generous with the bits left over at the end; there is one way to write a
        // token.
        boolean oneWay =
                Base64.getUrlEncoder().withoutPadding().encodeToString(whole).equals(token);
        if (!oneWay || whole.length < EXPIRY_OCTETS + Hmac.OCTETS) {
            return Optional.empty();
        }
        int end = whole.length - Hmac.OCTETS;
        byte[] signed = Arrays.copyOf(whole, end);
        byte[] code = Arrays.copyOfRange(whole, end, whole.length);
        if (!MessageDigest.isEqual(code, Hmac.sha256(key, signed))) {
            return Optional.empty();
        }
        var expiresAt = Instant.ofEpochSecond(ByteBuffer.wrap(signed).getLong());
        return Optional.of(new Signed(Arrays.copyOfRange(signed, EXPIRY_OCTETS, end), expiresAt));
    }
}
