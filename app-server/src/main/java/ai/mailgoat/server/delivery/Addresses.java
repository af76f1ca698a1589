package ai.mailgoat.server.delivery;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which addresses of an MX host are dialled, and in what order.
final class Addresses {
    private static final Pattern LITERAL =
            Pattern.compile(
                    "\\[?(?:IPv6:)?(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-f.]*:[0-9a-f:.]*)\\]?",
                    Pattern.CASE_INSENSITIVE);

    private Addresses() {}

    /// The address that `host` is the text of, as relays are often given: `192.0.2.1`,
    /// `2001:db8::1`, or in the brackets of RFC 5321, 4.1.3.
    static Optional<InetAddress> literal(String host) {
        var matcher = LITERAL.matcher(host);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(matcher.group(1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// IPv4 and IPv6 by turns, so that one dead protocol costs one time-out, not all of them. IPv4
    /// comes first: more hosts judge a sender's IPv4 address kindly than its IPv6 address.
    static List<InetAddress> interleaved(List<InetAddress> addresses) {
        var four = addresses.stream().filter(Inet4Address.class::isInstance).toList();
        var six = addresses.stream().filter(Inet6Address.class::isInstance).toList();
        var mixed = new ArrayList<InetAddress>(addresses.size());
        for (int i = 0; i < Math.max(four.size(), six.size()); i++) {
            if (i < four.size()) {
                mixed.add(four.get(i));
            }
            if (i < six.size()) {
                mixed.add(six.get(i));
            }
        }
        return mixed;
    }

    /// Whether a mail for a stranger may go there: a unicast address of the public Internet. MX
    /// records are a stranger's word, and ours is the machine next to our own services.
    static boolean isPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return isPublicV4(octets, 0);
        }
        if (octets.length != 16 || hasPrefix(octets, "0000000000000000")) {
            // ::/64 holds the unspecified, loopback, IPv4-compatible and IPv4-mapped addresses.
            return false;
        }
        if (hasPrefix(octets, "0064ff9b0000000000000000")) {
            return isPublicV4(octets, 12);
        }
        if (hasPrefix(octets, "2002")) {
            return isPublicV4(octets, 2);
        }
        boolean reserved =
                hasPrefix(octets, "0064ff9b0001")
                        || hasPrefix(octets, "0100000000000000")
                        || hasPrefix(octets, "20010000")
                        || hasPrefix(octets, "20010db8")
                        || (octets[0] & 0xfe) == 0xfc
                        || (octets[0] & 0xff) >= 0xfe;
        return !reserved;
    }

    /// The special-purpose registry of RFC 6890, less what routes like any other.
    private static boolean isPublicV4(byte[] octets, int at) {
        int a = octets[at] & 0xff;
        int b = octets[at + 1] & 0xff;
        int c = octets[at + 2] & 0xff;
        return switch (a) {
            case 0, 10, 127 -> false;
            case 100 -> (b & 0xc0) != 64;
            case 169 -> b != 254;
            case 172 -> (b & 0xf0) != 16;
            case 192 -> b != 168 && !(b == 0 && (c == 0 || c == 2));
            case 198 -> (b & 0xfe) != 18 && !(b == 51 && c == 100);
            case 203 -> !(b == 0 && c == 113);
            default -> a < 224;
        };
    }

    private static boolean hasPrefix(byte[] octets, String hex) {
        byte[] prefix = HexFormat.of().parseHex(hex);
        return Arrays.equals(octets, 0, prefix.length, prefix, 0, prefix.length);
    }
}
