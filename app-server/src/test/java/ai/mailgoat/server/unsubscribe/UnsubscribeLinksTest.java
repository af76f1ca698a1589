package ai.mailgoat.server.unsubscribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import ai.mailgoat.server.unsubscribe.UnsubscribeLinks.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsubscribeLinksTest {
    private static final String BASE = "https://mail.example";
    private static final Instant MADE = Instant.parse("2026-03-01T10:00:00.5Z");
    private static final TeamId TEAM = new TeamId(UUID.randomUUID());
    private static final UUID CONTACT = UUID.randomUUID();
    private static final UUID EMAIL = UUID.randomUUID();
    private static final UUID TOPIC = UUID.randomUUID();

    @TempDir Path data;
    private MasterKey key;
    private Instant now = MADE;
    private UnsubscribeLinks links;

    @BeforeEach
    void open() {
        key = MasterKey.loadOrCreate(data.resolve("master.key"));
        links = new UnsubscribeLinks(key, () -> now, BASE);
    }

    @Test
    void aLinkSaysWhatItIsFor() {
        assertEquals(Optional.of(new Link(TEAM, CONTACT, EMAIL, TOPIC)), links.read(token(TOPIC)));
        assertEquals(Optional.of(new Link(TEAM, CONTACT, EMAIL, null)), links.read(token(null)));
    }

    @Test
    void theSameMailGetsTheSameLink() {
        assertEquals(token(TOPIC), token(TOPIC));
        assertNotEquals(token(TOPIC), token(null));
        // Together with its name and brackets it fits into one line of a header.
        assertTrue(links.url(TEAM, CONTACT, EMAIL, TOPIC, MADE).length() < 250);
    }

    @Test
    void itHoldsForTenYears() {
        String token = token(null);
        now = MADE.plus(Duration.ofDays(3_649));
        assertTrue(links.read(token).isPresent());
        now = MADE.plus(Duration.ofDays(3_650));
        assertEquals(Optional.empty(), links.read(token));
    }

    @Test
    void noOtherTokenIsOne() {
        String token = token(TOPIC);
        for (int i = 0; i < token.length(); i++) {
            for (char c : new char[] {'A', 'b', '0', '-', '_', '%', ' '}) {
                if (token.charAt(i) != c) {
                    String other = token.substring(0, i) + c + token.substring(i + 1);
                    assertEquals(Optional.empty(), links.read(other), other);
                }
            }
            assertEquals(Optional.empty(), links.read(token.substring(0, i)));
        }
        assertEquals(Optional.empty(), links.read(token + "A"));
        var other = new SignedTokens(key, "share");
        assertEquals(Optional.empty(), links.read(other.sign(new byte[64], MADE.plusSeconds(60))));
    }

    private String token(@Nullable UUID topic) {
        String url = links.url(TEAM, CONTACT, EMAIL, topic, MADE);
        assertTrue(url.startsWith(BASE + "/unsubscribe/"), url);
        return url.substring((BASE + "/unsubscribe/").length());
    }
}
