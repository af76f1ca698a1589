package ai.mailgoat.server.delivery;

import java.util.Locale;

/// How far an attempt has come; each phase has its own time limit (RFC 5321, 4.5.3.2).
enum Phase {
    DNS,
    CONNECT,
    BANNER,
    EHLO,
    STARTTLS,
    MAIL,
    RCPT,
    DATA,
    DOT;

    /// The name as it stands in a [DeliveryOutcome.Diagnostic].
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
