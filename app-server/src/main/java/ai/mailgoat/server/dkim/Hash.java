package ai.mailgoat.server.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash functions of RFC 6376, 3.3. SHA-1 is only there to tell what an old signature is.
enum Hash {
    SHA1("sha1", "SHA-1", "SHA1withRSA"),
    SHA256("sha256", "SHA-256", "SHA256withRSA");

    /// As in `a=` behind the hyphen, and in a key record's `h=`.
    final String tag;

    final String withRsa;

    private final String digest;

    Hash(String tag, String digest, String withRsa) {
        this.tag = tag;
        this.digest = digest;
        this.withRsa = withRsa;
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + digest, e);
        }
    }

    byte[] of(byte[] data) {
        return digest().digest(data);
    }
}
