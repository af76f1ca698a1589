package ai.mailgoat.server.dkim;

/// The two ways to sign that may still be used (RFC 8301, 3.1; RFC 8463, 3).
public enum Algorithm {
    /// RSASSA-PKCS1-v1_5 over SHA-256; every verifier knows it.
    RSA_SHA256("rsa-sha256"),
    /// PureEdDSA over the SHA-256 hash of the header data (RFC 8463, 3).
    ED25519_SHA256("ed25519-sha256");

    private final String tag;

    Algorithm(String tag) {
        this.tag = tag;
    }

    /// The value of the `a=` tag.
    public String tag() {
        return tag;
    }
}
