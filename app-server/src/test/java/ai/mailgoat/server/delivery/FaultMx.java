package ai.mailgoat.server.delivery;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// An MX host on a loopback socket that behaves exactly as well as a test tells it to. Without
/// instructions it is a good host with PIPELINING, 8BITMIME, SMTPUTF8 and SIZE.
///
/// {@snippet :
/// try (var mx = new FaultMx().on("RCPT", say("250 ok"), say("550 5.1.1 no such user"))) {
///     ... deliver to 127.0.0.1, mx.port() ...
///     mx.mails();
/// }
/// }
///
/// Verbs are those of SMTP, and `CONNECT` for the banner and `DOT` for the end of DATA. An act that
/// says a line beginning with 3 in answer to DATA makes the host read a message.
public final class FaultMx implements AutoCloseable {

    /// Something a host does when a verb comes.
    public interface Act {
        void perform(Dialogue dialogue) throws IOException;

        default Act then(Act next) {
            return dialogue -> {
                perform(dialogue);
                next.perform(dialogue);
            };
        }
    }

    /// A mail that was taken whole; `octets` without dot-stuffing and final dot.
    public record Mail(String mail, List<String> rcpts, byte[] octets, boolean tls) {}

    private static final Act GOOD_DATA = say("354 go on");

    private final ServerSocket listener;
    private final Map<String, List<Act>> acts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<String> extensions =
            List.of("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 20000000");
    private volatile SSLContext tls;
    private volatile String serverName;

