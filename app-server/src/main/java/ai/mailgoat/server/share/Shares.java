package ai.mailgoat.server.share;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Makes and reads the links. Nothing of them is stored: the link itself says what it names and how
/// long it holds.
final class Shares {
    private static final int CONTENT_OCTETS = 4 * Long.BYTES;

    private final List<Letters> sources;
    private final SignedTokens tokens;
    private final InstantSource clock;
    private final String publicUrl;

    Shares(List<Letters> sources, MasterKey masterKey, InstantSource clock, String publicUrl) {
        this.sources = List.copyOf(sources);
        this.tokens = new SignedTokens(masterKey, "share");
        this.clock = clock;
        this.publicUrl = publicUrl;
    }

    record Link(String url, Instant expiresAt) {}

    /// A mail that is shared, by whom, and until when.
    record Shared(TeamId team, Letter letter, Instant expiresAt) {}

    /// @throws ApiException 404 when the team has no such mail
    Link share(TeamId team, UUID email, Duration lifetime) {
        if (find(team, email).isEmpty()) {
            throw ApiException.notFound("Email");
        }
        var expiresAt = clock.instant().plus(lifetime);
        var content = ByteBuffer.allocate(CONTENT_OCTETS);
        put(content, team.value());
        put(content, email);
        return new Link(
                publicUrl + "/shared/" + tokens.sign(content.array(), expiresAt), expiresAt);
    }

    /// @throws ApiException 404 for a link that was not made here or whose mail is gone, 410 for
    ///   one that has expired
    Shared open(String token) {
        var signed = tokens.read(token).orElseThrow(() -> ApiException.notFound("Email"));
        if (!signed.holdsAt(clock.instant())) {
            throw new ApiException(410, "not_found", "This link has expired.");
        }
        var content = ByteBuffer.wrap(signed.content());
        var team = new TeamId(uuid(content));
        return find(team, uuid(content))
                .map(letter -> new Shared(team, letter, signed.expiresAt()))
                .orElseThrow(() -> ApiException.notFound("Email"));
    }

    private Optional<Letter> find(TeamId team, UUID email) {
        return sources.stream().flatMap(source -> source.letter(team, email).stream()).findFirst();
    }

    private static void put(ByteBuffer content, UUID id) {
        content.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer content) {
        long high = content.getLong();
        return new UUID(high, content.getLong());
    }
}
