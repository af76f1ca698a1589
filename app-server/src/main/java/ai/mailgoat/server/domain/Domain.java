package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.smtp.MailDomain;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A domain that mail may be sent from.
///
/// @param team `null` for the reserved domain only
/// @param region one of the four names that clients know; it says nothing about where this runs
/// @param returnPathLabel `send` in `send.example.com`, where bounces come back
/// @param checkingSince when the present 72 hours began, in which records may still appear or
///   reappear; `null` when nothing is awaited
/// @param nextCheckAt when DNS is to be asked next; `null` for never
public record Domain(
        DomainId id,
        @Nullable TeamId team,
        MailDomain name,
        String region,
        DomainStatus status,
        String returnPathLabel,
        Settings settings,
        Instant createdAt,
        @Nullable Instant checkingSince,
        @Nullable Instant nextCheckAt) {

    /// What PATCH may change.
    ///
    /// @param trackingSubdomain a label below the domain, for links
    public record Settings(
            TlsPolicy tls,
            boolean openTracking,
            boolean clickTracking,
            @Nullable String trackingSubdomain,
            boolean sending,
            boolean receiving) {

        /// As a domain is made unless something else is asked for.
        public static final Settings DEFAULT =
                new Settings(TlsPolicy.OPPORTUNISTIC, false, false, null, true, false);
    }

    /// The domain of the reverse-path: `send.example.com`.
    public MailDomain returnPath() {
        return MailDomain.parse(returnPathLabel + "." + name.ascii());
    }

    /// The domain's own name for links, if it shall have one: `links.example.com`.
    public @Nullable String trackingHost() {
        String label = settings.trackingSubdomain();
        return label == null ? null : label + "." + name.ascii();
    }

    Domain withSettings(Settings changed) {
        return new Domain(
                id,
                team,
                name,
                region,
                status,
                returnPathLabel,
                changed,
                createdAt,
                checkingSince,
                nextCheckAt);
    }

    Domain with(DomainStatus newStatus, @Nullable Instant since, @Nullable Instant next) {
        return new Domain(
                id,
                team,
                name,
                region,
                newStatus,
                returnPathLabel,
                settings,
                createdAt,
                since,
                next);
    }
}
