package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.Mailbox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One message for some mailboxes at one site: what a single mail transaction carries (RFC 5321,
/// 3.3).
///
/// @param reversePath the MAIL FROM mailbox, or `null` for the null reverse-path `<>`
/// @param forwardPaths the RCPT TO mailboxes, at least one, all at this site
/// @param message the signed message in wire form: CRLF line ends only, no line over 998 octets,
///   not dot-stuffed
/// @param eightBit whether `message` has bytes above 127 (then BODY=8BITMIME is needed)
/// @param smtpUtf8 whether the header of `message` has UTF-8 in it (RFC 6532), so that SMTPUTF8 is
///   needed whatever the mailboxes are
/// @param tls what the sender's domain demands of the channel
public record Consignment(
        @Nullable Mailbox reversePath,
        List<Mailbox> forwardPaths,
        byte[] message,
        boolean eightBit,
        boolean smtpUtf8,
        TlsPolicy tls) {

    public Consignment {
        if (forwardPaths.isEmpty()) {
            throw new IllegalArgumentException("no forward-path");
        }
        forwardPaths = List.copyOf(forwardPaths);
    }

    /// What is asked of TLS on the way.
    public enum TlsPolicy {
        /// STARTTLS where offered, any certificate; in the clear where not (RFC 7435).
        OPPORTUNISTIC,
        /// TLS with a certificate that is valid for the MX host, or no delivery.
        ENFORCED
    }
}
