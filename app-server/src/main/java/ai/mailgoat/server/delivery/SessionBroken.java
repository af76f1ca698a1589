package ai.mailgoat.server.delivery;

import ai.mailgoat.server.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/// A session with one host cannot go on. What that means for the mail is for [Trouble] to say.
final class SessionBroken extends Exception {
    private static final long serialVersionUID = 1L;

    /// In which way.
    enum Kind {
        /// No TCP connection came about.
        UNREACHABLE,
        /// The peer hung up or the link failed.
        LOST,
        /// A phase's or the attempt's time was up.
        TIMED_OUT,
        /// What came is no SMTP reply, or not one that may come here.
        GARBAGE,
        /// A reply that ends the session.
        REFUSED,
        /// TLS was refused, failed, or was demanded and not there.
        TLS,
        /// Octets in the clear between STARTTLS and the handshake: somebody is in the middle.
        INJECTION
    }

    private final Kind kind;
    private final Phase phase;
    private final transient @Nullable SmtpReply reply;

    SessionBroken(Kind kind, Phase phase, @Nullable SmtpReply reply, String what) {
        // No stack trace: this is an ordinary outcome, and there may be thousands a second.
        super(what, null, false, false);
        this.kind = kind;
        this.phase = phase;
        this.reply = reply;
    }

    Kind kind() {
        return kind;
    }

    /// Whether the host did not so much as greet.
    boolean isSilence() {
        return kind == Kind.UNREACHABLE
                || kind == Kind.TIMED_OUT && phase.compareTo(Phase.EHLO) <= 0;
    }

    Phase phase() {
        return phase;
    }

    @Nullable SmtpReply reply() {
        return reply;
    }

    /// What went wrong, as the end of a sentence.
    String what() {
        return String.valueOf(getMessage());
    }
}
