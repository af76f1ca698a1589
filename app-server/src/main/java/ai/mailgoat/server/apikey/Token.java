package ai.mailgoat.server.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;

/// A key as its owner holds it: `re_` (`mgo_` for the access token of a grant) + 8 alphanumerics
/// that name it + `_` + 24 that prove it (142 bits, so a plain SHA-256 is enough to keep).
record Token(String text) {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static final String KEY = "re_";
    static final String GRANT = "mgo_";
    private static final int NAME_LENGTH = 8;
    private static final int SECRET_LENGTH = 24;

    static Token random(SecureRandom random, String start) {
        var text = new StringBuilder(start);
        alphanumerics(random, text, NAME_LENGTH);
        text.append('_');
        alphanumerics(random, text, SECRET_LENGTH);
        return new Token(text.toString());
    }

    /// Empty when it cannot be a key of ours: then nothing need be looked up.
    static Optional<Token> parse(String text) {
        int start = text.startsWith(GRANT) ? GRANT.length() : KEY.length();
        int middle = start + NAME_LENGTH;
        if (text.length() != middle + 1 + SECRET_LENGTH
                || !text.startsWith(KEY) && !text.startsWith(GRANT)
                || text.charAt(middle) != '_') {
            return Optional.empty();
        }
        for (int i = start; i < text.length(); i++) {
            if (i != middle && !isAlphanumeric(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Token(text));
    }

    /// The public part: it names the key and proves nothing.
    String prefix() {
        return text.substring(0, text.length() - SECRET_LENGTH - 1);
    }

    boolean isGrant() {
        return text.startsWith(GRANT);
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return prefix() + "_…";
    }

    private static void alphanumerics(SecureRandom random, StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
