package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.Trouble.HostFailure;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.Mailbox;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The walk of one consignment over the hosts of its site, until everybody is decided, no host is
/// left, or the time is up.
final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    /// Of one host: enough to get past a dead protocol and a dead machine behind one name.
    private static final int MAX_ADDRESSES_PER_HOST = 4;

    private final CourierSettings settings;
    private final Dns dns;
    private final SessionOpener opener;
    private final ConnectionPool pool;
    private final SilentHosts silentHosts;
    private final RandomGenerator random;
    private final Route.Site site;
    private final Consignment consignment;
    private final ConnectionPool.Key key;
    private final Deadline deadline;
    private final Ledger ledger;
    private final List<HostFailure> failures = new ArrayList<>();

    /// Silent lately: after all others.
    private final List<Candidate> putOff = new ArrayList<>();

    Attempt(
            CourierSettings settings,
            Dns dns,
            SessionOpener opener,
            ConnectionPool pool,
            SilentHosts silentHosts,
            RandomGenerator random,
            Route.Site site,
            Consignment consignment) {
        this.settings = settings;
        this.dns = dns;
        this.opener = opener;
        this.pool = pool;
        this.silentHosts = silentHosts;
        this.random = random;
        this.site = site;
        this.consignment = consignment;
        key = new ConnectionPool.Key(site.key(), consignment.tls());
        deadline = Deadline.in(settings.total());
        ledger = new Ledger(consignment.forwardPaths());
    }

    private record Candidate(Route.Host host, InetAddress address) {}

    Map<Mailbox, DeliveryOutcome> run() {
        try {
            if (!WireMessage.hasOnlyCrLf(consignment.message())) {
                ledger.settleRest(Trouble.malformedMessage());
                return ledger.outcomes();
            }
            overKeptConnection();
            if (!ledger.isDone()) {
                overNewConnections();
            }
            if (!ledger.isDone()) {
                ledger.settleRest(Trouble.noHostLeft(failures));
            }
        } catch (RuntimeException e) {
            log.error("attempt at {} failed for a reason of our own", site.key(), e);
            ledger.settleRest(Trouble.internalError());
        }
        return ledger.outcomes();
    }

    private void overKeptConnection() {
        var session = pool.take(key);
        if (session == null) {
            return;
        }
        session.link().resume(deadline);
        try {
            converse(session);
        } catch (SessionBroken e) {
            log.debug("kept connection to {} is of no use: {}", session.peer(), e.what());
        }
    }

    private void overNewConnections() {
        var hosts = inOrder();
        for (Route.Host host : hosts.subList(0, Math.min(settings.maxHosts(), hosts.size()))) {
            if (isOver(host) || !overHost(host)) {
                break;
            }
        }
        for (Candidate candidate : putOff) {
            if (isOver(candidate.host())) {
                break;
            }
            overAddress(candidate.host(), candidate.address());
        }
    }

    /// Whether everybody is decided, or the time is up before this host's turn.
    private boolean isOver(Route.Host host) {
        if (ledger.isDone()) {
            return true;
        }
        if (deadline.hasPassed()) {
            fail(Trouble.outOfTime(peer(host, null)));
            return true;
        }
        return false;
    }

    /// By preference; equal ones in random order (RFC 5321, 5.1).
    private List<Route.Host> inOrder() {
        var hosts = new ArrayList<>(site.hosts());
        Collections.shuffle(hosts, random);
        hosts.sort((a, b) -> Integer.compare(a.preference(), b.preference()));
        return hosts;
    }

    /// @return whether hosts of a worse preference may be tried
    private boolean overHost(Route.Host host) {
        var literal = Addresses.literal(host.name());
        if (literal.isPresent()) {
            return overAddresses(host, List.of(literal.get()));
        }
        switch (dns.addresses(host.name())) {
            case DnsAnswer.Found<InetAddress>(var addresses) -> {
                return overAddresses(host, addresses);
            }
            case DnsAnswer.NoData<InetAddress> _, DnsAnswer.NoSuchName<InetAddress> _ ->
                    fail(Trouble.addressMissing(peer(host, null)));
            case DnsAnswer.Failed<InetAddress>(var reason) ->
                    fail(Trouble.addressUnknown(peer(host, null), reason));
        }
        return true;
    }

    private boolean overAddresses(Route.Host host, List<InetAddress> found) {
        var addresses = found;
        if (!settings.allowPrivate()) {
            for (InetAddress address : found) {
                if (settings.ownAddresses().contains(address)) {
                    // RFC 5321, 5.1: hosts no better than ourselves would send it back here.
                    fail(Trouble.addressOurs(peer(host, address)));
                    return false;
                }
            }
            addresses = found.stream().filter(Addresses::isPublic).toList();
            if (addresses.isEmpty()) {
                fail(Trouble.addressPrivate(peer(host, null)));
                return true;
            }
        }
        var dialled = Addresses.interleaved(addresses);
        for (InetAddress address :
                dialled.subList(0, Math.min(MAX_ADDRESSES_PER_HOST, dialled.size()))) {
            if (isOver(host)) {
                break;
            }
            if (silentHosts.contains(new InetSocketAddress(address, host.port()))) {
                putOff.add(new Candidate(host, address));
            } else {
                overAddress(host, address);
            }
        }
        return true;
    }

    private void overAddress(Route.Host host, InetAddress address) {
        var peer = peer(host, address);
        var socketAddress = new InetSocketAddress(address, host.port());
        try {
            var session = opener.open(host, address, consignment.tls(), deadline);
            silentHosts.forget(socketAddress);
            peer = session.peer();
            converse(session);
        } catch (SessionBroken e) {
            if (e.isSilence() && !deadline.hasPassed()) {
                silentHosts.note(socketAddress);
            }
            fail(Trouble.hostFailed(peer, e));
        }
    }

    /// Transactions on one session until it has taken or refused everybody; then it is kept.
    private void converse(Session session) throws SessionBroken {
        var link = session.link();
        boolean intact = false;
        try {
            boolean more;
            do {
                more = new Transaction(session, consignment, ledger).run();
            } while (more);
            intact = true;
        } finally {
            if (!intact) {
                link.close();
            }
        }
        boolean reusable = session.transactions() < settings.maxMailsPerConnection();
        if (!reusable || !pool.give(key, session)) {
            link.quit();
        }
    }

    private void fail(HostFailure failure) {
        failures.add(failure);
        // Not the reason: a host's words may hold an address.
        var diagnostic = failure.diagnostic();
        log.debug("{} failed at {}", diagnostic.mxHost(), diagnostic.phase());
    }

    private static Session.Peer peer(Route.Host host, @Nullable InetAddress address) {
        return new Session.Peer(
                host.name(), address == null ? null : address.getHostAddress(), host.port(), null);
    }
}
