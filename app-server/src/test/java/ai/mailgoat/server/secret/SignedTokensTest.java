package ai.mailgoat.server.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedTokensTest {
    private static final Instant EXPIRY = Instant.parse("2026-03-01T10:00:00.9Z");
    private static final byte[] CONTENT = "what it names".getBytes(StandardCharsets.UTF_8);

    @TempDir Path directory;

    @Test
    void aTokenTellsWhatItCarriesAndHowLongItHolds() {
        var tokens = new SignedTokens(key("a"), "download");
        var read = tokens.read(tokens.sign(CONTENT, EXPIRY)).orElseThrow();
        assertArrayEquals(CONTENT, read.content());
        assertEquals(Instant.parse("2026-03-01T10:00:00Z"), read.expiresAt());
        assertTrue(read.holdsAt(Instant.parse("2026-03-01T09:59:59.999Z")));
        assertFalse(read.holdsAt(Instant.parse("2026-03-01T10:00:00Z")));
    }

    @Test
    void whateverIsAlteredIsNoToken() {
        var tokens = new SignedTokens(key("a"), "download");
        String token = tokens.sign(CONTENT, EXPIRY);
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            var altered = token.substring(0, i) + other + token.substring(i + 1);
            assertEquals(Optional.empty(), tokens.read(altered), altered);
            assertEquals(Optional.empty(), tokens.read(token.substring(0, i)));
        }
        for (String no :
                new String[] {"", "=", token + "=", token + "A", "ä", "A".repeat(90_000)}) {
            assertEquals(Optional.empty(), tokens.read(no));
        }
    }

    @Test
    void eachPurposeAndEachKeyHasItsOwn() {
        String token = new SignedTokens(key("a"), "download").sign(CONTENT, EXPIRY);
        assertEquals(Optional.empty(), new SignedTokens(key("a"), "share").read(token));
        assertEquals(Optional.empty(), new SignedTokens(key("b"), "download").read(token));
        assertTrue(new SignedTokens(key("a"), "download").read(token).isPresent());
    }

    // RFC 4231, test case 2.
    @Test
    void theCodeIsHmacSha256() {
        byte[] code =
                Hmac.sha256(
                        "Jefe".getBytes(StandardCharsets.UTF_8),
                        "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                HexFormat.of().formatHex(code));
    }

    private MasterKey key(String name) {
        return MasterKey.loadOrCreate(directory.resolve(name));
    }
}
