package ai.mailgoat.server.outbound;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of addresses (RFC 4632, 3.1; RFC 4291, 2.3).
///
/// @param network 4 or 16 octets
/// @param length how many leading bits count
record Cidr(byte[] network, int length) {

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address.
    ///
    /// @throws IllegalArgumentException when it is none
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] network =
                IpLiteral.parse(address)
                        .orElseThrow(
                                () -> new IllegalArgumentException("no address range: " + text))
                        .getAddress();
        int bits = network.length * 8;
        int length = slash < 0 ? bits : length(text, slash + 1, bits);
        return new Cidr(network, length);
    }

    boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length != network.length) {
            return false;
        }
        int whole = length / 8;
        if (!Arrays.equals(octets, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = length % 8;
        return rest == 0 || ((octets[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
    }

    private static int length(String text, int from, int most) {
        String digits = text.substring(from);
        if (digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= most) {
            return Integer.parseInt(digits);
        }
        throw new IllegalArgumentException("no address range: " + text);
    }
}
