package ai.mailgoat.server.domain;

/// Makes keys that sign mail. Takes tens to hundreds of milliseconds: never called inside a
/// transaction.
public interface DkimKeyMaker {

    /// A fresh key for `algorithm`.
    KeyPair make(DkimAlgorithm algorithm);

    /// @param privateKey what the signer takes: kept sealed, and handed back as it is
    /// @param publicKey what `p=` says of it: an RSA public key as SubjectPublicKeyInfo in DER (RFC
    ///   6376, 3.6.1), an Ed25519 public key as its 32 octets (RFC 8463, 4)
    record KeyPair(byte[] privateKey, byte[] publicKey) {

        /// Without the key: it has no place in a log.
        @Override
        public String toString() {
            return "KeyPair[…]";
        }
    }
}
