package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import ai.mailgoat.server.smtp.EnhancedCode;
import ai.mailgoat.server.smtp.Printable;
import ai.mailgoat.server.smtp.SmtpReply;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What each failure means; nothing else in this package decides it. The division is that of
/// Postfix's `smtp_trouble.c`.
///
/// **Host trouble**: no address, no connection, no TLS where it is demanded, a bad or refused
/// greeting, `421` at any time, a link lost or timed out before the final dot, a reply that is
/// none, a `4yz` to MAIL. Nobody is blamed yet: the next MX host is tried with whoever is not
/// decided. When no host is left, all of them are judged together: the mail bounces only if *every*
/// host failed hard, else it is deferred.
///
/// Hard are: a host that has no address, or none we may connect to; a host that is ourselves; a
/// `5yz` to both EHLO and HELO; `521` and `556`, which say that a host never takes mail (RFC 7504).
/// Soft is everything else, among it any other `5yz` banner: like Postfix
/// (`smtp_skip_5xx_greeting`) we take it for the trouble of one host, try the next one, and at last
/// defer.
///
/// The trouble is the **site**'s (`siteWide`) when it shows before anything of the message was
/// seen: connect, banner, EHLO, TLS, a lost link up to RCPT; or when the host says that it is about
/// us as a whole: `421`, or a throttling text with an enhanced code X.3.z, X.4.z or X.7.z. A link
/// lost during DATA may be due to this message, so it slows no others.
///
/// **Message trouble**: a `5yz` to MAIL, and what is said to DATA or to the final dot. It is final
/// for this attempt and for all recipients that were accepted: `4yz` defers, `5yz` bounces; no
/// other host is asked, since it would judge the same message. So is a message that the host cannot
/// take by its own words: too big (5.3.4), 8-bit (5.6.3), UTF-8 addresses or header (5.6.7).
///
/// **Recipient trouble**: what is said to RCPT is about that forward-path alone: `4yz` defers
/// (greylisting, mostly; another host would only start the clock anew), `5yz` bounces it. "Too many
/// recipients" is no trouble once some are accepted: the rest goes in a next transaction.
///
/// The recipient is **at fault** only if the mailbox does not exist or takes no mail at all, which
/// only RCPT can tell: 5.1.0, 5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1, or 550, 551, 553 without
/// an enhanced code that says more; and never when the text speaks of policy, blocking or rates. A
/// full mailbox (5.2.2), a policy (5.7.z), a system (5.3.z) or the content (5.6.z) is not its
/// fault.
///
/// **Doubt**: the final dot is out and no whole reply came. The host may have the message.
///
/// On a connection kept from an earlier mail none of the host troubles counts: it may just have
/// been idle for too long. The attempt starts afresh on a new connection, once.
final class Trouble {

    /// RFC 7504, 3 and 4: this host does not accept mail.
    private static final List<Integer> NEVER_TAKES_MAIL = List.of(521, 556);

    private static final Pattern NO_SUCH_USER =
            pattern(
                    "(user|mailbox|recipient|address|account|alias|inbox)\\b.{0,60}\\b(unknown|not"
                            + " found|not exist|doesn't exist|no longer|not available|unavailable"
                            + "|invalid|disabled|inactive|closed|suspended|not known|undeliverable)"
                            + "|(no such|unknown|invalid|non-?existent|not a valid|not our"
                            + "|no) (local )?(user|mailbox|recipient|address|account|person|customer)"
                            + "|doesn't have an? .{0,40}account|not listed in");

    private static final Pattern POLICY =
            pattern(
                    "spam|block|black ?list|denied|deny|polic|reputation|\\brbl\\b|dnsbl|\\bspf\\b"
                            + "|dkim|dmarc|relay|authenti|banned|abuse|unsolicited|rate\\b|too many"
                            + "|too much|limit|quota|\\bfull\\b|over ?quota|virus|malware|content"
                            + "|sender|\\bptr\\b|reverse dns|not permitted|not allowed|prohibited");

    private static final Pattern THROTTLE =
            pattern(
                    "rate|too many|throttl|too fast|too quickly|reputation|busy|overload|load"
                            + "|deferred|exceed|unusual|resources|concurren|connections");

    private static final Pattern GREYLIST = pattern("gr[ea]y-?list");

    private static final Pattern TOO_MANY_RECIPIENTS = pattern("too many.{0,20}(recipients|rcpts)");

    private Trouble() {}

    /// Why one host was of no use.
    ///
    /// @param hard asking this host again will not help
    record HostFailure(Diagnostic diagnostic, boolean hard, boolean siteWide) {}

