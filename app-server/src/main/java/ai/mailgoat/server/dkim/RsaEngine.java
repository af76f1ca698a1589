package ai.mailgoat.server.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who computes RSA signatures. BoringSSL, through Conscrypt, is half again as fast as the JDK; it
/// is asked by instance and never registered, so that TLS stays with the JDK.
///
/// @param provider `null` for the JDK's own
record RsaEngine(String name, @Nullable Provider provider) {
    private static final Logger log = LoggerFactory.getLogger(RsaEngine.class);

    static final RsaEngine JDK = new RsaEngine("JDK", null);

    /// Conscrypt where its native library loads (glibc on x86-64 and such), else the JDK.
    static final RsaEngine FASTEST = fastest();

    PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        var factory =
                provider == null
                        ? KeyFactory.getInstance("RSA")
                        : KeyFactory.getInstance("RSA", provider);
        return factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /// A fresh `Signature` each time costs some microseconds beside half a millisecond, and leaves
    /// nothing to share between threads.
    byte[] sign(PrivateKey key, byte[] data) throws GeneralSecurityException {
        var signature =
                provider == null
                        ? Signature.getInstance("SHA256withRSA")
                        : Signature.getInstance("SHA256withRSA", provider);
        signature.initSign(key);
        signature.update(data);
        return signature.sign();
    }

    private static RsaEngine fastest() {
        try {
            Conscrypt.checkAvailability();
            return new RsaEngine("Conscrypt", Conscrypt.newProvider());
        } catch (LinkageError | RuntimeException e) {
            log.info(
                    "Conscrypt does not load here, RSA signatures come from the JDK: {}",
                    e.toString());
            return JDK;
        }
    }
}
