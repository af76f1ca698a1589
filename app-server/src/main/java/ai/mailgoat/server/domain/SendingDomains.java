package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.domain.DomainRecord.Kind;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.smtp.MalformedAddressException;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Domains as the sending path sees them, cached: every mail asks for its sender's.
public final class SendingDomains {
    private static final int MAX_CACHED = 10_000;

    /// Another process on the same database may change a domain too.
    private static final Duration CACHED_FOR = Duration.ofSeconds(30);

    private final Store store;
    private final MasterKey masterKey;
    private final DomainStore domains = new DomainStore();
    private final Cache<MailDomain, Known> known =
            Caffeine.newBuilder().maximumSize(MAX_CACHED).expireAfterWrite(CACHED_FOR).build();

    /// Counts changes: an entry read before one must not outlive it.
    private final AtomicLong changes = new AtomicLong();

    public SendingDomains(Store store, MasterKey masterKey) {
        this.store = store;
        this.masterKey = masterKey;
    }

    /// The domain of that name, if `team` may know it: one of its own, verified or not, or the
    /// reserved one, also under its alias. Empty for another team's.
    public Optional<SendingDomain> sending(TeamId team, MailDomain name) {
        var stored = name.equals(DomainNames.RESERVED_ALIAS) ? DomainNames.RESERVED : name;
        var domain = known(stored);
        if (domain == null || domain.team != null && !domain.team.equals(team)) {
            return Optional.empty();
        }
        return Optional.of(domain.sending);
    }

    /// The domain of that name, if the caller may send from it now.
    ///
    /// @throws ApiException 403 when it is not verified, or another team's, or the key is bound to
    ///   another one
    public SendingDomain usable(Principal sender, MailDomain name) {
        var domain =
                sending(sender.team(), name)
                        .filter(SendingDomain::maySend)
                        .orElseThrow(() ->
                                ApiException.forbidden(
                                        "The "
                                                + name.unicode()
                                                + " domain is not verified. Please, add and verify your domain on"
                                                + " https://resend.com/domains"));
        if (sender.domain() != null && !sender.domain().equals(domain.id())) {
            throw ApiException.forbidden(
                    "This API key is not authorized to send emails from " + name.unicode() + ".");
        }
        return domain;
    }

    /// Whether a name is that of some team's links, verified or not.
    ///
    /// @param host in lower case
    public boolean isTrackingHost(String host) {
        int dot = host.indexOf('.');
        try {
            var domain = dot < 0 ? null : known(MailDomain.parse(host.substring(dot + 1)));
            return domain != null && host.equals(domain.trackingHost);
        } catch (MalformedAddressException e) {
            return false;
        }
    }

    /// Forgets a domain once the caller's transaction is durable.
    void changed(Tx tx, MailDomain name) {
        tx.afterCommit(() -> {
            changes.incrementAndGet();
            known.invalidate(name);
        });
    }

    private @Nullable Known known(MailDomain name) {
        var cached = known.getIfPresent(name);
        if (cached != null) {
            return cached;
        }
        long before = changes.get();
        var read = store.read(tx -> domains.byName(tx, name).map(d -> read(tx, d)));
        if (read.isEmpty()) {
            return null;
        }
        known.put(name, read.get());
        // A change that came between the read and the put has not seen the entry.
        if (changes.get() != before) {
            known.invalidate(name);
        }
        return read.get();
    }

    private Known read(Tx tx, Domain domain) {
        boolean reserved = domain.team() == null;
        var settings = domain.settings();
        var keys =
                domains.keys(tx, domain.id()).stream()
                        .map(key -> new SealedKey(key, masterKey))
                        .toList();
        var records = domains.records(tx, domain.id());
        boolean maySend = settings.sending() && (reserved || Progress.maySend(records));
        boolean links =
                records.stream()
                        .anyMatch(r ->
                                r.kind() == Kind.TRACKING && r.status() == RecordStatus.VERIFIED);
        return new Known(
                domain.team(),
                domain.trackingHost(),
                new SendingDomain(
                        domain.id(),
                        domain.name(),
                        domain.status(),
                        maySend,
                        reserved,
                        settings.tls(),
                        domain.returnPath(),
                        settings.openTracking(),
                        settings.clickTracking(),
                        links ? domain.trackingHost() : null,
                        keys));
    }

    private record Known(
            @Nullable TeamId team, @Nullable String trackingHost, SendingDomain sending) {}
}
