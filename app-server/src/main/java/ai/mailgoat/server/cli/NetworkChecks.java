package ai.mailgoat.server.cli;

import ai.mailgoat.server.config.Config.HostPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Checks that ask the network, each bounded to a few seconds.
final class NetworkChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final String KNOWN_DOMAIN = "gmail.com.";
    private static final String TIME_HOST = "pool.ntp.org";

    /// Seconds from 1900, where NTP begins, to 1970.
    private static final long NTP_TO_UNIX = 2_208_988_800L;

    private NetworkChecks() {}

    static Check resolver(List<HostPort> resolvers) {
        long begun = System.nanoTime();
        try {
            ask(resolvers, ".", Type.NS);
            return Check.pass(
                    "dns", "answers in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        } catch (IOException e) {
            return Check.fail(
                    "dns",
                    "no answer: " + e.getMessage(),
                    "set dns.resolvers to one that answers, such as a local unbound");
        }
    }

    /// Many providers block port 25 outwards until asked.
    static Check outbound(List<HostPort> resolvers, int port) {
        String host = "a mail server";
        try {
            var answer = ask(resolvers, KNOWN_DOMAIN, Type.MX);
            for (Record record : answer.getSection(Section.ANSWER)) {
                if (record instanceof MXRecord mx) {
                    host = mx.getTarget().toString(true);
                }
            }
            try (var socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(first(host), port),
                        Math.toIntExact(PATIENCE.toMillis()));
                socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                int first = socket.getInputStream().read();
                return first == '2'
                        ? Check.pass("outbound", host + " greets on port " + port)
                        : Check.warn(
                                "outbound",
                                host + " did not greet on port " + port,
                                "ask the provider whether something filters port 25");
            }
        } catch (IOException e) {
            return Check.fail(
                    "outbound",
                    "cannot reach " + host + " on port " + port + ": " + e.getMessage(),
                    "ask the provider to open port 25, or set delivery.mode: relay");
        }
    }

    /// SNTP (RFC 4330): a client's packet is 48 octets, of which only the first is set; the
    /// server's transmit timestamp stands at octet 40. A clock that is off spoils DKIM and TLS.
    static Check clock() {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            var packet = new byte[48];
            packet[0] = 0x23;
            socket.send(
                    new DatagramPacket(
                            packet, packet.length, new InetSocketAddress(first(TIME_HOST), 123)));
            socket.receive(new DatagramPacket(packet, packet.length));
            long seconds = Integer.toUnsignedLong(ByteBuffer.wrap(packet).getInt(40)) - NTP_TO_UNIX;
            long off = Math.abs(Instant.now().getEpochSecond() - seconds);
            return off <= 5
                    ? Check.pass("clock", "right within " + Math.max(1, off) + " s")
                    : Check.fail(
                            "clock",
                            off + " s off",
                            "run an NTP client (timedatectl set-ntp true)");
        } catch (IOException | IllegalArgumentException e) {
            return Check.warn(
                    "clock",
                    "not compared: " + TIME_HOST + " does not answer",
                    "make sure an NTP client runs (timedatectl)");
        }
    }

    private static InetAddress first(String host) throws IOException {
        return InetAddress.getAllByName(host)[0];
    }

    private static Message ask(List<HostPort> resolvers, String name, int type) throws IOException {
        InetSocketAddress address =
                resolvers.isEmpty()
                        ? ResolverConfig.getCurrentConfig().servers().stream()
                                .findFirst()
                                .orElseThrow(() -> new IOException("the system names no resolver"))
                        : new InetSocketAddress(
                                resolvers.getFirst().host(), resolvers.getFirst().port());
        var resolver = new SimpleResolver(address);
        resolver.setTimeout(PATIENCE);
        var question = Record.newRecord(Name.fromString(name), type, DClass.IN);
        return resolver.send(Message.newQuery(question));
    }
}