    static HostFailure hostFailed(Session.Peer peer, SessionBroken e) {
        var reply = e.reply();
        var diagnostic = peer.diagnostic(e.phase(), reply, reasonOf(peer, e));
        return new HostFailure(diagnostic, isHard(e, reply), isSiteWide(e, reply));
    }

    static HostFailure addressUnknown(Session.Peer peer, String why) {
        return local(
                peer,
                Phase.DNS,
                "4.4.3",
                "cannot look up " + peer.host() + ": " + Printable.of(why),
                false);
    }

    static HostFailure addressMissing(Session.Peer peer) {
        return local(peer, Phase.DNS, "5.4.4", "MX host " + peer.host() + " has no address", true);
    }

    static HostFailure addressPrivate(Session.Peer peer) {
        return local(
                peer,
                Phase.CONNECT,
                "5.4.6",
                "MX host " + peer.host() + " resolves to a private address",
                true);
    }

    static HostFailure addressOurs(Session.Peer peer) {
        return local(
                peer,
                Phase.CONNECT,
                "5.4.6",
                "mail loops back to this host: MX host " + peer + " is ourselves",
                true);
    }

    static HostFailure outOfTime(Session.Peer peer) {
        return local(
                peer,
                Phase.CONNECT,
                "4.4.7",
                "the time for one attempt was up before " + peer.host() + " was tried",
                false);
    }

    /// The verdict on whoever no host has decided.
    ///
    /// @param failures in the order in which they happened, at least one
    static DeliveryOutcome noHostLeft(List<HostFailure> failures) {
        var soft = failures.stream().filter(failure -> !failure.hard()).toList();
        var candidates = soft.isEmpty() ? failures : soft;
        // Words of a host tell more than our own; among equals the last tried speaks.
        var telling =
                candidates.stream()
                        .filter(failure -> failure.diagnostic().reply() != null)
                        .reduce((_, last) -> last)
                        .orElse(candidates.getLast());
        return soft.isEmpty()
                ? new Bounced(telling.diagnostic(), false)
                : new Deferred(telling.diagnostic(), soft.stream().allMatch(HostFailure::siteWide));
    }

    /// @param reply `4yz` or `5yz` to RCPT
    static DeliveryOutcome recipientRefused(Session.Peer peer, SmtpReply reply) {
        var diagnostic = peer.diagnostic(Phase.RCPT, reply, said(peer, reply, Phase.RCPT));
        return reply.isPermanent()
                ? new Bounced(diagnostic, isRecipientAtFault(reply))
                : new Deferred(diagnostic, isAboutUs(reply));
    }

    /// @param reply that too many recipients were named; whatever its class, the next attempt is
    ///   theirs
    static DeliveryOutcome postponed(Session.Peer peer, SmtpReply reply) {
        return new Deferred(
                peer.diagnostic(Phase.RCPT, reply, said(peer, reply, Phase.RCPT)), false);
    }

    /// @param reply `4yz` or `5yz` to MAIL, DATA or the final dot
    static DeliveryOutcome messageRefused(Session.Peer peer, Phase phase, SmtpReply reply) {
        var diagnostic = peer.diagnostic(phase, reply, said(peer, reply, phase));
        return reply.isPermanent()
                ? new Bounced(diagnostic, false)
                : new Deferred(diagnostic, isAboutUs(reply));
    }

    static DeliveryOutcome tooBig(Session.Peer peer, long octets, long limit) {
        return unfit(
                peer,
                "5.3.4",
                "message of %d octets is over the limit of %d of host %s"
                        .formatted(octets, limit, peer));
    }

    static DeliveryOutcome noEightBit(Session.Peer peer) {
        return unfit(peer, "5.6.3", "8-bit message, and host " + peer + " does not offer 8BITMIME");
    }

    static DeliveryOutcome noSmtpUtf8(Session.Peer peer) {
        return unfit(
                peer,
                "5.6.7",
                "UTF-8 in the addresses or the header, and host "
                        + peer
                        + " does not offer SMTPUTF8");
    }

    static DeliveryOutcome malformedMessage() {
        return new Bounced(
                Diagnostic.local(
                        Phase.DATA.label(),
                        code("5.6.0"),
                        "message with a bare CR or LF, not sent"),
                false);
    }

    /// An error of our own in the middle of an attempt: the mail must not suffer for it.
    static DeliveryOutcome internalError() {
        return new Deferred(
                Diagnostic.local(Phase.CONNECT.label(), code("4.3.0"), "internal error"), false);
    }

