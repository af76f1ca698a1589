package ai.mailgoat.server.delivery;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Addresses that did not answer lately. RFC 5321, 4.5.4.1 wants a client to remember them: else
/// each new connection to a site whose first host is dead waits for the same time-out again. They
/// are tried last, never left out.
final class SilentHosts {
    private static final Duration MEMORY = Duration.ofMinutes(2);
    private static final int MAX = 10_000;

    private final Map<InetSocketAddress, Deadline> until = new ConcurrentHashMap<>();

    void note(InetSocketAddress address) {
        if (until.size() >= MAX) {
            until.values().removeIf(Deadline::hasPassed);
        }
        if (until.size() < MAX) {
            until.put(address, Deadline.in(MEMORY));
        }
    }

    void forget(InetSocketAddress address) {
        until.remove(address);
    }

    boolean contains(InetSocketAddress address) {
        var end = until.get(address);
        return end != null && !end.hasPassed();
    }
}
