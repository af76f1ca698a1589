package ai.mailgoat.server.tracking;

import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SignedTokens;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The links that stand in tracked mail. A token carries the mail, the host under which it stands
/// and, for a click, the whole target: nothing is looked up to follow it, and nobody else can make
/// one. Form: 16 octets mail, 8 octets of the host's hash, the target.
public final class TrackingLinks {
    /// Old mail is read for a long time.
    private static final Duration LIFETIME = Duration.ofDays(3_653);

    private static final int HOST_OCTETS = 8;
    private static final int HEAD_OCTETS = 16 + HOST_OCTETS;

    private final SignedTokens opens;
    private final SignedTokens clicks;
    private final InstantSource clock;
    private final URI publicUrl;

    /// @param publicUrl base of the links, without trailing slash
    public TrackingLinks(MasterKey masterKey, InstantSource clock, String publicUrl) {
        this.opens = new SignedTokens(masterKey, "tracking-open");
        this.clicks = new SignedTokens(masterKey, "tracking-click");
        this.clock = clock;
        this.publicUrl = URI.create(publicUrl);
    }

    /// What a link carries.
    ///
    /// @param url where it leads; `null` for a pixel
    record Target(UUID email, byte[] host, @Nullable String url) {

        /// Whether the link was made to stand under this host.
        boolean isFor(String name) {
            return Arrays.equals(host, hash(name));
        }
    }

    /// The pixel of a mail.
    ///
    /// @param host the domain's own name, `null` for that of the service
    String open(@Nullable String host, UUID email, Instant sentAt) {
        return base(host) + "/o/" + opens.sign(content(host, email, ""), sentAt.plus(LIFETIME));
    }

    /// @param url as {@link WebLink} has it
    String click(@Nullable String host, UUID email, Instant sentAt, String url) {
        return base(host) + "/c/" + clicks.sign(content(host, email, url), sentAt.plus(LIFETIME));
    }

    Optional<Target> readOpen(String token) {
        return read(opens, token).filter(target -> Objects.requireNonNull(target.url()).isEmpty());
    }

    Optional<Target> readClick(String token) {
        return read(clicks, token)
                .filter(target -> WebLink.isOne(Objects.requireNonNull(target.url())));
    }

    /// Whether a link leads to this service's own page of that path, such as `/unsubscribe/`.
    boolean isOwn(String url, String path) {
        return url.startsWith(publicUrl + path);
    }

    private Optional<Target> read(SignedTokens tokens, String token) {
        return tokens.read(token)
                .filter(signed -> signed.holdsAt(clock.instant()))
                .map(SignedTokens.Signed::content)
                .filter(content -> content.length >= HEAD_OCTETS)
                .map(content -> {
                    var octets = ByteBuffer.wrap(content);
                    var email = new UUID(octets.getLong(), octets.getLong());
                    var host = new byte[HOST_OCTETS];
                    octets.get(host);
                    var url = new byte[octets.remaining()];
                    octets.get(url);
                    return new Target(email, host, new String(url, StandardCharsets.US_ASCII));
                });
    }

    private byte[] content(@Nullable String host, UUID email, String url) {
        byte[] target = url.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(HEAD_OCTETS + target.length)
                .putLong(email.getMostSignificantBits())
                .putLong(email.getLeastSignificantBits())
                .put(hash(host == null ? publicUrl.getHost() : host))
                .put(target)
                .array();
    }

    private String base(@Nullable String host) {
        if (host == null) {
            return publicUrl.toString();
        }
        String port = publicUrl.getPort() < 0 ? "" : ":" + publicUrl.getPort();
        return publicUrl.getScheme() + "://" + host + port;
    }

    private static byte[] hash(String host) {
        try {
            byte[] whole =
                    MessageDigest.getInstance("SHA-256")
                            .digest(host.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, HOST_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
