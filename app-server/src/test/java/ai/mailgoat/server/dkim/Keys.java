package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dkim.DkimKeys.GeneratedKey;
import ai.mailgoat.server.smtp.MailDomain;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Two key pairs for all tests, and a message signed with them.
final class Keys {
    static final MailDomain DOMAIN = new MailDomain("example.org");
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    static final GeneratedKey RSA_PAIR = DkimKeys.generate(Algorithm.RSA_SHA256);
    static final GeneratedKey ED_PAIR = DkimKeys.generate(Algorithm.ED25519_SHA256);

    static final DkimKey RSA =
            DkimKeys.load(DOMAIN, "rsa1", Algorithm.RSA_SHA256, RSA_PAIR.privateKey());
    static final DkimKey ED =
            DkimKeys.load(DOMAIN, "ed1", Algorithm.ED25519_SHA256, ED_PAIR.privateKey());

    private Keys() {}

    static KeyServer dns() {
        return new KeyServer()
                .add(RSA.recordName(), RSA_PAIR.recordValue())
                .add(ED.recordName(), ED_PAIR.recordValue());
    }

    static byte[] octets(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    static byte[] signed(byte[] message) {
        return signed(message, NOW);
    }

    static byte[] signed(byte[] message, Instant now) {
        int headerLength = text(message).indexOf("\r\n\r\n") + 2;
        var both = new ByteArrayOutputStream();
        both.writeBytes(new DkimSigner().sign(message, headerLength, List.of(RSA, ED), now));
        both.writeBytes(message);
        return both.toByteArray();
    }
}
