package ai.mailgoat.server.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Asks the resolvers in turn until one gives a usable answer, and follows CNAMEs. Remembers
/// nothing but which resolver answered last, so that a dead one costs its time-out once.
final class Lookup {
    private static final int TRIES = 2;
    private static final int MAX_CNAMES = 8;

    private static final Duration MIN_TTL = Duration.ofSeconds(5);
    private static final Duration MAX_TTL = Duration.ofHours(1);
    private static final Duration MAX_NEGATIVE_TTL = Duration.ofMinutes(5);

    private final List<InetSocketAddress> resolvers;
    private final Duration timeoutPerTry;
    private final Duration total;
    private final Exchange exchange = new Exchange();
    private volatile int preferred;

    /// @param total for all tries and all CNAMEs of one question together
    Lookup(List<InetSocketAddress> resolvers, Duration timeoutPerTry, Duration total) {
        this.resolvers = List.copyOf(resolvers);
        this.timeoutPerTry = timeoutPerTry;
        this.total = total;
    }

    /// Blocks until there is an answer, at most for the total time.
    Resolved resolve(Question question) {
        long deadline = System.nanoTime() + total.toNanos();
        var name = question.name();
        long ttl = MAX_TTL.toSeconds();
        int cnames = 0;
        while (true) {
            var reply = ask(new Question(name, question.type()), deadline);
            var message = reply.message();
            if (message == null) {
                return new Resolved(new DnsAnswer.Failed<>(reply.trouble()), MIN_TTL);
            }
            boolean moved = false;
            while (true) {
                var records = records(message, name, question.type());
                if (!records.isEmpty()) {
                    long least = Math.min(ttl, leastTtl(records));
                    return new Resolved(new DnsAnswer.Found<>(records), clamp(least, MAX_TTL));
                }
                var alias = records(message, name, Type.CNAME);
                if (alias.isEmpty() || question.type() == Type.CNAME) {
                    break;
                }
                // A name with several CNAMEs is broken (RFC 2181, 10.1); the first one counts.
                ttl = Math.min(ttl, alias.getFirst().getTTL());
                name = ((CNAMERecord) alias.getFirst()).getTarget();
                moved = true;
                if (++cnames > MAX_CNAMES) {
                    return new Resolved(
                            new DnsAnswer.Failed<>("more than " + MAX_CNAMES + " CNAMEs"), MIN_TTL);
                }
            }
            var soa = soa(message);
            var negativeTtl = negativeTtl(soa, ttl);
            if (message.getRcode() == Rcode.NXDOMAIN) {
                return new Resolved(new DnsAnswer.NoSuchName<>(), negativeTtl);
            }
            // RFC 2308, 2.2: only the SOA of the target's zone says that the target has no data.
            if (!moved || soa != null && name.subdomain(soa.getName())) {
                return new Resolved(new DnsAnswer.NoData<>(), negativeTtl);
            }
        }
    }

    /// Either a message that says yes or no, or what went wrong at each resolver.
    private record Reply(@Nullable Message message, String trouble) {}

    private Reply ask(Question question, long deadline) {
        int count = resolvers.size();
        int first = preferred;
        boolean[] plain = new boolean[count];
        String[] troubles = new String[count];
        for (int attempt = 0; attempt < TRIES; attempt++) {
            for (int i = 0; i < count; i++) {
                int at = (first + i) % count;
                var left = Duration.ofNanos(deadline - System.nanoTime());
                if (!left.isPositive()) {
                    return new Reply(null, describe(question, troubles));
                }
                var wait = left.compareTo(timeoutPerTry) < 0 ? left : timeoutPerTry;
                try {
                    var answer = exchange.ask(resolvers.get(at), question, !plain[at], wait);
                    int rcode = answer.getRcode();
                    if (rcode == Rcode.NXDOMAIN || rcode == Rcode.NOERROR && !isReferral(answer)) {
                        preferred = at;
                        return new Reply(answer, "");
                    }
                    // RFC 6891, 7: what a server without EDNS says to it.
                    plain[at] = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP;
                    troubles[at] = rcode == Rcode.NOERROR ? "a referral" : Rcode.string(rcode);
                } catch (SocketTimeoutException e) {
                    troubles[at] = "no answer in time";
                } catch (IOException e) {
                    troubles[at] = e.getMessage() == null ? e.toString() : e.getMessage();
                }
            }
        }
        return new Reply(null, describe(question, troubles));
    }

    private String describe(Question question, @Nullable String[] troubles) {
        var text = new StringBuilder(Type.string(question.type()) + " of ");
        text.append(question.name().toString(true)).append(": ");
        for (int i = 0; i < troubles.length; i++) {
            var address = resolvers.get(i);
            text.append(i == 0 ? "" : "; ")
                    .append(address.getHostString())
                    .append(':')
                    .append(address.getPort())
                    .append(' ')
                    .append(troubles[i] == null ? "not asked in time" : troubles[i]);
        }
        return text.toString();
    }

    /// RFC 2308, 2.2: NS without SOA points elsewhere; a resolver that does so did not resolve.
    private static boolean isReferral(Message answer) {
        return answer.getSection(Section.ANSWER).isEmpty()
                && soa(answer) == null
                && answer.getSection(Section.AUTHORITY).stream()
                        .anyMatch(r -> r.getType() == Type.NS);
    }

    private static List<Record> records(Message message, Name name, int type) {
        var found = new ArrayList<Record>();
        for (var r : message.getSection(Section.ANSWER)) {
            if (r.getType() == type
                    && r.getDClass() == DClass.IN
                    && r.getName().equals(name)
                    && !isEmpty(r)) {
                found.add(r);
            }
        }
        return found;
    }

    /// dnsjava reads a record without data as one of class `EmptyRecord`, whatever its type.
    private static boolean isEmpty(Record r) {
        return r.rdataToWireCanonical().length == 0;
    }

    private static long leastTtl(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }

    private static @Nullable SOARecord soa(Message message) {
        for (var r : message.getSection(Section.AUTHORITY)) {
            if (r instanceof SOARecord soa) {
                return soa;
            }
        }
        return null;
    }

    /// RFC 2308, 5: the lesser of the SOA's own TTL and its MINIMUM field; none without an SOA.
    private static Duration negativeTtl(@Nullable SOARecord soa, long ttl) {
        long seconds = soa == null ? 0 : Math.min(soa.getTTL(), soa.getMinimum());
        return clamp(Math.min(seconds, ttl), MAX_NEGATIVE_TTL);
    }

    private static Duration clamp(long seconds, Duration max) {
        return Duration.ofSeconds(Math.clamp(seconds, MIN_TTL.toSeconds(), max.toSeconds()));
    }
}