    public FaultMx() {
        try {
            listener = new ServerSocket();
            // Small, so that a host that does not read soon blocks whoever writes to it.
            listener.setReceiveBufferSize(8192);
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// What to do at the first, second... occurrence of a verb over all connections; the last act
    /// is for all later ones too.
    public FaultMx on(String verb, Act... inTurn) {
        acts.put(verb, List.of(inTurn));
        return this;
    }

    /// The extensions in the EHLO reply.
    public FaultMx extensions(String... keywords) {
        extensions = List.of(keywords);
        return this;
    }

    /// Offers STARTTLS and answers it with this context.
    public FaultMx tls(SSLContext context) {
        tls = context;
        return this;
    }

    /// Says whole lines, CRLF added.
    public static Act say(String... lines) {
        return dialogue -> dialogue.say(lines);
    }

    /// Says it and closes the connection.
    public static Act sayAndHangUp(String... lines) {
        return say(lines).then(hangUp());
    }

    public static Act hangUp() {
        return Dialogue::end;
    }

    /// Closes with RST instead of FIN.
    public static Act reset() {
        return dialogue -> {
            dialogue.socket.setSoLinger(true, 0);
            dialogue.end();
        };
    }

    /// Neither reads nor writes any more.
    public static Act hang() {
        return dialogue -> dialogue.pause(Duration.ofMinutes(10));
    }

    /// Does nothing for a while.
    public static Act pause(Duration duration) {
        return dialogue -> dialogue.pause(duration);
    }

    /// Octets as they are.
    public static Act raw(byte[] octets) {
        return dialogue -> dialogue.write(octets);
    }

    /// One octet at a time, over and over.
    public static Act drip(String octets, Duration pause) {
        return dialogue -> {
            while (dialogue.isOpen()) {
                for (byte octet : octets.getBytes(StandardCharsets.ISO_8859_1)) {
                    dialogue.write(new byte[] {octet});
                    dialogue.pause(pause);
                }
            }
        };
    }

    /// The same octets without end, as fast as they go.
    public static Act endless(String octets) {
        byte[] chunk = octets.getBytes(StandardCharsets.ISO_8859_1);
        return dialogue -> {
            while (dialogue.isOpen()) {
                dialogue.write(chunk);
            }
        };
    }

    /// Reads so many octets, waits, and so on so many times.
    public static Act readSlowly(int octets, Duration pause, int times) {
        return dialogue -> {
            for (int i = 0; i < times && dialogue.isOpen(); i++) {
                if (dialogue.in.readNBytes(octets).length == 0) {
                    return;
                }
                dialogue.pause(pause);
            }
        };
    }

    /// The SNI of the last handshake, or `null`.
    public String serverName() {
        return serverName;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public Route.Host host(int preference, String name) {
        return new Route.Host(preference, name, port());
    }

    /// Connections accepted so far.
    public int connections() {
        return connections.get();
    }

    /// How often a verb came.
    public int count(String verb) {
        var count = counts.get(verb);
        return count == null ? 0 : count.get();
    }

    /// All command lines in the order of their arrival.
    public List<String> commands() {
        return List.copyOf(commands);
    }

    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    /// In how many pieces the commands came: fewer than commands when they were pipelined.
    public int reads() {
        return reads.get();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Dialogue(socket).run();
        } catch (IOException e) {
            // The client cut the connection, as tests often mean it to.
            assert socket.isClosed() || !socket.isClosed();
        } finally {
            sockets.remove(socket);
        }
    }

    /// One connection.
    public final class Dialogue {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private String mail = "";
        private final List<String> rcpts = new ArrayList<>();
        private boolean saidIntermediate;
        private boolean isTls;

        Dialogue(Socket socket) throws IOException {
            attach(socket);
        }

        void run() throws IOException {
            perform("CONNECT", FaultMx.say("220 mx.test ESMTP"));
            String line;
            while (isOpen() && (line = readLine()) != null) {
                commands.add(line);
                command(line);
            }
        }

        private void command(String line) throws IOException {
            String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO" -> perform(verb, Dialogue::greet);
                case "STARTTLS" -> perform(verb, Dialogue::startTls);
                case "MAIL" -> {
                    mail = line;
                    rcpts.clear();
                    perform(verb, FaultMx.say("250 2.1.0 ok"));
                }
                case "RCPT" -> {
                    rcpts.add(line);
                    perform(verb, FaultMx.say("250 2.1.5 ok"));
                }
                case "DATA" -> {
                    saidIntermediate = false;
                    perform(verb, GOOD_DATA);
                    if (saidIntermediate && isOpen()) {
                        readMessage();
                    }
                }
                case "QUIT" -> perform(verb, sayAndHangUp("221 bye"));
                default -> perform(verb, FaultMx.say("250 ok"));
            }
        }

        private void readMessage() throws IOException {
            var octets = new ByteArrayOutputStream();
            String line;
            while ((line = readLine()) != null) {
                if (line.equals(".")) {
                    mails.add(new Mail(mail, List.copyOf(rcpts), octets.toByteArray(), isTls));
                    perform("DOT", FaultMx.say("250 2.0.0 taken"));
                    return;
                }
                String plain = line.startsWith(".") ? line.substring(1) : line;
                octets.writeBytes(plain.getBytes(StandardCharsets.ISO_8859_1));
                octets.writeBytes(new byte[] {'\r', '\n'});
            }
        }

        private void perform(String verb, Act good) throws IOException {
            int turn = counts.computeIfAbsent(verb, _ -> new AtomicInteger()).getAndIncrement();
            var inTurn = acts.getOrDefault(verb, List.of(good));
            inTurn.get(Math.min(turn, inTurn.size() - 1)).perform(this);
        }

        private void greet() throws IOException {
            var lines = new ArrayList<String>();
            lines.add("mx.test greets you");
            lines.addAll(extensions);
            if (tls != null && !isTls) {
                lines.add("STARTTLS");
            }
            for (int i = 0; i < lines.size(); i++) {
                say((i == lines.size() - 1 ? "250 " : "250-") + lines.get(i));
            }
        }

        private void startTls() throws IOException {
            say("220 go on");
            handshake();
        }

        void handshake() throws IOException {
            var context = Objects.requireNonNull(tls);
            var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            attach(secure);
            isTls = true;
            for (var name : ((ExtendedSSLSession) secure.getSession()).getRequestedServerNames()) {
                serverName = ((SNIHostName) name).getAsciiName();
            }
        }

        void say(String... lines) throws IOException {
            for (String line : lines) {
                saidIntermediate = line.startsWith("3");
                write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        }

        void write(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }

        void end() throws IOException {
            socket.close();
        }

        boolean isOpen() {
            return !socket.isClosed() && closed.getCount() > 0;
        }

        /// Waits until the time or the host's life is over.
        void pause(Duration duration) {
            try {
                if (closed.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                    socket.close();
                }
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void attach(Socket next) throws IOException {
            socket = next;
            in = new BufferedInputStream(new Counting(next.getInputStream()), 65536);
            out = next.getOutputStream();
        }

        /// Up to CRLF and only that: a bare LF is part of the line.
        private String readLine() throws IOException {
            var line = new ByteArrayOutputStream();
            int previous = -1;
            int octet;
            while ((octet = in.read()) >= 0) {
                if (previous == '\r' && octet == '\n') {
                    var text = line.toString(StandardCharsets.ISO_8859_1);
                    return text.substring(0, text.length() - 1);
                }
                line.write(octet);
                previous = octet;
            }
            return null;
        }
    }

    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            reads.incrementAndGet();
            return super.read(octets, offset, length);
        }
    }
}
