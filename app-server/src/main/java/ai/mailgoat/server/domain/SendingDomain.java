package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.smtp.MailDomain;
import java.util.List;

/// What sending needs to know of a domain.
///
/// @param name `d=` of the signatures; for the reserved alias this is the reserved domain
/// @param status for messages to the caller; whether mail may leave says `maySend`
/// @param maySend whether sending is enabled and all its records were there within 72 hours
/// @param reserved whether this is the domain whose mail is captured and never leaves
/// @param returnPath the domain of the reverse-path
/// @param keys all that sign, RSA first
public record SendingDomain(
        DomainId id,
        MailDomain name,
        DomainStatus status,
        boolean maySend,
        boolean reserved,
        TlsPolicy tls,
        MailDomain returnPath,
        boolean openTracking,
        boolean clickTracking,
        List<SealedKey> keys) {}