    static DeliveryOutcome inDoubt(Session.Peer peer, SessionBroken e) {
        return new InDoubt(
                peer.diagnostic(
                        Phase.DOT,
                        null,
                        "4.4.2 host %s did not confirm the end of the message: %s"
                                .formatted(peer, e.what())));
    }

    /// RFC 5321, 4.5.3.1.10: 452, or by old habit 552; X.5.3 says it beyond doubt.
    static boolean isTooManyRecipients(SmtpReply reply) {
        var enhanced = reply.enhanced();
        if (enhanced.isPresent() && enhanced.get().subject() == 5) {
            return enhanced.get().detail() == 3;
        }
        if (TOO_MANY_RECIPIENTS.matcher(reply.text()).find()) {
            return true;
        }
        return reply.code() == 452 && enhanced.isEmpty();
    }

    static boolean isRecipientAtFault(SmtpReply reply) {
        String text = reply.text();
        boolean namesMailbox = NO_SUCH_USER.matcher(text).find();
        boolean namesPolicy = POLICY.matcher(text).find();
        var enhanced = reply.enhanced();
        if (enhanced.isEmpty() || enhanced.get().subject() == 0) {
            boolean mailboxCode = reply.code() == 550 || reply.code() == 551 || reply.code() == 553;
            return mailboxCode && (namesMailbox || !namesPolicy);
        }
        return switch (enhanced.get().toString()) {
            case "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1" ->
                    namesMailbox || !namesPolicy;
            // Exchange Online, of a mailbox that its directory does not have.
            case "5.4.1" -> text.contains("Recipient address rejected");
            default -> false;
        };
    }

    /// Whether a `4yz` is about our traffic as a whole rather than this mail.
    private static boolean isAboutUs(SmtpReply reply) {
        if (reply.code() == 421) {
            return true;
        }
        int subject = reply.enhanced().map(EnhancedCode::subject).orElse(-1);
        boolean system = subject == 3 || subject == 4 || subject == 7;
        String text = reply.text();
        return system && THROTTLE.matcher(text).find() && !GREYLIST.matcher(text).find();
    }

    private static boolean isHard(SessionBroken e, @Nullable SmtpReply reply) {
        if (e.kind() != SessionBroken.Kind.REFUSED || reply == null) {
            return false;
        }
        return NEVER_TAKES_MAIL.contains(reply.code())
                || e.phase() == Phase.EHLO && reply.isPermanent();
    }

    private static boolean isSiteWide(SessionBroken e, @Nullable SmtpReply reply) {
        return switch (e.phase()) {
            case DNS, CONNECT, BANNER, EHLO, STARTTLS -> true;
            case MAIL, RCPT -> reply == null || isAboutUs(reply);
            case DATA, DOT -> reply != null && isAboutUs(reply);
        };
    }

    private static String reasonOf(Session.Peer peer, SessionBroken e) {
        var reply = e.reply();
        if (reply != null) {
            return said(peer, reply, e.phase());
        }
        return switch (e.kind()) {
            case UNREACHABLE ->
                    "4.4.1 cannot connect to %s:%d: %s".formatted(peer, peer.port(), e.what());
            case LOST ->
                    "4.4.2 lost connection with %s during %s: %s"
                            .formatted(peer, e.phase().label(), e.what());
            case TIMED_OUT ->
                    "4.4.2 conversation with %s timed out during %s"
                            .formatted(peer, e.phase().label());
            case GARBAGE, REFUSED ->
                    "4.5.0 protocol error of %s during %s: %s"
                            .formatted(peer, e.phase().label(), e.what());
            case TLS, INJECTION -> "4.7.5 no secure channel to %s: %s".formatted(peer, e.what());
        };
    }

    private static String said(Session.Peer peer, SmtpReply reply, Phase phase) {
        return "host %s said: %s (in reply to %s)".formatted(peer, reply, command(phase));
    }

    private static String command(Phase phase) {
        return switch (phase) {
            case DNS, CONNECT, BANNER -> "the connection";
            case EHLO -> "EHLO";
            case STARTTLS -> "STARTTLS";
            case MAIL -> "MAIL";
            case RCPT -> "RCPT";
            case DATA -> "DATA";
            case DOT -> "the end of DATA";
        };
    }

    private static DeliveryOutcome unfit(Session.Peer peer, String status, String reason) {
        return new Bounced(peer.diagnostic(Phase.MAIL, null, status + " " + reason), false);
    }

    private static HostFailure local(
            Session.Peer peer, Phase phase, String status, String reason, boolean hard) {
        return new HostFailure(peer.diagnostic(phase, null, status + " " + reason), hard, true);
    }

    private static EnhancedCode code(String text) {
        return EnhancedCode.atStartOf(text).orElseThrow();
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }
}
