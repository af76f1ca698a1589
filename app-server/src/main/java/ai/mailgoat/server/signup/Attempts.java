package ai.mailgoat.server.signup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How often forms are sent, from where and in all: against programs that fill forms with the
/// addresses of others. Counted in memory, from the first attempt on for the length of a window.
final class Attempts {
    /// Everybody behind one address of an office together.
    private static final int PER_NETWORK = 20;

    private static final Duration NETWORK_WINDOW = Duration.ofMinutes(10);
    private static final Duration FORM_WINDOW = Duration.ofHours(1);
    private static final int REMEMBERED = 100_000;

    /// The part of an IPv6 address that a provider gives to one customer.
    private static final int IPV6_NETWORK_OCTETS = 8;

    private final Cache<String, AtomicInteger> networks;
    private final Cache<UUID, AtomicInteger> forms;

    Attempts(InstantSource clock) {
        this.networks = cache(NETWORK_WINDOW, clock).build();
        this.forms = cache(FORM_WINDOW, clock).build();
    }

    /// Counts one attempt from somewhere.
    ///
    /// @param ip as text; one that cannot be read counts as it is
    /// @return whether it was one too many
    boolean isTooMany(String ip) {
        return count(networks, network(ip)) > PER_NETWORK;
    }

    /// Counts a sign-up on a form.
    ///
    /// @return whether it was one too many
    boolean isTooMany(SignupForm form) {
        return count(forms, form.id()) > form.options().maxPerHour();
    }

    private static <K> int count(Cache<K, AtomicInteger> cache, K key) {
        return cache.get(key, k -> new AtomicInteger()).incrementAndGet();
    }

    private static String network(String ip) {
        try {
            byte[] octets = InetAddress.ofLiteral(ip).getAddress();
            return octets.length <= IPV6_NETWORK_OCTETS
                    ? ip
                    : HexFormat.of().formatHex(Arrays.copyOf(octets, IPV6_NETWORK_OCTETS));
        } catch (IllegalArgumentException e) {
            return ip;
        }
    }

    private static Caffeine<Object, Object> cache(Duration window, InstantSource clock) {
        return Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(window)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }
}
