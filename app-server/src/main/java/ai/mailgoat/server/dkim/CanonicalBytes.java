package ai.mailgoat.server.dkim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Takes canonicalized octets one by one and feeds at most a given number of them to a digest in
/// large pieces; counts them all.
final class CanonicalBytes {
    private final byte[] buffer = new byte[8192];
    private final MessageDigest digest;
    private final long limit;
    private int used;
    private long count;

    CanonicalBytes(MessageDigest digest, long limit) {
        this.digest = digest;
        this.limit = limit;
    }

    void put(byte b) {
        if (count++ < limit) {
            buffer[used++] = b;
            if (used == buffer.length) {
                flush();
            }
        }
    }

    void putLineEnd() {
        put((byte) '\r');
        put((byte) '\n');
    }

    /// How many octets came, those beyond the limit too.
    long count() {
        return count;
    }

    byte[] digest() {
        flush();
        return digest.digest();
    }

    private void flush() {
        digest.update(buffer, 0, used);
        used = 0;
    }

    /// Header data as octets: one per character.
    static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
