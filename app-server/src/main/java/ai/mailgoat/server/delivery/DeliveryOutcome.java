package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.EnhancedCode;
import ai.mailgoat.server.smtp.SmtpReply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one delivery attempt did for one forward-path. What each failure means is decided in one
/// place, {@code Trouble}; the queue only acts on it.
public sealed interface DeliveryOutcome {

    /// Everything a DSN (RFC 3464, 2.3) or a person wants to know of this attempt.
    Diagnostic diagnostic();

    /// The MX host answered 2yz to the end of DATA: it has taken responsibility (RFC 5321, 4.2.5).
    record Delivered(Diagnostic diagnostic) implements DeliveryOutcome {}

    /// A 4yz reply, or no reply at all: the queue tries again (RFC 5321, 4.5.4.1).
    ///
    /// @param siteWide the trouble is the destination's, not this message's: its other mail would
    ///   fare alike
    record Deferred(Diagnostic diagnostic, boolean siteWide) implements DeliveryOutcome {}

    /// Trying again will not help (RFC 5321, 4.2.1).
    ///
    /// @param recipientAtFault the mailbox does not exist or refuses all mail: a reason to suppress
    ///   it
    record Bounced(Diagnostic diagnostic, boolean recipientAtFault) implements DeliveryOutcome {}

    /// The link died after the final dot and before the reply: the host may or may not have taken
    /// it.
    record InDoubt(Diagnostic diagnostic) implements DeliveryOutcome {}

    /// The facts of one attempt at one forward-path; never null where something is known.
    ///
    /// @param mxHost the host talked to, or `null` when none was reached
    /// @param address its IP address in text, or `null`
    /// @param tls such as `TLSv1.3 TLS_AES_128_GCM_SHA256`, or `null` for a plain session
    /// @param phase where it ended: `dns`, `connect`, `banner`, `ehlo`, `starttls`, `mail`, `rcpt`,
    ///   `data`, `dot`
    /// @param reply the host's reply, or `null` when there was none
    /// @param reason one sentence for people, such as `host mx.example.org said: 550 5.1.1 no such
    ///   user`; where no host said anything it starts with our own enhanced status code, such as
    ///   `4.4.1 cannot connect to mx.example.org[192.0.2.1]:25: Connection refused`
    record Diagnostic(
            @Nullable String mxHost,
            @Nullable String address,
            @Nullable String tls,
            String phase,
            @Nullable SmtpReply reply,
            String reason) {

        /// A diagnostic for what went wrong before any host was reached.
        public static Diagnostic local(String phase, String reason) {
            return new Diagnostic(null, null, null, phase, null, reason);
        }

        /// The same, with our own status code (RFC 3463) at the start of the reason.
        static Diagnostic local(String phase, EnhancedCode status, String reason) {
            return local(phase, status + " " + reason);
        }

        /// The enhanced status code of the reply, if it had one; without a reply, the one that our
        /// own reason starts with.
        public Optional<EnhancedCode> enhanced() {
            return reply == null ? EnhancedCode.atStartOf(reason) : reply.enhanced();
        }
    }
}
