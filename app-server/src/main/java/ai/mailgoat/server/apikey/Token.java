package ai.mailgoat.server.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;

/// A key as its owner holds it: `re_` + 8 alphanumerics that name it + `_` + 24 that prove it (142
/// bits, so a plain SHA-256 is enough to keep).
record Token(String text) {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String START = "re_";
    private static final int PREFIX_LENGTH = START.length() + 8;
    private static final int LENGTH = PREFIX_LENGTH + 1 + 24;

    static Token random(SecureRandom random) {
        var text = new StringBuilder(LENGTH).append(START);
        while (text.length() < LENGTH) {
            text.append(
                    text.length() == PREFIX_LENGTH
                            ? '_'
                            : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Token(text.toString());
    }

    /// Empty when it cannot be a key of ours: then nothing need be looked up.
    static Optional<Token> parse(String text) {
        if (text.length() != LENGTH
                || !text.startsWith(START)
                || text.charAt(PREFIX_LENGTH) != '_') {
            return Optional.empty();
        }
        for (int i = START.length(); i < LENGTH; i++) {
            if (i != PREFIX_LENGTH && !isAlphanumeric(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Token(text));
    }

    /// The public part: it names the key and proves nothing.
    String prefix() {
        return text.substring(0, PREFIX_LENGTH);
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

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
