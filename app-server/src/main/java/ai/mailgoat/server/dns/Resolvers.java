package ai.mailgoat.server.dns;

import ai.mailgoat.server.smtp.MailDomain;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// The look-ups, by way of recursive resolvers: each is asked at most twice, by UDP and where
/// needed by TCP, for at most ten seconds altogether.
///
/// Answers are remembered for their TTL (5 seconds to 1 hour; "there is none" for the SOA's
/// minimum, at most 5 minutes; failures for 5 seconds) in at most 32 MB. Equal questions asked at
/// the same time go out once. `localhost` is a name like any other: `/etc/hosts` has no say in
/// where mail goes. Safe for many threads; a look-up that nobody waits for any more still ends by
/// its deadline.
public final class Resolvers implements Dns {
    private static final Logger log = LoggerFactory.getLogger(Resolvers.class);

    /// Less than the five minutes a delivery has for its connection (RFC 5321, 4.5.3.2).
    private static final Duration TOTAL = Duration.ofSeconds(10);

    private static final long CACHE_BYTES = 32 << 20;

    /// What a stranger's zone can make us try (a name with 10,000 addresses is an attack on
    /// others).
    private static final int MAX_MX = 40;

    private static final int MAX_ADDRESSES_PER_FAMILY = 20;

    private final Lookup lookup;
    private final AsyncCache<Question, Resolved> cache;
    private final Executor threads = task -> Thread.ofVirtual().name("dns").start(task);
    private final Dns uncached = new Uncached();

    /// @param resolvers recursive resolvers in the order of trust; empty for the system's
    /// @param timeoutPerTry how long to wait for one resolver once
    /// @param clock ages the cache; deadlines go by the machine's own
    public Resolvers(
            List<InetSocketAddress> resolvers, Duration timeoutPerTry, InstantSource clock) {
        var asked = resolvers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : resolvers;
        lookup = new Lookup(asked, timeoutPerTry, TOTAL);
        cache =
                Caffeine.newBuilder()
                        .maximumWeight(CACHE_BYTES)
                        .weigher(Resolvers::weigh)
                        .expireAfter(Expiry.<Question, Resolved>creating((_, r) -> r.ttl()))
                        .ticker(() -> nanos(clock))
                        .executor(Runnable::run)
                        .buildAsync();
    }

    @Override
    public DnsAnswer<MxRecord> mx(MailDomain domain) {
        return mx(domain, true);
    }

    @Override
    public DnsAnswer<InetAddress> addresses(String host) {
        return addresses(host, true);
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return txt(name, true);
    }

    /// Asks anew each time; what comes back still replaces what the cache knew.
    @Override
    public Dns uncached() {
        return uncached;
    }

    private DnsAnswer<MxRecord> mx(MailDomain domain, boolean cached) {
        return map(
                await(start(domain.ascii(), Type.MX, cached)),
                records ->
                        records.stream()
                                .map(r -> (MXRecord) r)
                                .map(r -> new MxRecord(r.getPriority(), hostName(r.getTarget())))
                                .distinct()
                                .sorted(Comparator.comparingInt(MxRecord::preference))
                                .limit(MAX_MX)
                                .toList());
    }

    private DnsAnswer<String> txt(String name, boolean cached) {
        return map(
                await(start(name, Type.TXT, cached)),
                records -> records.stream().map(r -> joined((TXTRecord) r)).toList());
    }

