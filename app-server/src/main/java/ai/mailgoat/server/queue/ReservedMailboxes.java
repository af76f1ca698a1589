package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.SmtpReply;
import java.util.Locale;
import java.util.Set;

/// Mailboxes that act out their names, without any network: `delivered@`, `bounced@`, `complained@`
/// and `suppressed@` of the reserved domains, with or without a `+label`. All other mail that stays
/// here is captured.
public final class ReservedMailboxes {
    /// The domain that every installation may send from; its mail never leaves.
    public static final String DOMAIN = "mailgoat.test";

    private static final Set<String> DOMAINS = Set.of(DOMAIN, "resend.dev");

    private ReservedMailboxes() {}

    public static boolean isReserved(String domain) {
        return DOMAINS.contains(domain);
    }

    /// Whether mail for this address counts as suppressed from the start.
    public static boolean isSuppressed(Mailbox mailbox) {
        return isReserved(mailbox.domain().ascii()) && role(mailbox).equals("suppressed");
    }

    static boolean complains(String address) {
        var mailbox = Mailbox.parse(address);
        return isReserved(mailbox.domain().ascii()) && role(mailbox).equals("complained");
    }

    /// What becomes of mail that stays here.
    static DeliveryOutcome outcome(Mailbox mailbox) {
        if (isReserved(mailbox.domain().ascii()) && role(mailbox).equals("bounced")) {
            var reply = SmtpReply.of(550, "5.1.1 user unknown (this address always bounces)");
            // A test address never lands on the suppression list: it must bounce the next time too.
            return new Bounced(diagnostic("rcpt", reply), false);
        }
        return new Delivered(
                diagnostic(
                        "dot", SmtpReply.of(250, "2.0.0 captured, nothing has left this machine")));
    }

    private static Diagnostic diagnostic(String phase, SmtpReply reply) {
        return new Diagnostic("capture", null, null, phase, reply, "host capture said: " + reply);
    }

    private static String role(Mailbox mailbox) {
        String local = mailbox.localPart().toLowerCase(Locale.ROOT);
        int plus = local.indexOf('+');
        return plus < 0 ? local : local.substring(0, plus);
    }
}
