package ai.mailgoat.server.outbound;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer.Failed;
import ai.mailgoat.server.dns.DnsAnswer.Found;
import ai.mailgoat.server.dns.DnsAnswer.NoData;
import ai.mailgoat.server.dns.DnsAnswer.NoSuchName;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP client for URLs that strangers choose. Blocks the calling (virtual) thread until the
/// answer is there or the deadline over.
public final class GuardedHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedHttp.class);

    /// A host with more addresses than these has none that answers.
    private static final int MAX_ADDRESSES = 4;

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern FIELD_VALUE = Pattern.compile("[\\x20-\\x7e]*");

    /// What to do with a body beyond the cap.
    public enum Overflow {
        /// Keep what fits.
        CUT,
        /// Fail.
        REFUSE
    }

    /// @param total from the look-up of the name to the last octet of the answer
    /// @param maxBody octets of the answer's body
    public record Limits(Duration total, int maxBody, Overflow overflow) {}

    /// @param headers by name in lower case; fields of one name joined by `, `
    public record Reply(int status, Map<String, String> headers, byte[] body) {}

    private final Dns dns;
    private final ReachableAddresses reachable;
    private final SSLContext tls;
    private final ScheduledThreadPoolExecutor deadlines;

    /// @param allowPrivate address ranges that may be reached although they are not public
    /// @throws ai.mailgoat.server.config.ConfigException when one is no range
    public static GuardedHttp open(Dns dns, List<String> allowPrivate) {
        try {
            return new GuardedHttp(dns, allowPrivate, SSLContext.getDefault());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has a default TLS context", e);
        }
    }

    /// @param tls decides whose certificates are trusted
    GuardedHttp(Dns dns, List<String> allowPrivate, SSLContext tls) {
        this.dns = dns;
        this.reachable = new ReachableAddresses(allowPrivate);
        this.tls = tls;
        this.deadlines =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("outbound-deadline").daemon().factory());
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /// What is wrong with a URL, as far as that can be told without asking the DNS: for the moment
    /// somebody enters it. The check is made again, in full, for each request.
    ///
    /// @return a sentence for the API's error
    public Optional<String> refusal(URI uri) {
        try {
            var target = Target.of(uri);
            if (target.literal() == null) {
                reachable.check(target.port());
            } else {
                permitted(target, target.literal());
            }
            return Optional.empty();
        } catch (OutboundException e) {
            return Optional.of(e.reason());
        }
    }

    /// @throws OutboundException when refused, or when there was no answer within the limits; any
    ///   status is an answer, redirects too
    public Reply post(URI uri, Map<String, String> headers, byte[] body, Limits limits)
            throws OutboundException {
        return exchange("POST", uri, headers, body, limits);
    }

    /// As {@link #post}.
    public Reply get(URI uri, Limits limits) throws OutboundException {
        return exchange("GET", uri, Map.of(), new byte[0], limits);
    }

    /// As {@link #get}, for status and header alone.
    public Reply head(URI uri, Limits limits) throws OutboundException {
        return exchange("HEAD", uri, Map.of(), new byte[0], limits);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }

    private Reply exchange(
            String method, URI uri, Map<String, String> headers, byte[] body, Limits limits)
            throws OutboundException {
        long end = System.nanoTime() + limits.total().toNanos();
        var target = Target.of(uri);
        byte[] head = head(method, target, headers, body.length);
        var addresses = addresses(target);
        try (var socket = connect(addresses, target.port(), end)) {
            // Closing the socket from outside ends whatever blocks on it: a slow handshake, a
            // peer that does not read, one octet every ten seconds.
            var deadline =
                    deadlines.schedule(
                            () -> abort(socket), end - System.nanoTime(), TimeUnit.NANOSECONDS);
            try {
                var reader = talk(socket, target, head, body, limits);
                return method.equals("HEAD") ? reader.readHead() : reader.read();
            } finally {
                deadline.cancel(false);
            }
        } catch (ReplyReader.MalformedReplyException e) {
            throw OutboundException.failed("The host answered, but " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw OutboundException.failed(sentence(e, end), e);
        }
    }

    /// The addresses that may be reached. Of what the DNS says all must be permitted: a name with
    /// one public and one private address is an attack. `localhost` has two because it is ours.
    private List<InetAddress> permitted(Target target, List<InetAddress> addresses)
            throws OutboundException {
        var permitted = new ArrayList<InetAddress>();
        OutboundException refused = null;
        for (var address : addresses) {
            try {
                reachable.check(address, target.port());
                permitted.add(address);
            } catch (OutboundException e) {
                refused = e;
            }
        }
        if (refused != null && (permitted.isEmpty() || target.literal() == null)) {
            throw refused;
        }
        return permitted;
    }

    private List<InetAddress> addresses(Target target) throws OutboundException {
        if (target.literal() != null) {
            return permitted(target, target.literal());
        }
        reachable.check(target.port());
        return switch (dns.addresses(target.host())) {
            case Found<InetAddress>(var addresses) -> permitted(target, addresses);
            case NoSuchName<InetAddress> _ ->
                    throw OutboundException.failed(
                            "The host name does not exist in the DNS.", null);
            case NoData<InetAddress> _ ->
                    throw OutboundException.failed(
                            "The host name has no address in the DNS.", null);
            case Failed<InetAddress> _ ->
                    throw OutboundException.failed("The host name could not be looked up.", null);
        };
    }

    private static Socket connect(List<InetAddress> addresses, int port, long end)
            throws IOException {
        var tried = addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES));
        IOException last = new SocketTimeoutException();
        for (int i = 0; i < tried.size(); i++) {
            // Each gets an equal share of what is left, so that a dead first one leaves time.
            long share = (end - System.nanoTime()) / 1_000_000 / (tried.size() - i);
            if (share < 1) {
                throw last;
            }
            // Without NO_PROXY the JDK would obey socksProxyHost.
            var socket = new Socket(Proxy.NO_PROXY);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(
                        new InetSocketAddress(tried.get(i), port),
                        (int) Math.min(share, Integer.MAX_VALUE));
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private ReplyReader talk(Socket socket, Target target, byte[] head, byte[] body, Limits limits)
            throws IOException {
        var stream = target.tls() ? secured(socket, target) : socket;
        var out = new BufferedOutputStream(stream.getOutputStream(), 16 * 1024);
        out.write(head);
        out.write(body);
        out.flush();
        return new ReplyReader(new BufferedInputStream(stream.getInputStream()), limits);
    }

    private SSLSocket secured(Socket socket, Target target) throws IOException {
        var secured =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(socket, target.host(), target.port(), false);
        var parameters = secured.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        // RFC 9110, 4.3.4: the certificate must name the host.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (target.isName()) {
            parameters.setServerNames(List.of(new SNIHostName(target.host())));
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static byte[] head(
            String method, Target target, Map<String, String> headers, int length) {
        var head = new StringBuilder(512);
        head.append(method).append(' ').append(target.path()).append(" HTTP/1.1\r\n");
        field(head, "Host", target.authority());
        field(head, "User-Agent", "MailGoat");
        field(head, "Accept", "*/*");
        field(head, "Accept-Encoding", "identity");
        field(head, "Connection", "close");
        if (method.equals("POST")) {
            field(head, "Content-Length", Integer.toString(length));
        }
        headers.forEach((name, value) -> field(head, name, value));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void field(StringBuilder head, String name, String value) {
        if (!FIELD_NAME.matcher(name).matches() || !FIELD_VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("header field " + name);
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static void abort(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing at the deadline", e);
        }
    }

    private static String sentence(IOException e, long end) {
        if (System.nanoTime() - end >= 0 || e instanceof SocketTimeoutException) {
            return "The host did not answer in time.";
        }
        return switch (e) {
            case SSLException _ ->
                    "No secure connection: the host's certificate or TLS settings are not acceptable.";
            case EOFException _ -> "The connection was lost before the answer was complete.";
            case ConnectException _, NoRouteToHostException _ ->
                    "The host did not accept a connection.";
            default -> "The connection to the host failed.";
        };
    }
}
