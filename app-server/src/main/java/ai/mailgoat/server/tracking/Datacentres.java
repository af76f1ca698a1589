package ai.mailgoat.server.tracking;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// Networks in which servers stand and people do not sit, out of `datacentres.txt`. IPv4 only, and
/// coarse: what is not found there is taken for a person's.
final class Datacentres {
    /// First address of a network, unsigned, and its last.
    private static final NavigableMap<Long, Long> NETWORKS = load();

    private Datacentres() {}

    /// @param ip an address literal; anything else is in none
    static boolean contain(String ip) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(ip);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (!(address instanceof Inet4Address)) {
            return false;
        }
        long number = number(address);
        Map.Entry<Long, Long> below = NETWORKS.floorEntry(number);
        return below != null && number <= below.getValue();
    }

    private static long number(InetAddress address) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt());
    }

    private static NavigableMap<Long, Long> load() {
        var networks = new TreeMap<Long, Long>();
        var stream =
                Objects.requireNonNull(Datacentres.class.getResourceAsStream("datacentres.txt"));
        try (var lines =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            lines.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> {
                        int slash = line.indexOf('/');
                        long first = number(InetAddress.ofLiteral(line.substring(0, slash)));
                        int bits = 32 - Integer.parseInt(line.substring(slash + 1));
                        networks.merge(first, first + (1L << bits) - 1, Math::max);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return networks;
    }
}
