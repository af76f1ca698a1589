package ai.mailgoat.server.dkim;

import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.smtp.MailDomain;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// TXT records from a table; a name that is not in it does not exist.
final class KeyServer implements Dns {
    private final Map<String, DnsAnswer<String>> answers = new HashMap<>();

    final List<String> asked = new ArrayList<>();

    KeyServer add(String name, String... texts) {
        return add(name, new DnsAnswer.Found<>(List.of(texts)));
    }

    KeyServer add(String name, DnsAnswer<String> answer) {
        answers.put(name.toLowerCase(Locale.ROOT), answer);
        return this;
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        asked.add(name);
        return answers.getOrDefault(name.toLowerCase(Locale.ROOT), new DnsAnswer.NoSuchName<>());
    }

    @Override
    public DnsAnswer<MxRecord> mx(MailDomain domain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Dns uncached() {
        return this;
    }
}
