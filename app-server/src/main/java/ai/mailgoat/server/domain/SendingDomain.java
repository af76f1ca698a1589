package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.smtp.MailDomain;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What sending needs to know of a domain.
///
/// @param name `d=` of the signatures; for the reserved alias this is the reserved domain
/// @param status for messages to the caller; whether mail may leave says `maySend`
/// @param maySend whether sending is enabled and all its records were there within 72 hours
/// @param reserved whether this is the domain whose mail is captured and never leaves
/// @param returnPath the domain of the reverse-path
/// @param trackingHost the domain's own name for links, `null` while there is none that leads here
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
        @Nullable String trackingHost,
        List<SealedKey> keys) {

    /// For mail that was accepted while its team still had the domain: nobody's key may sign it
    /// now, and it leaves without a signature.
    public static SendingDomain gone(MailDomain name) {
        return new SendingDomain(
                new DomainId(new UUID(0, 0)),
                name,
                DomainStatus.FAILED,
                false,
                false,
                TlsPolicy.OPPORTUNISTIC,
                MailDomain.parse(NewDomain.DEFAULT_RETURN_PATH + "." + name.ascii()),
                false,
                false,
                null,
                List.of());
    }
}
