package ai.mailgoat.server.delivery;

import java.util.List;

/// Where mail for a domain goes (RFC 5321, 5.1).
public sealed interface Route {

    /// A site: a set of MX hosts that many domains may share. Limits and connections belong to it.
    ///
    /// @param key names the site: its host names sorted and joined, so that domains with the same
    ///   hosts share it
    /// @param hosts in the order in which to try them: by preference, equal ones as found (the
    ///   courier shuffles them)
    record Site(String key, List<Host> hosts) implements Route {
        public Site {
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("a site has hosts");
            }
            hosts = List.copyOf(hosts);
        }
    }

    /// The domain takes no mail (null MX, RFC 7505) or does not exist: bounce.
    record Refused(DeliveryOutcome.Diagnostic diagnostic) implements Route {}

    /// Nobody could say now: defer.
    record Unresolved(DeliveryOutcome.Diagnostic diagnostic) implements Route {}

    /// @param name the MX host's name in A-labels, or an address literal's text for a relay given
    ///   as one
    record Host(int preference, String name, int port) {}
}
