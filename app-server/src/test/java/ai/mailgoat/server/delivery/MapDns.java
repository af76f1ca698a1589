package ai.mailgoat.server.delivery;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A DNS made of two maps; what is not in them does not exist.
public final class MapDns implements Dns {
    private final Map<String, DnsAnswer<MxRecord>> mx = new HashMap<>();
    private final Map<String, DnsAnswer<InetAddress>> addresses = new HashMap<>();

    public MapDns mx(String domain, DnsAnswer<MxRecord> answer) {
        mx.put(domain, answer);
        return this;
    }

    public MapDns mx(String domain, MxRecord... records) {
        return mx(domain, new DnsAnswer.Found<>(List.of(records)));
    }

    public MapDns addresses(String host, DnsAnswer<InetAddress> answer) {
        addresses.put(host, answer);
        return this;
    }

    /// @param literals IP addresses in text
    public MapDns addresses(String host, String... literals) {
        var found = new ArrayList<InetAddress>();
        for (String literal : literals) {
            found.add(address(literal));
        }
        return addresses(host, new DnsAnswer.Found<>(found));
    }

    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    @Override
    public DnsAnswer<MxRecord> mx(MailDomain domain) {
        return mx.getOrDefault(domain.ascii(), new DnsAnswer.NoSuchName<>());
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        return addresses.getOrDefault(host, new DnsAnswer.NoSuchName<>());
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return new DnsAnswer.NoSuchName<>();
    }

    @Override
    public Dns uncached() {
        return this;
    }
}
