package ai.mailgoat.server.delivery;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a [Courier] is told once.
///
/// @param heloName our name in EHLO: a full domain name or an address literal (RFC 5321, 4.1.1.1)
/// @param timeouts for each phase of a session
/// @param total for one attempt with all its hosts and transactions, whatever the phases allow
/// @param maxHosts MX hosts tried in one attempt
/// @param idlePerSite idle connections kept for one site; 0 keeps none
/// @param idleTimeout how long an idle connection is kept
/// @param maxMailsPerConnection transactions on one connection before it is closed
/// @param allowPrivate whether hosts at loopback, private and our own addresses are delivered to
/// @param ownAddresses where mail would come back to us (a loop, RFC 5321, 5.1); not looked at when
///   `allowPrivate`
/// @param tls the certificates believed
public record CourierSettings(
        String heloName,
        Timeouts timeouts,
        Duration total,
        int maxHosts,
        int idlePerSite,
        Duration idleTimeout,
        int maxMailsPerConnection,
        boolean allowPrivate,
        Set<InetAddress> ownAddresses,
        SslContexts tls) {

    private static final Pattern HELO_NAME = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");

    public CourierSettings {
        if (!HELO_NAME.matcher(heloName).matches()) {
            throw new IllegalArgumentException("not a name for EHLO: " + heloName);
        }
        if (maxHosts < 1 || idlePerSite < 0 || maxMailsPerConnection < 1) {
            throw new IllegalArgumentException("a limit below its least value");
        }
        ownAddresses = Set.copyOf(ownAddresses);
    }

    /// Fit for the Internet: 5 hosts, 10 minutes in all, 20 idle connections a site for 10 s, 500
    /// mails on a connection, no private addresses.
    public static CourierSettings defaults(String heloName) {
        return new CourierSettings(
                heloName,
                Timeouts.standard(),
                Duration.ofMinutes(10),
                5,
                20,
                Duration.ofSeconds(10),
                500,
                false,
                Set.of(),
                SslContexts.system());
    }

    /// The same with private addresses allowed: for tests, intranets and relays next door.
    public CourierSettings withPrivateAddresses() {
        return new CourierSettings(
                heloName,
                timeouts,
                total,
                maxHosts,
                idlePerSite,
                idleTimeout,
                maxMailsPerConnection,
                true,
                ownAddresses,
                tls);
    }

    /// The same with the addresses at which mail would come back to us.
    public CourierSettings withOwnAddresses(Set<InetAddress> addresses) {
        return new CourierSettings(
                heloName,
                timeouts,
                total,
                maxHosts,
                idlePerSite,
                idleTimeout,
                maxMailsPerConnection,
                allowPrivate,
                addresses,
                tls);
    }

    /// The addresses of this machine's network interfaces, for `ownAddresses`.
    public static Set<InetAddress> machineAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list the network interfaces", e);
        }
    }

    /// How long a host may take. Each one bounds a whole step, however slowly its octets drip.
    ///
    /// @param connect for the TCP handshake with one address
    /// @param banner until the whole greeting is there
    /// @param ehlo for EHLO or HELO
    /// @param tls for STARTTLS and for the TLS handshake
    /// @param mail for MAIL
    /// @param rcpt for one RCPT
    /// @param data for DATA until 354
    /// @param block for writing one block of the message
    /// @param dot from the final dot to the reply
    public record Timeouts(
            Duration connect,
            Duration banner,
            Duration ehlo,
            Duration tls,
            Duration mail,
            Duration rcpt,
            Duration data,
            Duration block,
            Duration dot) {

        /// RFC 5321, 4.5.3.2.1 to 4.5.3.2.6; connect and TLS, of which it says nothing, are short,
        /// for nobody reads mail that is still waiting for a dead host.
        public static Timeouts standard() {
            return new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(10));
        }

        /// The same limit for every phase.
        public static Timeouts all(Duration each) {
            return new Timeouts(each, each, each, each, each, each, each, each, each);
        }

        Duration of(Phase phase) {
            return switch (phase) {
                case DNS, CONNECT -> connect;
                case BANNER -> banner;
                case EHLO -> ehlo;
                case STARTTLS -> tls;
                case MAIL -> mail;
                case RCPT -> rcpt;
                case DATA -> data;
                case DOT -> dot;
            };
        }
    }
}
