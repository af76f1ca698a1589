package ai.mailgoat.server.domain;

/// The two algorithms each domain signs with, and where their public keys stand.
public enum DkimAlgorithm {
    /// RSA-2048 with SHA-256 (RFC 8301, 3.2), for everybody.
    RSA_SHA256("mailgoat", "rsa"),
    /// Ed25519 (RFC 8463), for those who know it.
    ED25519_SHA256("mailgoat-ed", "ed25519");

    private final String selector;
    private final String keyType;

    DkimAlgorithm(String selector, String keyType) {
        this.selector = selector;
        this.keyType = keyType;
    }

    /// `s=` of the signature, and the first label of the record's name.
    public String selector() {
        return selector;
    }

    /// The key record's content (RFC 6376, 3.6.1).
    String recordValue(byte[] publicKey) {
        return "v=DKIM1; k="
                + keyType
                + "; p="
                + java.util.Base64.getEncoder().encodeToString(publicKey);
    }
}
