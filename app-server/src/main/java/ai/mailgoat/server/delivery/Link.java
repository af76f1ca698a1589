package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Printable;
import ai.mailgoat.server.smtp.SmtpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One TCP connection: commands out, replies in, TLS put over it. Every step stands under the
/// deadline of its phase and of the attempt ([#enter]); the [Watchdog] closes the socket when it
/// passes, which ends reads and writes alike. Used by one thread at a time.
final class Link implements AutoCloseable {

    /// What is gathered for one write: a common message with its final dot fits.
    private static final int BLOCK = 32 * 1024;

    private static final byte[] CRLF = {'\r', '\n'};

    private final Socket socket;
    private final Watchdog watchdog;
    private final CourierSettings.Timeouts timeouts;
    private final byte[] block = new byte[BLOCK];
    private final ReplyReader replies;
    private int used;
    private InputStream in;
    private OutputStream out;
    private boolean isTls;
    private Phase phase = Phase.CONNECT;
    private Deadline attemptDeadline;
    private volatile @Nullable Deadline deadline;
    private volatile boolean overdue;

    private Link(
            Socket socket,
            Watchdog watchdog,
            CourierSettings.Timeouts timeouts,
            Deadline attemptDeadline)
            throws IOException {
        this.socket = socket;
        this.watchdog = watchdog;
        this.timeouts = timeouts;
        this.attemptDeadline = attemptDeadline;
        in = socket.getInputStream();
        out = socket.getOutputStream();
        replies = new ReplyReader(in);
    }

    static Link connect(
            InetAddress address,
            int port,
            Watchdog watchdog,
            CourierSettings.Timeouts timeouts,
            Deadline attemptDeadline)
            throws SessionBroken {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(address, port),
                    attemptDeadline.within(timeouts.connect()).millisLeft());
            var link = new Link(socket, watchdog, timeouts, attemptDeadline);
            watchdog.watch(link);
            return link;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new SessionBroken(
                    SessionBroken.Kind.UNREACHABLE, Phase.CONNECT, null, describe(e));
        }
    }

    /// A connection that was idle goes on in another attempt.
    void resume(Deadline newAttemptDeadline) {
        attemptDeadline = newAttemptDeadline;
    }

    /// Begins a step: its time limit counts from here.
    void enter(Phase next) {
        phase = next;
        deadline = attemptDeadline.within(timeouts.of(next));
    }

    /// Nothing is awaited: no deadline until the next [#enter].
    void rest() {
        deadline = null;
    }

    /// Queues a command for the next [#flush].
    void command(String line) throws SessionBroken {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        put(octets, 0, octets.length);
        put(CRLF, 0, CRLF.length);
    }

    /// Queues octets; whole blocks go out at once, each with its own time limit.
    void put(byte[] octets, int from, int to) throws SessionBroken {
        int at = from;
        while (at < to) {
            if (used == BLOCK) {
                flush();
                listenWhileSending();
            }
            int count = Math.min(to - at, BLOCK - used);
            System.arraycopy(octets, at, block, used, count);
            used += count;
            at += count;
        }
    }

    void flush() throws SessionBroken {
        if (phase == Phase.DATA) {
            deadline = attemptDeadline.within(timeouts.block());
        }
        try {
            out.write(block, 0, used);
            used = 0;
        } catch (IOException e) {
            used = 0;
            if (phase == Phase.DATA && !overdue) {
                listenWhileSending();
            }
            throw broken(e);
        }
    }

    /// The next reply, within the time of the phase.
    SmtpReply reply() throws SessionBroken {
        try {
            return replies.read();
        } catch (ReplyReader.NoReplyException e) {
            throw broken(SessionBroken.Kind.GARBAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /// A host that has seen enough of a message replies before its end, and may hang up or stop
    /// reading: better its words than a broken pipe or a time-out. (Under TLS the waiting octets
    /// may be no reply, so there it is not looked for.)
    private void listenWhileSending() throws SessionBroken {
        if (phase != Phase.DATA || isTls || !hasWaitingOctets()) {
            return;
        }
        throw new SessionBroken(
                SessionBroken.Kind.REFUSED, phase, reply(), "reply before the end of the message");
    }

    /// Whether octets are waiting that nobody has asked for.
    boolean hasWaitingOctets() {
        try {
            return replies.hasMore() || in.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    /// The client's side of the TLS handshake, with the host's name as SNI (RFC 6066, 3).
    ///
    /// @param checkName whether the certificate must be valid for `host` (RFC 9525)
    /// @return such as `TLSv1.3 TLS_AES_128_GCM_SHA256`
    String startTls(SSLContext context, String host, boolean checkName) throws SessionBroken {
        try {
            var tls =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(socket, host, socket.getPort(), true);
            tls.setUseClientMode(true);
            var parameters = tls.getSSLParameters();
            parameters.setServerNames(serverNames(host));
            if (checkName) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            in = tls.getInputStream();
            out = tls.getOutputStream();
            replies.switchTo(in);
            isTls = true;
            return tls.getSession().getProtocol() + " " + tls.getSession().getCipherSuite();
        } catch (IOException e) {
            if (overdue) {
                throw broken(SessionBroken.Kind.TIMED_OUT, "timed out");
            }
            throw broken(SessionBroken.Kind.TLS, "TLS handshake failed: " + describe(e));
        }
    }

    /// Says QUIT and closes without waiting for `221`: nothing depends on it any more.
    void quit() {
        resume(Deadline.in(Duration.ofSeconds(5)));
        enter(Phase.EHLO);
        try {
            command("QUIT");
            flush();
        } catch (SessionBroken e) {
            // The peer was faster.
            used = 0;
        }
        close();
    }

    void cutIfOverdue() {
        var current = deadline;
        if (current != null && current.hasPassed()) {
            overdue = true;
            cut();
        }
    }

    /// Closes the socket under whoever is reading or writing. Never the TLS layer: its close could
    /// wait for the very lock a blocked writer holds.
    void cut() {
        closeQuietly(socket);
    }

    @Override
    public void close() {
        watchdog.forget(this);
        cut();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    SessionBroken broken(SessionBroken.Kind kind, String what) {
        return new SessionBroken(kind, phase, null, what);
    }

    private SessionBroken broken(IOException e) {
        return overdue
                ? broken(SessionBroken.Kind.TIMED_OUT, "timed out")
                : broken(SessionBroken.Kind.LOST, describe(e));
    }

    private static String describe(Exception e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : Printable.of(message);
    }

    /// None for an address or a name with an underscore, which TLS does not take for a host name.
    private static List<SNIServerName> serverNames(String host) {
        if (Addresses.literal(host).isPresent()) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way, and there is nobody to tell.
            assert socket.isClosed();
        }
    }
}
