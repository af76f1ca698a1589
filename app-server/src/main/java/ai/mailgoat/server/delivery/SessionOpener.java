package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.Consignment.TlsPolicy;
import ai.mailgoat.server.smtp.SmtpReply;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// From an address to a greeted session: connect, banner, EHLO or HELO, STARTTLS (RFC 5321, 3.1 and
/// 3.2; RFC 3207).
final class SessionOpener {
    private final CourierSettings settings;
    private final Watchdog watchdog;

    SessionOpener(CourierSettings settings, Watchdog watchdog) {
        this.settings = settings;
        this.watchdog = watchdog;
    }

    /// Under the opportunistic policy a host whose TLS does not work is spoken to once more in the
    /// clear, on a new connection, since the old one is in an unknown state (RFC 7435, 3).
    Session open(Route.Host host, InetAddress address, TlsPolicy policy, Deadline deadline)
            throws SessionBroken {
        try {
            return open(host, address, policy, deadline, true);
        } catch (SessionBroken e) {
            if (policy == TlsPolicy.ENFORCED || !isTlsTrouble(e) || deadline.hasPassed()) {
                throw e;
            }
            return open(host, address, policy, deadline, false);
        }
    }

    private Session open(
            Route.Host host,
            InetAddress address,
            TlsPolicy policy,
            Deadline deadline,
            boolean tlsWanted)
            throws SessionBroken {
        var link = Link.connect(address, host.port(), watchdog, settings.timeouts(), deadline);
        boolean opened = false;
        try {
            link.enter(Phase.BANNER);
            refuseUnlessPositive(link.reply(), Phase.BANNER);
            var extensions = ehlo(link);
            String tls = null;
            if (tlsWanted && extensions.startTls()) {
                tls = startTls(link, host.name(), policy);
                // RFC 3207, 4.2: what was learnt before the handshake is forgotten.
                extensions = ehloUnderTls(link);
            } else if (policy == TlsPolicy.ENFORCED) {
                throw link.broken(
                        SessionBroken.Kind.TLS, "TLS is required and the host does not offer it");
            }
            opened = true;
            var peer = new Session.Peer(host.name(), address.getHostAddress(), host.port(), tls);
            return new Session(link, peer, extensions);
        } finally {
            if (!opened) {
                link.close();
            }
        }
    }

    /// A host that does not know EHLO is greeted with HELO (RFC 5321, 3.2), unless it is closing.
    private Extensions ehlo(Link link) throws SessionBroken {
        link.enter(Phase.EHLO);
        var reply = say(link, "EHLO " + settings.heloName());
        if (isOk(reply)) {
            return Extensions.of(reply);
        }
        if (reply.code() != 421) {
            link.enter(Phase.EHLO);
            reply = say(link, "HELO " + settings.heloName());
        }
        refuseUnlessPositive(reply, Phase.EHLO);
        return Extensions.NONE;
    }

    private String startTls(Link link, String host, TlsPolicy policy) throws SessionBroken {
        link.enter(Phase.STARTTLS);
        var reply = say(link, "STARTTLS");
        if (reply.code() == 421) {
            throw refused(Phase.STARTTLS, reply);
        }
        if (reply.code() != 220) {
            throw new SessionBroken(
                    SessionBroken.Kind.TLS, Phase.STARTTLS, reply, "STARTTLS was refused");
        }
        // Before our ClientHello an honest host has nothing to say. Replies put here by a third
        // party would later be taken for replies from within TLS.
        if (link.hasWaitingOctets()) {
            throw link.broken(
                    SessionBroken.Kind.INJECTION,
                    "octets in the clear after the reply to STARTTLS");
        }
        link.enter(Phase.STARTTLS);
        boolean enforced = policy == TlsPolicy.ENFORCED;
        var context = enforced ? settings.tls().enforced() : settings.tls().opportunistic();
        return link.startTls(context, host, enforced);
    }

    private Extensions ehloUnderTls(Link link) throws SessionBroken {
        // Still the TLS phase: in TLS 1.3 a host's objection to the handshake arrives only now.
        link.enter(Phase.STARTTLS);
        var reply = say(link, "EHLO " + settings.heloName());
        refuseUnlessPositive(reply, Phase.EHLO);
        return Extensions.of(reply);
    }

    private static SmtpReply say(Link link, String command) throws SessionBroken {
        link.command(command);
        link.flush();
        return link.reply();
    }

    private static boolean isTlsTrouble(SessionBroken e) {
        return switch (e.kind()) {
            case TLS -> true;
            case LOST, TIMED_OUT, GARBAGE -> e.phase() == Phase.STARTTLS;
            case UNREACHABLE, REFUSED, INJECTION -> false;
        };
    }

    private static void refuseUnlessPositive(SmtpReply reply, Phase phase) throws SessionBroken {
        if (!isOk(reply)) {
            throw refused(phase, reply);
        }
    }

    private static boolean isOk(SmtpReply reply) {
        return reply.code() / 100 == 2;
    }

    private static SessionBroken refused(Phase phase, @Nullable SmtpReply reply) {
        return new SessionBroken(SessionBroken.Kind.REFUSED, phase, reply, "refused");
    }
}
