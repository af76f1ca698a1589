package ai.mailgoat.server.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key a webhook's calls are signed with (Standard Webhooks, "Signature scheme"; the same as
/// Svix's).
///
/// @param key 24 to 64 octets
record SigningSecret(byte[] key) {
    private static final int KEY_OCTETS = 32;
    private static final String ALGORITHM = "HmacSHA256";

    static SigningSecret random(RandomGenerator random) {
        var key = new byte[KEY_OCTETS];
        random.nextBytes(key);
        return new SigningSecret(key);
    }

    /// The value of the signature header: one `v1,<base64>` for each secret.
    static String signatures(
            List<SigningSecret> secrets, String messageId, long timestamp, byte[] body) {
        return secrets.stream()
                .map(secret -> secret.sign(messageId, timestamp, body))
                .collect(Collectors.joining(" "));
    }

    /// @param messageId without dots
    /// @param timestamp seconds since 1970
    String sign(String messageId, long timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update((messageId + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /// `whsec_` and the key in base64, as receivers configure it.
    String text() {
        return "whsec_" + Base64.getEncoder().encodeToString(key);
    }

    /// Not the key: this must not reach a log.
    @Override
    public String toString() {
        return "whsec_***";
    }
}
