package ai.mailgoat.server.unsubscribe;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The links under which one contact stops mail. Nothing of them is stored: the link itself says
/// whose it is. It needs no cookie and no sign-in (RFC 8058, 3.1), and nobody else can make it.
public final class UnsubscribeLinks {
    /// Mail is kept for years, and so is the link in it.
    private static final Duration LIFETIME = Duration.ofDays(3_650);

    private static final int OF_ALL_MAIL = 6 * Long.BYTES;
    private static final int OF_A_TOPIC = 8 * Long.BYTES;

    private final SignedTokens tokens;
    private final InstantSource clock;
    private final String publicUrl;

    /// @param publicUrl where people reach the service, without trailing slash
    public UnsubscribeLinks(MasterKey masterKey, InstantSource clock, String publicUrl) {
        this.tokens = new SignedTokens(masterKey, "unsubscribe");
        this.clock = clock;
        this.publicUrl = publicUrl;
    }

    /// What a link is for.
    ///
    /// @param email the mail it stands in
    /// @param topic what the mail is about; `null` for mail that is about none
    record Link(TeamId team, UUID contact, UUID email, @Nullable UUID topic) {}

    /// The link for one mail: a page for people, and where mail programs post to. The same
    /// arguments give the same octets.
    ///
    /// @param email the mail it stands in
    /// @param topic what is stopped; `null` stops everything
    /// @param at when the mail was made; the link holds for ten years from then
    public String url(TeamId team, UUID contact, UUID email, @Nullable UUID topic, Instant at) {
        return publicUrl + "/unsubscribe/" + token(new Link(team, contact, email, topic), at);
    }

    String token(Link link, Instant at) {
        var topic = link.topic();
        var content = ByteBuffer.allocate(topic == null ? OF_ALL_MAIL : OF_A_TOPIC);
        put(content, link.team().value());
        put(content, link.contact());
        put(content, link.email());
        if (topic != null) {
            put(content, topic);
        }
        return tokens.sign(content.array(), at.plus(LIFETIME));
    }

    /// @return empty for what was not made here, or holds no longer
    Optional<Link> read(String token) {
        return tokens.read(token)
                .filter(signed -> signed.holdsAt(clock.instant()))
                .map(SignedTokens.Signed::content)
                .map(UnsubscribeLinks::link);
    }

    private static Link link(byte[] octets) {
        var content = ByteBuffer.wrap(octets);
        var team = new TeamId(uuid(content));
        return new Link(
                team,
                uuid(content),
                uuid(content),
                octets.length == OF_A_TOPIC ? uuid(content) : null);
    }

    private static void put(ByteBuffer content, UUID id) {
        content.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer content) {
        long high = content.getLong();
        return new UUID(high, content.getLong());
    }
}