    /// One family that answers is enough; "there is none" needs both.
    private DnsAnswer<InetAddress> addresses(String host, boolean cached) {
        var six = start(host, Type.AAAA, cached);
        var four = start(host, Type.A, cached);
        var answer6 = await(six);
        var answer4 = await(four);
        var found = new ArrayList<InetAddress>();
        answer6.recordsOrNone().stream()
                .limit(MAX_ADDRESSES_PER_FAMILY)
                .forEach(r -> found.add(((AAAARecord) r).getAddress()));
        answer4.recordsOrNone().stream()
                .limit(MAX_ADDRESSES_PER_FAMILY)
                .forEach(r -> found.add(((ARecord) r).getAddress()));
        if (!found.isEmpty()) {
            return new DnsAnswer.Found<>(found);
        }
        if (answer6 instanceof DnsAnswer.Failed<Record>(var reason)) {
            return new DnsAnswer.Failed<>(reason);
        }
        if (answer4 instanceof DnsAnswer.NoSuchName && answer6 instanceof DnsAnswer.NoData) {
            // The servers disagree; the name exists for one of them.
            return new DnsAnswer.NoData<>();
        }
        return map(answer4, _ -> List.of());
    }

    private CompletableFuture<Resolved> start(String name, int type, boolean cached) {
        var absolute = absolute(name);
        if (absolute == null) {
            // What cannot be written as a name (RFC 1035, 2.3.4) cannot exist.
            return CompletableFuture.completedFuture(
                    new Resolved(new DnsAnswer.NoSuchName<>(), Duration.ZERO));
        }
        var question = new Question(absolute, type);
        if (cached) {
            return cache.get(question, (q, _) -> resolve(q));
        }
        var fresh = resolve(question);
        return fresh.whenComplete((resolved, _) -> {
            if (resolved != null && !(resolved.answer() instanceof DnsAnswer.Failed)) {
                cache.put(question, fresh);
            }
        });
    }

    private CompletableFuture<Resolved> resolve(Question question) {
        return CompletableFuture.supplyAsync(() -> lookup.resolve(question), threads);
    }

    private static DnsAnswer<Record> await(CompletableFuture<Resolved> resolved) {
        try {
            return resolved.get().answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DnsAnswer.Failed<>("interrupted");
        } catch (ExecutionException e) {
            log.warn("a look-up broke", e.getCause());
            return new DnsAnswer.Failed<>("the look-up broke: " + e.getCause());
        }
    }

    private static <T> DnsAnswer<T> map(
            DnsAnswer<Record> answer, Function<List<Record>, List<T>> read) {
        return switch (answer) {
            case DnsAnswer.Found<Record>(var records) -> new DnsAnswer.Found<>(read.apply(records));
            case DnsAnswer.NoData<Record>() -> new DnsAnswer.NoData<>();
            case DnsAnswer.NoSuchName<Record>() -> new DnsAnswer.NoSuchName<>();
            case DnsAnswer.Failed<Record>(var reason) -> new DnsAnswer.Failed<>(reason);
        };
    }

    private static @Nullable Name absolute(String name) {
        try {
            boolean ascii = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return ascii && !name.isEmpty() ? Name.fromString(name, Name.root) : null;
        } catch (TextParseException e) {
            return null;
        }
    }

    private static String hostName(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    /// RFC 7208, 3.3: without spaces between. No longer than 64 KB, as a record's length has 16
    /// bits.
    private static String joined(TXTRecord txt) {
        var bytes = new ByteArrayOutputStream();
        txt.getStringsAsByteArrays().forEach(bytes::writeBytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int weigh(Question question, Resolved resolved) {
        int weight = 300 + question.name().length();
        for (var r : resolved.answer().recordsOrNone()) {
            weight += 200 + r.rdataToWireCanonical().length;
        }
        return weight;
    }

    private static long nanos(InstantSource clock) {
        var now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private final class Uncached implements Dns {
        @Override
        public DnsAnswer<MxRecord> mx(MailDomain domain) {
            return Resolvers.this.mx(domain, false);
        }

        @Override
        public DnsAnswer<InetAddress> addresses(String host) {
            return Resolvers.this.addresses(host, false);
        }

        @Override
        public DnsAnswer<String> txt(String name) {
            return Resolvers.this.txt(name, false);
        }

        @Override
        public Dns uncached() {
            return this;
        }
    }
}
