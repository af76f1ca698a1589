package ai.mailgoat.server.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The boundaries of one message's multiparts, derived from its message id, so that composing twice
/// gives the same bytes. They begin with `=_`, which no encoded body contains (see {@link
/// EncodedText}), have equal length, and differ in the last character: none is a prefix of another.
final class Boundaries {
    private static final int DIGEST_OCTETS = 15;

    private final String stem;
    private int count;

    Boundaries(String messageId) {
        stem = "=_" + HexFormat.of().formatHex(digest(messageId), 0, DIGEST_OCTETS) + "_";
    }

    String next() {
        return stem + count++;
    }

    private static byte[] digest(String messageId) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(messageId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has it (MessageDigest).
            throw new IllegalStateException(e);
        }
    }
}
