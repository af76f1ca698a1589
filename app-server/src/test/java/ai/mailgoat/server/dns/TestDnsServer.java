package ai.mailgoat.server.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A name server on a free loopback port, by UDP and TCP, that says what a test tells it to and
/// misbehaves on demand. A name without records is NXDOMAIN, unless there are names below it.
public final class TestDnsServer implements AutoCloseable {
    private static final int UDP_LIMIT = 1232;

    private enum Fault {
        DROP,
        TRUNCATE,
        WRONG_ID,
        WRONG_QUESTION,
        GARBAGE,
        REFERRAL
    }

    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<String, Integer> rcodes = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private volatile boolean ednsRefused;

    public TestDnsServer() {
        try {
            ServerSocket listener = null;
            DatagramSocket datagrams = null;
            while (datagrams == null) {
                listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                try {
                    datagrams = new DatagramSocket(listener.getLocalSocketAddress());
                } catch (BindException _) {
                    listener.close(); // That port is taken for UDP: another one.
                }
            }
            tcp = listener;
            udp = datagrams;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("test-dns-udp").start(this::serveUdp);
        Thread.ofPlatform().daemon().name("test-dns-tcp").start(this::serveTcp);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    /// @param name with or without trailing dot
    /// @param type such as `Type.MX`
    /// @param rdata in master file syntax, one record each: `10 mx.example.org.`; TXT takes several
    ///   strings as `"one" "two"`
    public TestDnsServer add(String name, int type, int ttl, String... rdata) {
        for (var text : rdata) {
            try {
                var owner = Name.fromString(name, Name.root);
                var data = Record.fromString(owner, type, DClass.IN, ttl, text, Name.root);
                records.computeIfAbsent(key(owner), _ -> new CopyOnWriteArrayList<>()).add(data);
            } catch (IOException e) {
                throw new IllegalArgumentException(text, e);
            }
        }
        return this;
    }

    /// Forgets the records, failures and faults of a name.
    public TestDnsServer remove(String name) {
        records.remove(key(name));
        rcodes.remove(key(name));
        faults.remove(key(name));
        return this;
    }

    /// Answers with this response code, such as `Rcode.SERVFAIL`.
    public TestDnsServer fail(String name, int rcode) {
        rcodes.put(key(name), rcode);
        return this;
    }

    /// Never answers.
    public TestDnsServer drop(String name) {
        faults.put(key(name), Fault.DROP);
        return this;
    }

    /// Sets TC and leaves out the records in every UDP answer.
    public TestDnsServer truncate(String name) {
        faults.put(key(name), Fault.TRUNCATE);
        return this;
    }

    public TestDnsServer wrongId(String name) {
        faults.put(key(name), Fault.WRONG_ID);
        return this;
    }

    public TestDnsServer wrongQuestion(String name) {
        faults.put(key(name), Fault.WRONG_QUESTION);
        return this;
    }

    public TestDnsServer garbage(String name) {
        faults.put(key(name), Fault.GARBAGE);
        return this;
    }

    /// Answers with NS records of elsewhere, as a lame server does.
    public TestDnsServer referral(String name) {
        faults.put(key(name), Fault.REFERRAL);
        return this;
    }

    /// Says FORMERR to queries with EDNS, as old servers do.
    public TestDnsServer refuseEdns() {
        ednsRefused = true;
        return this;
    }

    /// How often this was asked, by UDP and TCP.
    public long queries(String name, int type) {
        var query = key(name) + " " + Type.string(type);
        return queries.stream().filter(query::equals).count();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveUdp() {
        var packet = new DatagramPacket(new byte[4096], 4096);
        while (!udp.isClosed()) {
            try {
                packet.setLength(4096);
                udp.receive(packet);
                byte[] answer =
                        answer(Arrays.copyOf(packet.getData(), packet.getLength()), UDP_LIMIT);
                if (answer != null) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!udp.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                var socket = tcp.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                if (!tcp.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), 0xffff);
            if (answer != null) {
                out.writeShort(answer.length);
                out.write(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte @Nullable [] answer(byte[] wire, int limit) throws IOException {
        var query = new Message(wire);
        var question = query.getQuestion();
        var key = key(question.getName());
        queries.add(key + " " + Type.string(question.getType()));
        var fault = faults.get(key);
        if (fault == Fault.DROP) {
            return null;
        }
        if (fault == Fault.GARBAGE) {
            return new byte[] {wire[0], wire[1], (byte) 0x80, 0, 0, 9, 0, 9};
        }
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.AA);
        if (ednsRefused && query.getOPT() != null) {
            answer.getHeader().setRcode(Rcode.FORMERR);
            return answer.toWire();
        }
        answer.addRecord(question, Section.QUESTION);
        if (rcodes.containsKey(key)) {
            answer.getHeader().setRcode(rcodes.get(key));
        } else if (fault == Fault.REFERRAL) {
            answer.addRecord(soaOrNs(Type.NS, "ns.elsewhere.test."), Section.AUTHORITY);
        } else {
            fill(answer, question);
        }
        if (fault == Fault.WRONG_ID) {
            answer.getHeader().setID(query.getHeader().getID() ^ 1);
        } else if (fault == Fault.WRONG_QUESTION) {
            answer.removeAllRecords(Section.QUESTION);
            answer.addRecord(
                    Record.newRecord(Name.fromString("other.test."), Type.A, DClass.IN),
                    Section.QUESTION);
        }
        boolean small = limit <= UDP_LIMIT;
        if (small && (fault == Fault.TRUNCATE || answer.toWire().length > limit)) {
            answer.getHeader().setFlag(Flags.TC);
            answer.removeAllRecords(Section.ANSWER);
        }
        return answer.toWire();
    }

    private void fill(Message answer, Record question) throws IOException {
        var name = question.getName();
        for (int hops = 0; hops < 20; hops++) {
            var here = records.getOrDefault(key(name), List.of());
            Record alias = null;
            boolean found = false;
            for (var r : here) {
                if (r.getType() == question.getType()) {
                    answer.addRecord(r, Section.ANSWER);
                    found = true;
                } else if (r.getType() == Type.CNAME) {
                    alias = r;
                }
            }
            if (found) {
                return;
            }
            if (alias == null) {
                if (here.isEmpty() && !hasNamesBelow(key(name))) {
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                }
                answer.addRecord(
                        soaOrNs(Type.SOA, "ns.test. root.test. 1 3600 600 86400 60"),
                        Section.AUTHORITY);
                return;
            }
            if (answer.findRecord(alias)) {
                return;
            }
            answer.addRecord(alias, Section.ANSWER);
            name = ((CNAMERecord) alias).getTarget();
        }
    }

    private boolean hasNamesBelow(String key) {
        var names = new ArrayList<String>(records.keySet());
        names.addAll(rcodes.keySet());
        names.addAll(faults.keySet());
        return names.stream().anyMatch(n -> n.endsWith("." + key));
    }

    private static Record soaOrNs(int type, String rdata) throws IOException {
        return Record.fromString(Name.root, type, DClass.IN, 60, rdata, Name.root);
    }

    private static String key(String name) {
        return (name.endsWith(".") ? name : name + ".").toLowerCase(Locale.ROOT);
    }

    private static String key(Name name) {
        return key(name.toString());
    }
}
