package ai.mailgoat.server.domain;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// Whether an SPF record (RFC 7208) lets our host send.
///
/// The rule: there is exactly one SPF record, and before any `all` one of its terms passes our host
/// by itself: `a:<hostname>`, `mx` (our host must be the MX there anyway), `include:<hostname>`, or
/// an `ip4:`/`ip6:` network with an address of our host. Includes of others are not followed and
/// `+all` does not count, so a few records that would pass are reported as wrong, with what was
/// found.
final class SpfCheck {
    private final Dns dns;
    private final String hostname;
    private final String returnPath;

    /// @param wanted `v=spf1 a:<hostname> ~all` at the return path
    SpfCheck(Dns dns, DomainRecord wanted) {
        this.dns = dns;
        this.returnPath = wanted.fqdn();
        this.hostname = term(wanted.value(), "a:");
    }

    Verdict check(List<String> texts) {
        // RFC 7208, 4.5: the version is followed by a blank or ends the record; two records are a
        // permanent error.
        var records = texts.stream().filter(SpfCheck::isSpf).toList();
        if (records.isEmpty()) {
            return new Verdict.Wrong(RecordCheck.foundTexts(texts));
        }
        if (records.size() > 1) {
            return new Verdict.Wrong(RecordCheck.foundTexts(records));
        }
        for (String raw : records.getFirst().strip().split("\\s+", -1)) {
            String term = raw.toLowerCase(Locale.ROOT);
            String mechanism = term.startsWith("+") ? term.substring(1) : term;
            if (mechanism.matches("[-~?]?all")) {
                break;
            }
            if (names(mechanism)) {
                return new Verdict.Match();
            }
            if (mechanism.startsWith("ip4:") || mechanism.startsWith("ip6:")) {
                switch (dns.addresses(hostname)) {
                    case DnsAnswer.Failed<InetAddress>(var reason) -> {
                        return new Verdict.Unknown(reason);
                    }
                    case DnsAnswer.Found<InetAddress>(var addresses) -> {
                        if (addresses.stream().anyMatch(a -> isIn(a, mechanism))) {
                            return new Verdict.Match();
                        }
                    }
                    case DnsAnswer.NoData<InetAddress> _, DnsAnswer.NoSuchName<InetAddress> _ -> {}
                }
            }
        }
        return new Verdict.Wrong(RecordCheck.foundTexts(records));
    }

    private boolean names(String mechanism) {
        String name = mechanism;
        int slash = mechanism.indexOf('/');
        if (slash >= 0) {
            name = mechanism.substring(0, slash);
        }
        return name.equals("mx")
                || isOf(name, "mx:", returnPath)
                || isOf(name, "a:", hostname)
                || isOf(name, "include:", hostname);
    }

    private static boolean isOf(String mechanism, String kind, String host) {
        return mechanism.startsWith(kind)
                && RecordCheck.isHost(mechanism.substring(kind.length()), host);
    }

    private static boolean isSpf(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
    }

    private static String term(String value, String kind) {
        for (String term : value.split(" ", -1)) {
            if (term.startsWith(kind)) {
                return term.substring(kind.length());
            }
        }
        throw new IllegalArgumentException("no " + kind + " in " + value);
    }

    /// Whether `address` is in the network of `ip4:192.0.2.0/24` or `ip6:2001:db8::1`.
    private static boolean isIn(InetAddress address, String mechanism) {
        String network = mechanism.substring("ip4:".length());
        int length = mechanism.startsWith("ip4:") ? 4 : 16;
        int slash = network.indexOf('/');
        String literal = slash < 0 ? network : network.substring(0, slash);
        byte[] base;
        int bits;
        try {
            // Parses literals only, never asks the DNS.
            base = InetAddress.ofLiteral(literal).getAddress();
            bits = slash < 0 ? base.length * 8 : Integer.parseInt(network.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        byte[] octets = Objects.requireNonNull(address.getAddress());
        if (octets.length != length || base.length != length || bits < 0 || bits > length * 8) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % 8;
            if ((octets[i / 8] & mask) != (base[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
