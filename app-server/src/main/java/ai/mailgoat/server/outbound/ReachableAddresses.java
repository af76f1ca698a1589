package ai.mailgoat.server.outbound;

import ai.mailgoat.server.config.ConfigException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which addresses and ports a URL chosen by a stranger may reach: the public Internet, and what
/// `outbound.allow-private` names.
final class ReachableAddresses {

    /// The IANA special-purpose registries (RFC 6890) and multicast, wider where nothing of use
    /// lies between.
    private static final List<Cidr> DENIED =
            Stream.of(
                            "0.0.0.0/8", // this network (RFC 791, 3.2)
                            "10.0.0.0/8", // private (RFC 1918)
                            "100.64.0.0/10", // carrier-grade NAT (RFC 6598)
                            "127.0.0.0/8", // loopback
                            "168.63.129.16/32", // Azure's host agent, on a public address
                            "169.254.0.0/16", // link-local (RFC 3927); clouds' metadata
                            "172.16.0.0/12", // private
                            "192.0.0.0/24", // protocol assignments
                            "192.0.2.0/24", // documentation (RFC 5737)
                            "192.31.196.0/24", // AS112 (RFC 7535)
                            "192.52.193.0/24", // AMT (RFC 7450)
                            "192.88.99.0/24", // 6to4 relays (RFC 7526)
                            "192.168.0.0/16", // private
                            "192.175.48.0/24", // AS112 (RFC 7534)
                            "198.18.0.0/15", // benchmarks (RFC 2544)
                            "198.51.100.0/24", // documentation
                            "203.0.113.0/24", // documentation
                            "224.0.0.0/4", // multicast
                            "240.0.0.0/4", // reserved, broadcast
                            // Only 2000::/3 is global unicast (RFC 4291, 2.4). Outside lie ::, ::1,
                            // IPv4-mapped and -compatible, NAT64 64:ff9b::/96 and 64:ff9b:1::/48,
                            // discard-only 100::/64, ULA fc00::/7, fe80::/10, fec0::/10, ff00::/8.
                            "::/3",
                            "4000::/2",
                            "8000::/1",
                            "2001::/23", // protocol assignments, Teredo (RFC 4380), ORCHID
                            "2001:db8::/32", // documentation (RFC 3849)
                            "2002::/16", // 6to4 (RFC 3056)
                            "2620:4f:8000::/48", // AS112
                            "3fff::/20") // documentation (RFC 9637)
                    .map(Cidr::parse)
                    .toList();

    /// Above 1,024 nearly all ports are somebody's web server; these speak other protocols that an
    /// HTTP request can be made to talk to.
    private static final Set<Integer> DENIED_PORTS =
            Set.of(
                    1433, 1521, 2049, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 5432, 5672, 5900,
                    5984, 6000, 6379, 6380, 6443, 6667, 9042, 9092, 9200, 9300, 10250, 11211, 11300,
                    27017, 50070);

    private static final Set<Integer> LOW_PORTS = Set.of(80, 443);

    private final List<Cidr> allowed;

    /// @param allowed address ranges in CIDR notation
    /// @throws ConfigException when one is none
    ReachableAddresses(List<String> allowed) {
        try {
            this.allowed = allowed.stream().map(Cidr::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "outbound.allow-private: "
                            + e.getMessage()
                            + "; expected CIDR ranges such as 10.0.0.0/8");
        }
    }

    /// @throws OutboundException when the address, or the port at this address, is out of bounds
    void check(InetAddress address, int port) throws OutboundException {
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return;
        }
        if (DENIED.stream().anyMatch(range -> range.contains(address))) {
            throw OutboundException.refused(
                    "The host must be on the public Internet; private and reserved addresses are not"
                            + " reached.");
        }
        if (!isPublicPort(port)) {
            throw portRefused(port);
        }
    }

    /// What can be told of a port before the address is known.
    ///
    /// @throws OutboundException when no address whatever may be reached at this port
    void check(int port) throws OutboundException {
        if (allowed.isEmpty() && !isPublicPort(port)) {
            throw portRefused(port);
        }
    }

    private static boolean isPublicPort(int port) {
        return port < 1024 ? LOW_PORTS.contains(port) : !DENIED_PORTS.contains(port);
    }

    private static OutboundException portRefused(int port) {
        return OutboundException.refused("Port " + port + " is not reached; use 443, 80 or 8443.");
    }
}
