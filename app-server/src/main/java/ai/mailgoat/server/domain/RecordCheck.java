package ai.mailgoat.server.domain;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.domain.DomainRecord.DnsType;
import ai.mailgoat.server.domain.DomainRecord.Kind;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Compares a record as wanted with what DNS has.
///
/// * MX: our host is among the hosts; preferences are the owner's choice.
/// * DKIM: one key record, with our key in it; order of tags and blanks do not matter.
/// * SPF: see {@link SpfCheck}.
/// * CNAME: the name leads to an address of the host that is wanted, by whatever records; some
///   providers write addresses into the place of a CNAME.
final class RecordCheck {
    private static final int MAX_FOUND = 2_000;

    private final Dns dns;

    /// @param dns past the cache: the owner has just changed something
    RecordCheck(Dns dns) {
        this.dns = dns;
    }

    Verdict check(DomainRecord wanted) {
        if (wanted.type() == DnsType.MX) {
            return mx(wanted);
        }
        if (wanted.type() == DnsType.CNAME) {
            return cname(wanted);
        }
        return switch (dns.txt(wanted.fqdn())) {
            case DnsAnswer.Failed<String>(var reason) -> new Verdict.Unknown(reason);
            case DnsAnswer.Found<String>(var texts) -> txt(wanted, texts);
            case DnsAnswer.NoData<String> _, DnsAnswer.NoSuchName<String> _ ->
                    new Verdict.Missing();
        };
    }

    private Verdict mx(DomainRecord wanted) {
        return switch (dns.mx(MailDomain.parse(wanted.fqdn()))) {
            case DnsAnswer.Failed<Dns.MxRecord>(var reason) -> new Verdict.Unknown(reason);
            case DnsAnswer.Found<Dns.MxRecord>(var records) ->
                    records.stream().anyMatch(mx -> isHost(mx.host(), wanted.value()))
                            ? new Verdict.Match()
                            : new Verdict.Wrong(found(records));
            case DnsAnswer.NoData<Dns.MxRecord> _, DnsAnswer.NoSuchName<Dns.MxRecord> _ ->
                    new Verdict.Missing();
        };
    }

    private Verdict cname(DomainRecord wanted) {
        return switch (dns.addresses(wanted.fqdn())) {
            case DnsAnswer.Failed<InetAddress>(var reason) -> new Verdict.Unknown(reason);
            case DnsAnswer.Found<InetAddress>(var found) -> leads(wanted.value(), found);
            case DnsAnswer.NoData<InetAddress> _, DnsAnswer.NoSuchName<InetAddress> _ ->
                    new Verdict.Missing();
        };
    }

    // Where the host itself stands is not the domain owner's fault.
    private Verdict leads(String host, List<InetAddress> found) {
        return switch (dns.addresses(host)) {
            case DnsAnswer.Found<InetAddress>(var ours) ->
                    found.stream().anyMatch(ours::contains)
                            ? new Verdict.Match()
                            : new Verdict.Wrong(
                                    found.stream()
                                            .map(InetAddress::getHostAddress)
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
            case DnsAnswer.Failed<InetAddress>(var reason) -> new Verdict.Unknown(reason);
            case DnsAnswer.NoData<InetAddress> _, DnsAnswer.NoSuchName<InetAddress> _ ->
                    new Verdict.Unknown("no addresses of " + host);
        };
    }

    private Verdict txt(DomainRecord wanted, List<String> texts) {
        return wanted.kind() == Kind.DKIM
                ? dkim(wanted, texts)
                : new SpfCheck(dns, wanted).check(texts);
    }

    // RFC 6376, 3.6.2.2: with more than one key record at a name, what verifiers do is undefined.
    private static Verdict dkim(DomainRecord wanted, List<String> texts) {
        var key = tags(wanted.value());
        var keys =
                texts.stream()
                        .map(RecordCheck::tags)
                        .filter(tags -> tags.containsKey("p"))
                        .toList();
        return keys.size() == 1 && isKey(keys.getFirst(), key)
                ? new Verdict.Match()
                : new Verdict.Wrong(foundTexts(texts));
    }

    // RFC 6376, 3.6.1: v, k, h and s have defaults; h and s must not shut us out.
    private static boolean isKey(Map<String, String> tags, Map<String, String> wanted) {
        return tags.getOrDefault("v", "DKIM1").equals("DKIM1")
                && tags.getOrDefault("k", "rsa").equals(wanted.get("k"))
                && tags.getOrDefault("p", "").equals(wanted.get("p"))
                && allows(tags.getOrDefault("h", "sha256"), "sha256")
                && (allows(tags.getOrDefault("s", "*"), "*") || allows(tags.get("s"), "email"));
    }

    private static boolean allows(@org.jspecify.annotations.Nullable String list, String item) {
        return list != null && List.of(list.split(":")).contains(item);
    }

    /// A tag list (RFC 6376, 3.2) without any white space; of a tag that stands twice the first
    /// counts.
    private static Map<String, String> tags(String text) {
        var tags = new HashMap<String, String>();
        for (String tag : text.split(";", -1)) {
            int equals = tag.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(
                        withoutBlanks(tag.substring(0, equals)),
                        withoutBlanks(tag.substring(equals + 1)));
            }
        }
        return tags;
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    static boolean isHost(String a, String b) {
        return host(a).equals(host(b));
    }

    private static String host(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static String found(List<Dns.MxRecord> records) {
        return printable(
                records.stream()
                        .sorted(java.util.Comparator.comparingInt(Dns.MxRecord::preference))
                        .map(mx -> mx.preference() + " " + (mx.host().isEmpty() ? "." : mx.host()))
                        .collect(Collectors.joining(", ")));
    }

    static String foundTexts(List<String> texts) {
        return texts.stream()
                .map(RecordCheck::printable)
                .collect(
                        Collectors.collectingAndThen(
                                Collectors.joining("\n"),
                                all -> all.substring(0, Math.min(all.length(), MAX_FOUND))));
    }

    // A TXT record may hold any octets; what is shown and stored holds no control characters.
    private static String printable(String text) {
        String cut = text.substring(0, Math.min(text.length(), MAX_FOUND));
        return Optional.of(cut)
                .map(t -> t.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?"))
                .orElse(cut);
    }
}
