package ai.mailgoat.server.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// A mail server that throws all mail away: the verbs of RFC 5321 that a sender needs, with
/// PIPELINING and 8BITMIME.
final class SocketSink implements Sink {
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final AtomicLong messages = new AtomicLong();

    private SocketSink() {}

    static SocketSink open(List<String> addresses, int port) throws IOException {
        var sink = new SocketSink();
        for (String address : addresses) {
            var listener = new ServerSocket(port, 1000, InetAddress.getAllByName(address)[0]);
            sink.listeners.add(listener);
            Thread.ofVirtual().start(() -> sink.accept(listener));
        }
        return sink;
    }

    int port() {
        return listeners.getFirst().getLocalPort();
    }

    private void accept(ServerSocket listener) {
        while (true) {
            try {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> session(socket));
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void session(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            var replies = new StringBuilder("220 sink.test ESMTP\r\n");
            while (true) {
                // With PIPELINING replies leave together, before the wait for more (RFC 2920, 3.2).
                if (in.available() == 0) {
                    flush(socket, replies);
                }
                String command = line(in);
                if (command.isEmpty()) {
                    return;
                }
                // Every verb has four letters (RFC 5321, 4.1.1).
                switch (command.substring(0, Math.min(4, command.length()))
                        .toUpperCase(Locale.ROOT)) {
                    case "EHLO" ->
                            replies.append("250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
                    case "DATA" -> {
                        replies.append("354 go on\r\n");
                        flush(socket, replies);
                        skipData(in);
                        messages.incrementAndGet();
                        replies.append("250 2.0.0 thrown away\r\n");
                    }
                    case "QUIT" -> {
                        replies.append("221 2.0.0 bye\r\n");
                        flush(socket, replies);
                        return;
                    }
                    default -> replies.append("250 2.0.0 ok\r\n");
                }
            }
        } catch (IOException e) {
            // The client has gone; what it sent whole is counted.
            return;
        }
    }

    private static void flush(Socket socket, StringBuilder replies) throws IOException {
        socket.getOutputStream().write(replies.toString().getBytes(StandardCharsets.US_ASCII));
        replies.setLength(0);
    }

    /// Reads to the end of the data, CRLF `.` CRLF (RFC 5321, 4.1.1.4). The command's own CRLF
    /// counts as the first.
    private static void skipData(InputStream in) throws IOException {
        byte[] end = {'\r', '\n', '.', '\r', '\n'};
        int matched = 2;
        while (matched < end.length) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("ended in the middle of the data");
            }
            matched = octet == end[matched] ? matched + 1 : octet == '\r' ? 1 : 0;
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            line.append((char) octet);
            if (octet == '\n') {
                break;
            }
        }
        return line.toString();
    }

    @Override
    public long messages() {
        return messages.get();
    }

    @Override
    public String name() {
        return "built-in sink";
    }

    @Override
    public void close() throws IOException {
        for (var listener : listeners) {
            listener.close();
        }
    }
}
