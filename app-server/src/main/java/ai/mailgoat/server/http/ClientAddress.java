package ai.mailgoat.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a request came from. A peer in a private network is a proxy of this house, and so are
/// those before it that are in one, too; the first address outside is the client's. What a client
/// writes into `X-Forwarded-For` by itself stands before that and is not looked at.
public final class ClientAddress {
    private static final int MAX = 2_000;

    private ClientAddress() {}

    /// @param peer the other end of the connection, an address literal
    /// @param forwardedFor `X-Forwarded-For`, all values of it, parted by commas
    /// @return an address literal, or what `peer` is
    public static String of(String peer, Optional<String> forwardedFor) {
        var nearest = parse(peer);
        if (nearest == null || !isPrivate(nearest)) {
            return text(peer, nearest);
        }
        var outermost = nearest;
        String list = forwardedFor.filter(value -> value.length() <= MAX).orElse("");
        for (String hop : Arrays.asList(list.split(",")).reversed()) {
            var address = parse(hop.strip());
            if (address == null) {
                break;
            }
            outermost = address;
            if (!isPrivate(address)) {
                break;
            }
        }
        return text(peer, outermost);
    }

    private static String text(String peer, @Nullable InetAddress address) {
        return address == null ? peer : address.getHostAddress();
    }

    private static @Nullable InetAddress parse(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                // RFC 4193: fc00::/7
                || address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    }
}
