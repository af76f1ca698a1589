package ai.mailgoat.server.delivery;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.smtp.Mailbox;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Carries consignments to their sites: one call, one attempt. Keeps connections between attempts.
/// Safe for many threads; meant for virtual ones, since a call blocks on strangers, yet never
/// longer than [CourierSettings#total] (give or take a tick of its watchdog and one DNS look-up).
public final class Courier implements AutoCloseable {
    private final Dns dns;
    private final CourierSettings settings;
    private final RandomGenerator random;
    private final ConnectionPool pool;
    private final SilentHosts silentHosts = new SilentHosts();
    private final Watchdog watchdog;
    private final SessionOpener opener;

    /// @param random shuffles hosts of equal preference; must be safe for many threads
    public Courier(Dns dns, CourierSettings settings, RandomGenerator random) {
        this.dns = dns;
        this.settings = settings;
        this.random = random;
        pool = new ConnectionPool(settings.idlePerSite(), settings.idleTimeout());
        watchdog = new Watchdog(() -> quit(pool.expired()));
        opener = new SessionOpener(settings, watchdog);
    }

    /// Makes one attempt.
    ///
    /// @return an outcome for each forward-path of `consignment`; nothing that a host or the
    ///   network does makes this throw
    public Map<Mailbox, DeliveryOutcome> deliver(Route.Site site, Consignment consignment) {
        return new Attempt(settings, dns, opener, pool, silentHosts, random, site, consignment)
                .run();
    }

    /// Ends idle sessions and cuts those still busy: let the deliveries under way end first, else
    /// some are in doubt.
    @Override
    public void close() {
        pool.close().forEach(session -> session.link().quit());
        watchdog.close();
    }

    /// Off the caller's thread, which is the watchdog's and must not meet a full send buffer.
    private static void quit(Iterable<Session> sessions) {
        for (Session session : sessions) {
            Thread.ofVirtual().name("delivery-quit").start(() -> session.link().quit());
        }
    }
}
