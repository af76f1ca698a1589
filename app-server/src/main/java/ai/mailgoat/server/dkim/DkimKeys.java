package ai.mailgoat.server.dkim;

import ai.mailgoat.server.smtp.MailDomain;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/// Makes key pairs and reads private keys back.
public final class DkimKeys {
    /// RFC 8301, 3.2: at least 1024, should be 2048; 4096 does not fit in some zones.
    private static final int RSA_BITS = 2048;

    private DkimKeys() {}

    /// A new key pair.
    ///
    /// @param privateKey PKCS#8 for RSA, the seed of 32 octets (RFC 8032, 5.1.5) for Ed25519; what
    ///   {@link #load} takes
    /// @param recordValue the whole value of the TXT record, such as `v=DKIM1; k=rsa; p=...`; it is
    ///   longer than one string of a TXT record may be (RFC 1035, 3.3: 255)
    public record GeneratedKey(byte[] privateKey, String recordValue) {
        @Override
        public String toString() {
            return "GeneratedKey[" + recordValue + "]";
        }
    }

    /// Takes about a tenth of a second for RSA.
    public static GeneratedKey generate(Algorithm algorithm) {
        var random = new SecureRandom();
        return switch (algorithm) {
            case RSA_SHA256 -> generateRsa(random);
            case ED25519_SHA256 -> {
                var key = new Ed25519PrivateKeyParameters(random);
                yield new GeneratedKey(
                        key.getEncoded(), record("ed25519", key.generatePublicKey().getEncoded()));
            }
        };
    }

    /// @param privateKey as {@link GeneratedKey#privateKey} has it
    /// @throws IllegalArgumentException when it is not such a key, or the selector is none
    public static DkimKey load(
            MailDomain domain, String selector, Algorithm algorithm, byte[] privateKey) {
        return load(domain, selector, algorithm, privateKey, RsaEngine.FASTEST);
    }

    static DkimKey load(
            MailDomain domain,
            String selector,
            Algorithm algorithm,
            byte[] privateKey,
            RsaEngine engine) {
        var secret =
                switch (algorithm) {
                    case RSA_SHA256 -> rsa(privateKey, engine);
                    case ED25519_SHA256 -> ed25519(privateKey);
                };
        return new DkimKey(domain, selector, algorithm, secret);
    }

    /// Whether a TXT record found in the DNS publishes the same key as `recordValue`, however it is
    /// written. False when it is revoked or not a key record.
    public static boolean publishes(String found, String recordValue) {
        try {
            var there = KeyRecord.parse(found);
            var ours = KeyRecord.parse(recordValue);
            return there.type().equals(ours.type()) && Arrays.equals(there.key(), ours.key());
        } catch (Unverifiable _) {
            return false;
        }
    }

    private static GeneratedKey generateRsa(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS, random);
            var pair = generator.generateKeyPair();
            return new GeneratedKey(
                    pair.getPrivate().getEncoded(), record("rsa", pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    private static String record(String type, byte[] publicKey) {
        var key = Base64.getEncoder().encodeToString(publicKey);
        return "v=DKIM1; k=" + type + "; p=" + key;
    }

    private static DkimKey.Secret rsa(byte[] pkcs8, RsaEngine engine) {
        try {
            var key = engine.key(pkcs8);
            return data -> {
                try {
                    return engine.sign(key, data);
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("RSA signing failed", e);
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an RSA private key in PKCS#8", e);
        }
    }

    private static DkimKey.Secret ed25519(byte[] seed) {
        if (seed.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 octets");
        }
        var key = new Ed25519PrivateKeyParameters(seed);
        return data -> {
            // RFC 8463, 3: Ed25519 signs the hash, not the data.
            byte[] hash = Hash.SHA256.of(data);
            var signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(hash, 0, hash.length);
            return signer.generateSignature();
        };
    }
}
