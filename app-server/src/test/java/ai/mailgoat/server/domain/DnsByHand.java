package ai.mailgoat.server.domain;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Zones in maps. Whoever asks it without `uncached()` gets an exception: verification must not see
/// a cache.
final class DnsByHand implements Dns {
    private final Map<String, List<MxRecord>> mx = new ConcurrentHashMap<>();
    private final Map<String, List<String>> txt = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> addresses = new ConcurrentHashMap<>();
    final AtomicInteger questions = new AtomicInteger();
    volatile boolean failing;

    void mx(String name, int preference, String host) {
        mx.computeIfAbsent(name, _ -> new ArrayList<>()).add(new MxRecord(preference, host));
    }

    void txt(String name, String text) {
        txt.computeIfAbsent(name, _ -> new ArrayList<>()).add(text);
    }

    void address(String host, String literal) {
        addresses.computeIfAbsent(host, _ -> new ArrayList<>()).add(InetAddress.ofLiteral(literal));
    }

    void remove(String name) {
        mx.remove(name);
        txt.remove(name);
        addresses.remove(name);
    }

    /// Publishes a record just as it is asked for.
    void publish(DomainBody.RecordBody record) {
        if (record.type().equals("MX")) {
            mx(record.fqdn(), java.util.Objects.requireNonNull(record.priority()), record.value());
        } else {
            txt(record.fqdn(), record.value());
        }
    }

    @Override
    public DnsAnswer<MxRecord> mx(MailDomain domain) {
        throw new AssertionError("asked through the cache");
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        throw new AssertionError("asked through the cache");
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        throw new AssertionError("asked through the cache");
    }

    @Override
    public Dns uncached() {
        return new Dns() {
            @Override
            public DnsAnswer<MxRecord> mx(MailDomain domain) {
                return answer(mx, domain.ascii());
            }

            @Override
            public DnsAnswer<InetAddress> addresses(String host) {
                return answer(addresses, host);
            }

            @Override
            public DnsAnswer<String> txt(String name) {
                return answer(txt, name);
            }

            @Override
            public Dns uncached() {
                return this;
            }
        };
    }

    private <T> DnsAnswer<T> answer(Map<String, List<T>> zone, String name) {
        questions.incrementAndGet();
        if (failing) {
            return new DnsAnswer.Failed<>("SERVFAIL");
        }
        var records = zone.get(name);
        return records == null ? new DnsAnswer.NoSuchName<>() : new DnsAnswer.Found<>(records);
    }
}
