package ai.mailgoat.server.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// An MX host on loopback that takes all mail and remembers it.
final class SmtpSink implements AutoCloseable {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*<([^>]+)>");

    private final ServerSocket server;
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final boolean keepMessages;
    private volatile String rcptReply = "250 2.1.5 ok";

    /// @param message `""` when messages are not kept
    /// @param at when it was whole, as {@link System#nanoTime} counts
    record Received(
            String messageId,
            String reversePath,
            List<String> forwardPaths,
            String message,
            long at) {}

    SmtpSink(boolean keepMessages) throws IOException {
        this.keepMessages = keepMessages;
        server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("sink").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    int count() {
        return received.size();
    }

    int sessions() {
        return sessions.get();
    }

    /// What is answered to RCPT from now on.
    void answerRecipients(String reply) {
        rcptReply = reply;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                sessions.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 65_536);
            var out = socket.getOutputStream();
            say(out, "220 sink.test ESMTP");
            String from = "";
            var to = new ArrayList<String>();
            for (String line = line(in); line != null; line = line(in)) {
                String verb =
                        line.length() < 4
                                ? line
                                : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "EHLO" ->
                            say(
                                    out,
                                    "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000");
                    case "MAIL" -> {
                        from = path(line);
                        to.clear();
                        say(out, "250 2.1.0 ok");
                    }
                    case "RCPT" -> {
                        String reply = rcptReply;
                        if (reply.startsWith("2")) {
                            to.add(path(line));
                        }
                        say(out, reply);
                    }
                    case "DATA" -> {
                        say(out, "354 go on");
                        String message = message(in);
                        if (to.isEmpty()) {
                            say(out, "554 5.5.1 no valid recipients");
                        } else {
                            received.add(received(from, to, message));
                            say(out, "250 2.0.0 taken");
                        }
                    }
                    case "QUIT" -> {
                        say(out, "221 bye");
                        return;
                    }
                    default -> say(out, "250 ok");
                }
            }
        } catch (IOException e) {
            // The client went away, as killed ones do; what it had finished is kept.
            return;
        }
    }

    private Received received(String from, List<String> to, String message) {
        var id = MESSAGE_ID.matcher(message);
        return new Received(
                id.find() ? id.group(1) : "",
                from,
                List.copyOf(to),
                keepMessages ? message : "",
                System.nanoTime());
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    private static void say(java.io.OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String line(BufferedInputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            line.write(c);
        }
        return null;
    }

    private static String message(BufferedInputStream in) throws IOException {
        var message = new ByteArrayOutputStream();
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c != '\n') {
                continue;
            }
            byte[] octets = line.toByteArray();
            line.reset();
            if (octets.length == 3 && octets[0] == '.') {
                return message.toString(StandardCharsets.UTF_8);
            }
            int stuffed = octets[0] == '.' ? 1 : 0;
            message.write(octets, stuffed, octets.length - stuffed);
        }
        throw new IOException("the client went away in the middle of a message");
    }
}
