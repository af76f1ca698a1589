package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.Dns.MxRecord;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.EnhancedCode;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.Printable;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds where mail for a domain goes: the relay if there is one, else the domain's MX hosts, else
/// the domain itself (RFC 5321, 5.1; RFC 7505).
public final class Router {

    /// Of a domain; more than the courier tries, so that its shuffle has a choice.
    private static final int MAX_HOSTS = 10;

    /// Host names come from a stranger's DNS and go into commands, logs and TLS. Underscores occur.
    private static final Pattern HOST_NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");

    private final Dns dns;
    private final int mxPort;
    private final boolean allowPrivate;
    private final List<Route.Host> relay;

    /// @param mxPort the port of MX hosts, 25 on the Internet
    /// @param allowPrivate whether mail may go to private addresses
    /// @param relay hosts that take all mail; empty for direct delivery
    public Router(Dns dns, int mxPort, boolean allowPrivate, List<Route.Host> relay) {
        this.dns = dns;
        this.mxPort = mxPort;
        this.allowPrivate = allowPrivate;
        this.relay = List.copyOf(relay);
    }

    /// Blocks on the DNS for at most its deadline.
    public Route route(MailDomain domain) {
        if (!relay.isEmpty()) {
            return site(relay);
        }
        return switch (dns.mx(domain)) {
            case DnsAnswer.Found<MxRecord>(var records) -> byMx(domain, records);
            case DnsAnswer.NoData<MxRecord> _ -> implicitMx(domain);
            case DnsAnswer.NoSuchName<MxRecord> _ ->
                    refused(new EnhancedCode(5, 1, 2), "domain %s does not exist", domain);
            case DnsAnswer.Failed<MxRecord>(var reason) -> unresolved(domain, reason);
        };
    }

    private Route byMx(MailDomain domain, List<MxRecord> records) {
        // RFC 7505, 3: a null MX stands alone; beside real ones it is a host like any bad name.
        if (records.stream().allMatch(record -> record.host().isEmpty())) {
            return refused(
                    new EnhancedCode(5, 1, 10), "domain %s does not accept mail (null MX)", domain);
        }
        var hosts = new LinkedHashMap<String, Route.Host>();
        records.stream()
                .filter(record -> HOST_NAME.matcher(record.host()).matches())
                .sorted(Comparator.comparingInt(MxRecord::preference).thenComparing(MxRecord::host))
                .forEach(record ->
                        hosts.putIfAbsent(
                                record.host(),
                                new Route.Host(record.preference(), record.host(), mxPort)));
        if (hosts.isEmpty()) {
            return refused(
                    new EnhancedCode(5, 4, 4), "the MX records of %s name no usable host", domain);
        }
        return site(hosts.values().stream().limit(MAX_HOSTS).toList());
    }

    /// RFC 5321, 5.1: no MX record at all makes the domain its own MX host, with preference 0.
    private Route implicitMx(MailDomain domain) {
        return switch (dns.addresses(domain.ascii())) {
            case DnsAnswer.Found<InetAddress>(var addresses)
                    when !allowPrivate && addresses.stream().noneMatch(Addresses::isPublic) ->
                    refused(
                            new EnhancedCode(5, 4, 6),
                            "domain %s has no MX record and resolves to a private address",
                            domain);
            case DnsAnswer.Found<InetAddress> _ ->
                    site(List.of(new Route.Host(0, domain.ascii(), mxPort)));
            case DnsAnswer.NoData<InetAddress> _, DnsAnswer.NoSuchName<InetAddress> _ ->
                    refused(
                            new EnhancedCode(5, 1, 2),
                            "domain %s has neither MX nor address records",
                            domain);
            case DnsAnswer.Failed<InetAddress>(var reason) -> unresolved(domain, reason);
        };
    }

    private static Route.Site site(List<Route.Host> hosts) {
        String key = hosts.stream().map(Route.Host::name).sorted().collect(Collectors.joining(","));
        return new Route.Site(key, hosts);
    }

    private static Route.Refused refused(EnhancedCode status, String reason, MailDomain domain) {
        return new Route.Refused(
                Diagnostic.local(Phase.DNS.label(), status, reason.formatted(domain)));
    }

    private static Route.Unresolved unresolved(MailDomain domain, String reason) {
        return new Route.Unresolved(
                Diagnostic.local(
                        Phase.DNS.label(),
                        new EnhancedCode(4, 4, 3),
                        "cannot look up the MX hosts of %s: %s"
                                .formatted(domain, Printable.of(reason))));
    }
}
