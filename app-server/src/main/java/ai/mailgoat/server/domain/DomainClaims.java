package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dns.Dns;
import ai.mailgoat.server.dns.DnsAnswer;
import ai.mailgoat.server.domain.DomainClaim.Status;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How a name passes from one team to another: whoever controls its DNS may have it, whatever the
/// other team's domain is in. A name is one team's at a time, so until then the claim is all the
/// claimant has; its `domain_id` is the id the domain will have.
public final class DomainClaims {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final int TOKEN_OCTETS = 20;

    private final Store store;
    private final Domains domains;
    private final DomainClaimStore claims = new DomainClaimStore();
    private final Dns dns;
    private final InstantSource clock;
    private final Uuids ids;
    private final RandomGenerator random;

    /// What was asked for beside the name.
    record Options(String region, String returnPathLabel, Domain.Settings settings) {}

    /// @param isNew whether it was made by this call
    record Claimed(DomainClaim claim, boolean isNew) {}

    /// @param random makes the tokens: a `SecureRandom`, but in tests
    public DomainClaims(
            Store store,
            Domains domains,
            Dns dns,
            InstantSource clock,
            Uuids ids,
            RandomGenerator random) {
        this.store = store;
        this.domains = domains;
        this.dns = dns.uncached();
        this.clock = clock;
        this.ids = ids;
        this.random = random;
    }

    /// Claims a name. The same once more gives the same claim; with other options the earlier claim
    /// is superseded.
    ///
    /// @throws ApiException 403 when it is the team's own, 422 when it is nobody's
    Claimed claim(TeamId team, NewDomain asked) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String options =
                new String(
                        Json.bytes(
                                new Options(
                                        asked.region(), asked.returnPathLabel(), asked.settings())),
                        StandardCharsets.UTF_8);
        String token = token();
        return store.write(tx -> {
            var owner = domains.owner(tx, asked.name());
            if (owner.isEmpty()) {
                throw ApiException.validation(
                        "The "
                                + asked.name()
                                + " domain is not registered. Add it instead of claiming it.");
            }
            if (owner.get().equals(team)) {
                throw Domains.taken(asked.name());
            }
            var earlier = claims.pending(tx, team, asked.name());
            if (earlier.isPresent()) {
                var found = earlier.get();
                if (found.isPending(now) && found.options().equals(options)) {
                    return new Claimed(found, false);
                }
                var end = found.isPending(now) ? Status.SUPERSEDED : Status.EXPIRED;
                claims.update(tx, found.with(end, found.failureReason()));
            }
            var domain =
                    earlier.map(DomainClaim::domainId).orElseGet(() -> new DomainId(ids.next()));
            var claim =
                    new DomainClaim(
                            ids.next(),
                            team,
                            asked.name(),
                            domain,
                            options,
                            token,
                            Status.PENDING,
                            null,
                            now,
                            now.plus(LIFETIME));
            claims.insert(tx, claim);
            return new Claimed(claim, true);
        });
    }

    /// The latest claim that would make, or made, this domain.
    Optional<DomainClaim> find(TeamId team, DomainId domain) {
        var now = clock.instant();
        return store.read(tx -> claims.latest(tx, team, domain)).map(claim -> claim.at(now));
    }

    /// Looks for the record. When it is there the name passes over in one transaction: the other
    /// team's domain is deleted with its keys and all API keys bound to it, and this team's is made
    /// with new ones. When it is not, the claim stays pending and says what was missing.
    ///
    /// @return empty when the team has no such claim
    Optional<DomainClaim> verify(TeamId team, DomainId domain) {
        var found = find(team, domain);
        if (found.isEmpty() || found.get().status() != Status.PENDING) {
            return found;
        }
        var claim = found.get();
        var missing = missing(claim);
        if (missing.isPresent()) {
            var still = claim.with(Status.PENDING, missing.get());
            store.<@Nullable Void>write(tx -> {
                if (isStill(claims.latest(tx, team, domain), claim)) {
                    claims.update(tx, still);
                }
                return null;
            });
            return Optional.of(still);
        }
        return Optional.of(complete(claim));
    }

    /// Gives up a pending claim.
    ///
    /// @return whether there was one
    boolean cancel(TeamId team, DomainId domain) {
        var now = clock.instant();
        return store.write(tx -> {
            var pending = claims.latest(tx, team, domain).filter(claim -> claim.isPending(now));
            pending.ifPresent(
                    claim -> claims.update(tx, claim.with(Status.CANCELED, claim.failureReason())));
            return pending.isPresent();
        });
    }

    /// The region that was asked for.
    static String region(DomainClaim claim) {
        return options(claim).region();
    }

    private DomainClaim complete(DomainClaim claim) {
        var options = options(claim);
        var draft =
                domains.draft(
                        claim.domainId(),
                        claim.team(),
                        new NewDomain(
                                claim.name(),
                                options.region(),
                                options.returnPathLabel(),
                                options.settings()));
        return store.write(tx -> {
            var latest = claims.latest(tx, claim.team(), claim.domainId());
            if (!isStill(latest, claim)) {
                return latest.orElse(claim);
            }
            var owner = domains.owner(tx, claim.name());
            if (owner.isPresent() && owner.get().equals(claim.team())) {
                // It was free meanwhile, and the team has added it.
                var superseded = claim.with(Status.SUPERSEDED, null);
                claims.update(tx, superseded);
                return superseded;
            }
            domains.pass(tx, draft);
            claims.supersede(tx, claim.name());
            var completed = claim.with(Status.COMPLETED, null);
            claims.update(tx, completed);
            return completed;
        });
    }

    private static boolean isStill(Optional<DomainClaim> latest, DomainClaim claim) {
        return latest.filter(l -> l.id().equals(claim.id()) && l.status() == Status.PENDING)
                .isPresent();
    }

    private Optional<String> missing(DomainClaim claim) {
        return switch (dns.txt(claim.name().ascii())) {
            case DnsAnswer.Failed<String> _ ->
                    Optional.of("The name servers of the domain gave no answer.");
            case DnsAnswer.Found<String>(var texts)
                    when texts.stream().anyMatch(t -> t.strip().equals(claim.record())) ->
                    Optional.empty();
            case DnsAnswer.Found<String> _,
                    DnsAnswer.NoData<String> _,
                    DnsAnswer.NoSuchName<String> _ ->
                    Optional.of("The TXT record was not found.");
        };
    }

    private static Options options(DomainClaim claim) {
        return Json.read(claim.options().getBytes(StandardCharsets.UTF_8), Options.class);
    }

    private String token() {
        var octets = new byte[TOKEN_OCTETS];
        random.nextBytes(octets);
        return java.util.HexFormat.of().formatHex(octets);
    }
}
