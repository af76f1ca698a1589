package ai.mailgoat.server.outbound;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Answers address look-ups from a table; each name may have several answers, told one after the
/// other, the last one for ever.
public final class StubDns implements Dns {
    private final Map<String, Deque<List<InetAddress>>> names = new HashMap<>();

    public StubDns answer(String host, String... addresses) {
        names.computeIfAbsent(host, h -> new ArrayDeque<>())
                .add(Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
        return this;
    }

    @Override
    public synchronized DnsAnswer<InetAddress> addresses(String host) {
        var answers = names.get(host);
        if (answers == null) {
            return new DnsAnswer.NoSuchName<>();
        }
        return new DnsAnswer.Found<>(answers.size() > 1 ? answers.remove() : answers.element());
    }

    @Override
    public DnsAnswer<MxRecord> mx(MailDomain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dns uncached() {
        return this;
    }
}
