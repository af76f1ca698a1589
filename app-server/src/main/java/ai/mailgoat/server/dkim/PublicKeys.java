package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimResult.Status;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// Checks signatures with published keys.
final class PublicKeys {
    /// Larger ones make a verifier work (RFC 8301, 3.2 asks for 4096).
    private static final int MAX_RSA_BITS = 8192;

    private static final int MAX_RSA_EXPONENT_BITS = 64;

    private PublicKeys() {}

    /// @throws Unverifiable when the key is no RSA key, or too small or large
    static boolean verifyRsa(
            byte[] encoded, int leastBits, Hash hash, byte[] data, byte[] signature)
            throws Unverifiable {
        var key = rsa(encoded);
        int bits = key.getModulus().bitLength();
        if (bits < leastBits) {
            // RFC 8301, 3.2: verifiers MUST NOT consider these valid.
            throw new Unverifiable(Status.FAIL, "an RSA key of " + bits + " bits is too weak");
        }
        if (bits > MAX_RSA_BITS || key.getPublicExponent().bitLength() > MAX_RSA_EXPONENT_BITS) {
            throw new Unverifiable(Status.PERMERROR, "the RSA key is too large");
        }
        try {
            var verifier = Signature.getInstance(hash.withRsa);
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // Such as a signature of the wrong length.
        }
    }

    /// @throws Unverifiable when the key is no Ed25519 key
    static boolean verifyEd25519(byte[] encoded, byte[] data, byte[] signature)
            throws Unverifiable {
        if (encoded.length != Ed25519PublicKeyParameters.KEY_SIZE) {
            throw new Unverifiable(Status.PERMERROR, "an Ed25519 key has 32 octets");
        }
        Ed25519PublicKeyParameters key;
        try {
            key = new Ed25519PublicKeyParameters(encoded);
        } catch (IllegalArgumentException e) {
            throw new Unverifiable(Status.PERMERROR, "not an Ed25519 key");
        }
        byte[] hash = Hash.SHA256.of(data);
        var verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(hash, 0, hash.length);
        return verifier.verifySignature(signature);
    }

    /// A SubjectPublicKeyInfo as everybody publishes, or the bare RSAPublicKey that RFC 6376, 3.6.1
    /// speaks of.
    private static RSAPublicKey rsa(byte[] encoded) throws Unverifiable {
        try {
            var factory = KeyFactory.getInstance("RSA");
            try {
                return (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                var bare = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(encoded);
                return (RSAPublicKey)
                        factory.generatePublic(
                                new RSAPublicKeySpec(bare.getModulus(), bare.getPublicExponent()));
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new Unverifiable(Status.PERMERROR, "not an RSA key");
        }
    }
}
