package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/// A greeted host that takes mail transactions, one after the other (RFC 5321, 3.1 to 3.3).
final class Session {
    private final Link link;
    private final Peer peer;
    private final Extensions extensions;
    private int transactions;
    private boolean needsReset;

    Session(Link link, Peer peer, Extensions extensions) {
        this.link = link;
        this.peer = peer;
        this.extensions = extensions;
    }

    /// Who is at the other end, for diagnostics.
    ///
    /// @param host the MX host's name
    /// @param address its IP address in text, or `null` when there is none yet
    /// @param tls protocol and cipher suite, or `null` in the clear
    record Peer(String host, @Nullable String address, int port, @Nullable String tls) {

        DeliveryOutcome.Diagnostic diagnostic(
                Phase phase, @Nullable SmtpReply reply, String reason) {
            return new DeliveryOutcome.Diagnostic(host, address, tls, phase.label(), reply, reason);
        }

        @Override
        public String toString() {
            return address == null || address.equals(host) ? host : host + "[" + address + "]";
        }
    }

    Link link() {
        return link;
    }

    Peer peer() {
        return peer;
    }

    Extensions extensions() {
        return extensions;
    }

    int transactions() {
        return transactions;
    }

    void countTransaction() {
        transactions++;
    }

    /// A transaction was left open at the host: RSET must come before the next MAIL.
    void leaveOpen() {
        needsReset = true;
    }

    /// Whether RSET is due; asking settles it.
    boolean takeNeedsReset() {
        boolean needed = needsReset;
        needsReset = false;
        return needed;
    }
}
