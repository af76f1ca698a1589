package ai.mailgoat.server.dkim;

import ai.mailgoat.server.smtp.MailDomain;
import org.jspecify.annotations.Nullable;

/// What came of one DKIM-Signature field (RFC 8601, 2.7.1).
///
/// @param domain `d=`, or `null` when it could not be read; it vouches for the message only when
///   `status` is a pass
/// @param selector `s=`, or `null` when it could not be read
/// @param algorithm `a=`, or `null` when it could not be read
/// @param reason one clause for people, `""` for a pass
/// @param partial there is body behind what `l=` covers: anyone may have added it
/// @param testing the key record says `t=y`: the domain asks that a failure be taken as no
///   signature
public record DkimResult(
        Status status,
        @Nullable MailDomain domain,
        @Nullable String selector,
        @Nullable String algorithm,
        String reason,
        boolean partial,
        boolean testing) {

    /// RFC 8601, 2.7.1, without `none` (an empty list says that) and `policy`.
    public enum Status {
        /// The signature is good and the key still published.
        PASS,
        /// The signature is wrong, has expired, or is too weak to count (RFC 8301).
        FAIL,
        /// The field has syntax errors or asks for what we do not know.
        NEUTRAL,
        /// The key could not be fetched now.
        TEMPERROR,
        /// The key is missing, revoked or unfit, or the field lacks what it must have.
        PERMERROR
    }
}
