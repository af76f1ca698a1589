package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.server.smtp.MailDomain;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A team's request for a name that another team has.
///
/// @param domainId the id the domain will have as this team's
/// @param options in JSON, as {@link DomainClaimStore} keeps them
/// @param token what proves control of the name's DNS once it stands there
/// @param failureReason what the last look at the DNS lacked
record DomainClaim(
        UUID id,
        TeamId team,
        MailDomain name,
        DomainId domainId,
        String options,
        String token,
        Status status,
        @Nullable String failureReason,
        Instant createdAt,
        Instant expiresAt) {

    enum Status {
        /// The record is awaited.
        PENDING,
        /// The domain is this team's.
        COMPLETED,
        /// The record did not come in time.
        EXPIRED,
        /// The team asked anew, with other options, or somebody else's claim came first.
        SUPERSEDED,
        /// The team gave it up.
        CANCELED;

        String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The text of the TXT record at the name itself.
    String record() {
        return "mailgoat-domain-verification=" + token;
    }

    boolean isPending(Instant now) {
        return status == Status.PENDING && now.isBefore(expiresAt);
    }

    DomainClaim at(Instant now) {
        return status == Status.PENDING && !now.isBefore(expiresAt)
                ? with(Status.EXPIRED, failureReason)
                : this;
    }

    DomainClaim with(Status newStatus, @Nullable String newReason) {
        return new DomainClaim(
                id, team, name, domainId, options, token, newStatus, newReason, createdAt,
                expiresAt);
    }
}
