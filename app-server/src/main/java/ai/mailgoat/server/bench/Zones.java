package ai.mailgoat.server.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// A DNS server on a loopback port for a handful of records: the sender's domain as it has to be
/// published, and the MX of the destinations. Everything else does not exist (NXDOMAIN).
public final class Zones implements AutoCloseable {
    private static final long TTL = 300;
    private static final int TXT_STRING = 255;

    private final DatagramSocket socket;
    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();

    private Zones(DatagramSocket socket) {
        this.socket = socket;
    }

    public static Zones open() throws IOException {
        var zones = new Zones(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        Thread.ofPlatform().name("bench-dns").daemon().start(zones::serve);
        return zones;
    }

    /// Such as `127.0.0.1:49152`.
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /// `domain` has one MX host, at `address`.
    public Zones destination(String domain, String address) throws IOException {
        var host = name("mx." + domain);
        add(new MXRecord(name(domain), DClass.IN, TTL, 10, host));
        add(new ARecord(host, DClass.IN, TTL, InetAddress.getAllByName(address)[0]));
        return this;
    }

    /// One record as the API lists it.
    ///
    /// @param type `MX`, `TXT` or `CNAME`
    public Zones record(String name, String type, String value, int priority) throws IOException {
        var owner = name(name);
        add(
                switch (type) {
                    case "MX" -> new MXRecord(owner, DClass.IN, TTL, priority, name(value));
                    case "CNAME" -> new CNAMERecord(owner, DClass.IN, TTL, name(value));
                    case "TXT" -> new TXTRecord(owner, DClass.IN, TTL, strings(value));
                    default -> throw new IOException("no record type for a test zone: " + type);
                });
        return this;
    }

    private void add(Record record) {
        records.computeIfAbsent(record.getName(), _ -> new ArrayList<>()).add(record);
    }

    private void serve() {
        var octets = new byte[4096];
        while (true) {
            try {
                var packet = new DatagramPacket(octets, octets.length);
                socket.receive(packet);
                var query = new Message(java.util.Arrays.copyOf(octets, packet.getLength()));
                byte[] answer = answer(query).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Else it was no DNS message: nobody to answer.
                if (socket.isClosed()) {
                    return;
                }
            }
        }
    }

    private Message answer(Message query) {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setFlag(Flags.RD);
        var question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        var found = records.get(question.getName());
        if (found == null) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            return answer;
        }
        for (var record : found) {
            if (record.getType() == question.getType() || record.getType() == Type.CNAME) {
                answer.addRecord(record, Section.ANSWER);
            }
        }
        return answer;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text.endsWith(".") ? text : text + ".");
        } catch (TextParseException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A TXT record is made of strings of 255 octets at most (RFC 1035, 3.3.14).
    private static List<String> strings(String value) {
        var strings = new ArrayList<String>();
        for (int from = 0; from < value.length(); from += TXT_STRING) {
            strings.add(value.substring(from, Math.min(value.length(), from + TXT_STRING)));
        }
        return strings;
    }

    @Override
    public void close() {
        socket.close();
    }
}
