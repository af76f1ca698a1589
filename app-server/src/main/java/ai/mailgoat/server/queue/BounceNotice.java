package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.smtp.EnhancedCode;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// The `bounce` part of an `email.bounced` event, in the vocabulary of the API.
///
/// @param type `Permanent`, `Transient` or `Undetermined`
/// @param subType such as `General`, `NoEmail`, `MailboxFull`
/// @param diagnosticCode the host's replies, as RFC 3464 (2.3.6) writes them
record BounceNotice(
        String type,
        @JsonProperty("subType") String subType,
        String message,
        @JsonProperty("diagnosticCode") List<String> diagnosticCode) {

    static BounceNotice permanent(Bounced bounced) {
        var diagnostic = bounced.diagnostic();
        return new BounceNotice(
                "Permanent", subType(diagnostic), diagnostic.reason(), codes(diagnostic));
    }

    /// For mail that was deferred until its time was over.
    static BounceNotice givenUp(Diagnostic diagnostic) {
        return new BounceNotice(
                "Transient",
                subType(diagnostic),
                "gave up: " + diagnostic.reason(),
                codes(diagnostic));
    }

    // RFC 3463: X.1.1 to X.1.3 and X.1.10 no such mailbox or domain, X.2.2 mailbox full, X.2.3 and
    // X.3.4 too large,
    // X.6.x media and X.7.x policy.
    private static String subType(Diagnostic diagnostic) {
        return diagnostic.enhanced().map(BounceNotice::subType).orElse("General");
    }

    private static String subType(EnhancedCode code) {
        return switch (code.subject()) {
            case 1 -> code.detail() <= 3 || code.detail() == 10 ? "NoEmail" : "General";
            case 2 ->
                    code.detail() == 2
                            ? "MailboxFull"
                            : code.detail() == 3 ? "MessageTooLarge" : "General";
            case 3 -> code.detail() == 4 ? "MessageTooLarge" : "General";
            case 6, 7 -> "ContentRejected";
            default -> "General";
        };
    }

    private static List<String> codes(Diagnostic diagnostic) {
        return diagnostic.reply() == null ? List.of() : List.of("smtp; " + diagnostic.reply());
    }
}
