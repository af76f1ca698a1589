package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.SessionBroken.Kind;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.smtp.SmtpReply;
import java.util.ArrayList;
import java.util.List;

/// One mail transaction: MAIL, RCPT, DATA, the message (RFC 5321, 3.3), pipelined where the host
/// offers it (RFC 2920). Settles in the ledger whom the host decides on; throws [SessionBroken]
/// when the session is of no more use, with everybody not yet decided left open.
final class Transaction {

    /// RCPTs sent before their replies are read. RFC 2920, 3.1 leaves flow control to TCP: so many
    /// replies fit into the smallest receive buffers, and neither side blocks in a write.
    private static final int GROUP = 100;

    private final Session session;
    private final Link link;
    private final Consignment consignment;
    private final Ledger ledger;
    private final List<Mailbox> accepted = new ArrayList<>();

    /// Those the host had no room for in this transaction, with what it said of it.
    private final List<Mailbox> postponed = new ArrayList<>();

    private final List<SmtpReply> postponements = new ArrayList<>();

    Transaction(Session session, Consignment consignment, Ledger ledger) {
        this.session = session;
        this.link = session.link();
        this.consignment = consignment;
        this.ledger = ledger;
    }

    /// @return whether some recipients are left for a next transaction on this session
    boolean run() throws SessionBroken {
        if (!isFit()) {
            return false;
        }
        if (session.takeNeedsReset()) {
            reset();
        }
        session.countTransaction();
        var recipients = ledger.open();
        boolean isDelivered =
                session.extensions().pipelining() ? pipelined(recipients) : stepwise(recipients);
        if (isDelivered) {
            return !postponed.isEmpty();
        }
        for (int i = 0; i < postponed.size(); i++) {
            ledger.settle(
                    postponed.get(i), Trouble.postponed(session.peer(), postponements.get(i)));
        }
        return false;
    }

    /// What the host cannot take by its own EHLO reply is not offered to it.
    private boolean isFit() {
        var offered = session.extensions();
        var peer = session.peer();
        int size = consignment.message().length;
        if (offered.isTooBig(size)) {
            ledger.settleRest(Trouble.tooBig(peer, size, offered.maxSize()));
        } else if (consignment.eightBit() && !offered.eightBitMime()) {
            ledger.settleRest(Trouble.noEightBit(peer));
        } else if (!offered.smtpUtf8()) {
            var unfit =
                    senderNeedsSmtpUtf8()
                            ? ledger.open()
                            : ledger.open().stream().filter(Mailbox::needsSmtpUtf8).toList();
            ledger.settle(unfit, Trouble.noSmtpUtf8(peer));
        }
        return !ledger.isDone();
    }

    private boolean senderNeedsSmtpUtf8() {
        var reversePath = consignment.reversePath();
        return consignment.smtpUtf8() || reversePath != null && reversePath.needsSmtpUtf8();
    }

    private void reset() throws SessionBroken {
        link.enter(Phase.MAIL);
        link.command("RSET");
        link.flush();
        var reply = link.reply();
        if (reply.code() / 100 != 2) {
            throw refused(Phase.MAIL, reply);
        }
    }

    /// Everything up to DATA goes out in one write (of at most [#GROUP] recipients), then the
    /// replies are read in order.
    private boolean pipelined(List<Mailbox> recipients) throws SessionBroken {
        link.enter(Phase.MAIL);
        link.command(mail(recipients));
        for (int from = 0; from < recipients.size(); from += GROUP) {
            var group = recipients.subList(from, Math.min(from + GROUP, recipients.size()));
            boolean isLast = from + group.size() == recipients.size();
            for (Mailbox recipient : group) {
                link.command(rcpt(recipient));
            }
            if (isLast) {
                link.command("DATA");
            }
            link.flush();
            if (from == 0 && !judgeMail(link.reply())) {
                abandon(group.size(), isLast);
                return false;
            }
            for (Mailbox recipient : group) {
                link.enter(Phase.RCPT);
                judgeRcpt(recipient, link.reply());
            }
        }
        link.enter(Phase.DATA);
        return data(link.reply());
    }

    private boolean stepwise(List<Mailbox> recipients) throws SessionBroken {
        link.enter(Phase.MAIL);
        if (!judgeMail(say(mail(recipients)))) {
            return false;
        }
        for (Mailbox recipient : recipients) {
            link.enter(Phase.RCPT);
            judgeRcpt(recipient, say(rcpt(recipient)));
        }
        if (accepted.isEmpty()) {
            session.leaveOpen();
            return false;
        }
        link.enter(Phase.DATA);
        return data(say("DATA"));
    }

