package ai.mailgoat.server.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a URL leads, read strictly (RFC 3986): one meaning or none.
///
/// @param host lower case, without brackets or trailing dot
/// @param literal the addresses when the host needs no DNS: an IP literal, or `localhost` (RFC
///   6761, 6.3)
/// @param path origin-form of the request target (RFC 9112, 3.2.1): path and query
record Target(
        boolean tls, String host, int port, @Nullable List<InetAddress> literal, String path) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final int MAX_NAME = 253;

    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    /// @throws OutboundException when it is no plain http or https URL
    static Target of(URI uri) throws OutboundException {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw OutboundException.refused("The URL must begin with https:// or http://.");
        }
        if (uri.getRawUserInfo() != null) {
            throw OutboundException.refused("The URL must not contain a user name or password.");
        }
        if (uri.getHost() == null) {
            // Also what java.net.URI takes for a registry name: 127.1, 0x7f.1, IDN dots, %2e.
            throw badHost();
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw OutboundException.refused("The port of the URL must be between 1 and 65535.");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return host.startsWith("[")
                ? ofLiteral(tls, host.substring(1, host.length() - 1), port, path(uri))
                : ofName(tls, host, port, path(uri));
    }

    /// The value of the Host field (RFC 9112, 3.2).
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    /// Whether the host is a name, to be sent as SNI (RFC 6066, 3: not for literals).
    boolean isName() {
        return IpLiteral.parse(host).isEmpty();
    }

    private static Target ofLiteral(boolean tls, String text, int port, String path)
            throws OutboundException {
        var address = IpLiteral.parse(text).orElseThrow(Target::badHost);
        return new Target(tls, text, port, List.of(address), path);
    }

    private static Target ofName(boolean tls, String text, int port, String path)
            throws OutboundException {
        String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        Optional<InetAddress> address = IpLiteral.parse(host);
        if (address.isPresent()) {
            return new Target(tls, host, port, List.of(address.get()), path);
        }
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw badHost();
            }
        }
        // A name that ends in a number is an IPv4 address in some odd form (WHATWG URL, 3.5).
        if (host.length() > MAX_NAME || NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw badHost();
        }
        boolean local = labels[labels.length - 1].equals("localhost");
        return new Target(tls, host, port, local ? LOOPBACK : null, path);
    }

    private static String path(URI uri) {
        var ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath();
        String query = ascii.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    private static OutboundException badHost() {
        return OutboundException.refused(
                "The host of the URL must be a domain name in ASCII letters, or an IP address in its"
                        + " usual form.");
    }
}
