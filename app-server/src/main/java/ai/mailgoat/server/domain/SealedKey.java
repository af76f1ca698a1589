package ai.mailgoat.server.domain;

import ai.mailgoat.server.secret.MasterKey;
import java.util.UUID;

/// A signing key as it lies in the database. Its private half is opened only when asked for.
public final class SealedKey {
    private final DkimKey key;
    private final MasterKey masterKey;

    SealedKey(DkimKey key, MasterKey masterKey) {
        this.key = key;
        this.masterKey = masterKey;
    }

    /// Never reused for another key: whoever keeps parsed keys may keep them under it.
    public UUID id() {
        return key.id();
    }

    /// `s=` of the signature.
    public String selector() {
        return key.selector();
    }

    public DkimAlgorithm algorithm() {
        return key.algorithm();
    }

    /// Opens the private key, as the key maker made it; a fresh array each time.
    ///
    /// @throws ai.mailgoat.server.secret.SecretException when it was sealed under another master
    ///   key
    public byte[] open() {
        return masterKey.open(key.sealedKey());
    }

    @Override
    public String toString() {
        return "SealedKey[" + key.selector() + "]";
    }
}