    /// After a refused MAIL the replies to the rest of its group are still on their way.
    private void abandon(int recipients, boolean withData) throws SessionBroken {
        for (int i = 0; i < recipients; i++) {
            link.enter(Phase.RCPT);
            link.reply();
        }
        if (withData) {
            link.enter(Phase.DATA);
            data(link.reply());
        } else {
            session.leaveOpen();
        }
    }

    /// @return whether the host takes mail from this reverse-path
    private boolean judgeMail(SmtpReply reply) throws SessionBroken {
        if (reply.code() / 100 == 2) {
            return true;
        }
        // On a session that has carried mail before, the refusal may be about that.
        if (!reply.isPermanent() || session.transactions() > 1) {
            throw refused(Phase.MAIL, reply);
        }
        ledger.settleRest(Trouble.messageRefused(session.peer(), Phase.MAIL, reply));
        return false;
    }

    private void judgeRcpt(Mailbox recipient, SmtpReply reply) throws SessionBroken {
        if (reply.code() / 100 == 2) {
            accepted.add(recipient);
        } else if (reply.isPositive() || reply.code() == 421) {
            throw refused(Phase.RCPT, reply);
        } else if (!accepted.isEmpty() && Trouble.isTooManyRecipients(reply)) {
            postponed.add(recipient);
            postponements.add(reply);
        } else {
            ledger.settle(recipient, Trouble.recipientRefused(session.peer(), reply));
        }
    }

    /// @param reply to DATA
    /// @return whether the host took the message
    private boolean data(SmtpReply reply) throws SessionBroken {
        if (reply.code() / 100 == 2 || reply.code() == 421) {
            throw refused(Phase.DATA, reply);
        }
        if (!reply.isPositive()) {
            ledger.settle(accepted, Trouble.messageRefused(session.peer(), Phase.DATA, reply));
            session.leaveOpen();
            return false;
        }
        if (accepted.isEmpty()) {
            // RFC 2920, 3.1: 354 without a valid recipient is answered with a lone dot.
            link.enter(Phase.DOT);
            say(".");
            return false;
        }
        return message();
    }

    private boolean message() throws SessionBroken {
        try {
            WireMessage.write(consignment.message(), link::put);
            link.flush();
        } catch (SessionBroken e) {
            var early = e.reply();
            if (early != null && !early.isPositive() && early.code() != 421) {
                // The verdict came before the end; the session is out of step, yet it counts.
                ledger.settle(accepted, Trouble.messageRefused(session.peer(), Phase.DATA, early));
            }
            throw e;
        }
        link.enter(Phase.DOT);
        return judgeDot();
    }

    private boolean judgeDot() throws SessionBroken {
        SmtpReply reply;
        try {
            reply = link.reply();
        } catch (SessionBroken e) {
            ledger.settle(accepted, Trouble.inDoubt(session.peer(), e));
            throw e;
        }
        if (reply.code() / 100 == 2) {
            var diagnostic =
                    session.peer()
                            .diagnostic(
                                    Phase.DOT,
                                    reply,
                                    "host %s said: %s".formatted(session.peer(), reply));
            ledger.settle(accepted, new Delivered(diagnostic));
            return true;
        }
        if (reply.code() == 421) {
            throw refused(Phase.DOT, reply);
        }
        if (reply.isPositive()) {
            var broken = refused(Phase.DOT, reply);
            ledger.settle(accepted, Trouble.inDoubt(session.peer(), broken));
            throw broken;
        }
        ledger.settle(accepted, Trouble.messageRefused(session.peer(), Phase.DOT, reply));
        return false;
    }

    private SmtpReply say(String command) throws SessionBroken {
        link.command(command);
        link.flush();
        return link.reply();
    }

    private String mail(List<Mailbox> recipients) {
        var offered = session.extensions();
        var command = new StringBuilder("MAIL FROM:<");
        var reversePath = consignment.reversePath();
        if (reversePath != null) {
            command.append(reversePath);
        }
        command.append('>');
        if (offered.size()) {
            command.append(" SIZE=").append(consignment.message().length);
        }
        if (consignment.eightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (senderNeedsSmtpUtf8() || recipients.stream().anyMatch(Mailbox::needsSmtpUtf8)) {
            command.append(" SMTPUTF8");
        }
        return command.toString();
    }

    private static String rcpt(Mailbox recipient) {
        return "RCPT TO:<" + recipient + ">";
    }

    private static SessionBroken refused(Phase phase, SmtpReply reply) {
        var kind = reply.isPositive() ? Kind.GARBAGE : Kind.REFUSED;
        return new SessionBroken(kind, phase, reply, "unexpected reply");
    }
}
