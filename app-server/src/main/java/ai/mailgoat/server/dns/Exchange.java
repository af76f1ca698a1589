package ai.mailgoat.server.dns;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// One question to one resolver: by UDP, and again by TCP when the answer did not fit (RFC 7766,
/// 5). Each exchange has a fresh port and an unguessable id; a datagram that does not answer the
/// very question is passed over, so that a forger cannot even end the wait (RFC 5452, 9.1).
final class Exchange {
    /// What fits one unfragmented datagram nearly everywhere (DNS flag day 2020).
    private static final int UDP_PAYLOAD = 1232;

    /// More than we ask for, as some servers do not heed it.
    private static final int UDP_BUFFER = 8192;

    private final RandomGenerator ids = new SecureRandom();

    /// @param edns whether to offer larger datagrams (RFC 6891); servers exist that choke on it
    /// @param wait for UDP and TCP together
    /// @return a message that answers the question, with whatever response code
    /// @throws SocketTimeoutException when no fitting answer came in time
    Message ask(InetSocketAddress resolver, Question question, boolean edns, Duration wait)
            throws IOException {
        long deadline = System.nanoTime() + wait.toNanos();
        Message answer = byUdp(resolver, query(question, edns), deadline);
        return answer.getHeader().getFlag(Flags.TC)
                ? byTcp(resolver, query(question, edns), deadline)
                : answer;
    }

    private Message query(Question question, boolean edns) {
        var query = Message.newQuery(Record.newRecord(question.name(), question.type(), DClass.IN));
        query.getHeader().setID(ids.nextInt(0x10000));
        if (edns) {
            query.addRecord(new OPTRecord(UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return query;
    }

    private static Message byUdp(InetSocketAddress resolver, Message query, long deadline)
            throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(resolver);
            byte[] wire = query.toWire();
            socket.send(new DatagramPacket(wire, wire.length));
            var packet = new DatagramPacket(new byte[UDP_BUFFER], UDP_BUFFER);
            while (true) {
                socket.setSoTimeout(millisUntil(deadline));
                packet.setLength(UDP_BUFFER);
                socket.receive(packet);
                var answer = parse(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answer != null && answers(query, answer)) {
                    return answer;
                }
            }
        }
    }

    private static Message byTcp(InetSocketAddress resolver, Message query, long deadline)
            throws IOException {
        try (var socket = new Socket()) {
            socket.connect(resolver, millisUntil(deadline));
            byte[] wire = query.toWire();
            byte[] framed = new byte[wire.length + 2];
            framed[0] = (byte) (wire.length >> 8);
            framed[1] = (byte) wire.length;
            System.arraycopy(wire, 0, framed, 2, wire.length);
            socket.getOutputStream().write(framed);
            byte[] length = read(socket, 2, deadline);
            var answer = parse(read(socket, (length[0] & 0xff) << 8 | length[1] & 0xff, deadline));
            if (answer == null || !answers(query, answer)) {
                throw new IOException("the answer does not fit the question");
            }
            return answer;
        }
    }

    private static byte[] read(Socket socket, int count, long deadline) throws IOException {
        byte[] bytes = new byte[count];
        var in = new DataInputStream(socket.getInputStream());
        for (int have = 0; have < count; ) {
            socket.setSoTimeout(millisUntil(deadline));
            int n = in.read(bytes, have, count - have);
            if (n < 0) {
                throw new EOFException("the resolver hung up");
            }
            have += n;
        }
        return bytes;
    }

    private static @Nullable Message parse(byte[] wire) {
        try {
            return new Message(wire);
        } catch (IOException | RuntimeException e) {
            return null; // Anybody can send garbage; it is as good as silence.
        }
    }

    private static boolean answers(Message query, Message answer) {
        if (answer.getHeader().getID() != query.getHeader().getID()
                || !answer.getHeader().getFlag(Flags.QR)) {
            return false;
        }
        var asked = query.getQuestion();
        var answered = answer.getQuestion();
        if (answered == null) {
            // A server that could not read the query need not repeat it.
            int rcode = answer.getHeader().getRcode();
            return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.REFUSED;
        }
        return answered.getName().equals(asked.getName())
                && answered.getType() == asked.getType()
                && answered.getDClass() == asked.getDClass();
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
