package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.delivery.Consignment;
import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.Route;
import ai.mailgoat.server.queue.Carried.Verdict;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a handful of entries to one site: load, book, then for each mail sign, deliver, settle.
/// No transaction is open while it waits for the network, and a mail is settled on disk before the
/// next one starts, so that a crash can repeat no more than one delivery for each connection.
final class Carrier {
    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

    private final Store store;
    private final MailSource source;
    private final Transport transport;
    private final Settlement settlement;
    private final Signers signers;
    private final BooleanSupplier stopping;

    Carrier(
            Store store,
            MailSource source,
            Transport transport,
            Settlement settlement,
            Signers signers,
            BooleanSupplier stopping) {
        this.store = store;
        this.source = source;
        this.transport = transport;
        this.settlement = settlement;
        this.signers = signers;
        this.stopping = stopping;
    }

    /// Blocks until all of `entries`, which are of one lane, are settled or, when stopping, put
    /// back.
    Carried carry(Route route, List<Entry> entries) {
        var mails = load(entries);
        var booked = settlement.book(mails);
        var byMail = new LinkedHashMap<Mail, List<Entry>>();
        for (var entry : booked) {
            byMail.computeIfAbsent(
                            java.util.Objects.requireNonNull(mails.get(entry)),
                            m -> new ArrayList<>())
                    .add(entry);
        }
        var verdict = Verdict.UNTRIED;
        int tried = 0;
        for (var each : byMail.entrySet()) {
            // A stopping service, and a site that has just failed, leave the rest to later.
            if (stopping.getAsBoolean() || verdict == Verdict.UNREACHABLE) {
                settlement.unbook(each.getValue());
            } else {
                verdict = carry(route, each.getKey(), each.getValue());
                tried += each.getValue().size();
            }
        }
        return new Carried(verdict, tried);
    }

    private Map<Entry, Mail> load(List<Entry> entries) {
        var ids = entries.stream().map(Entry::email).distinct().toList();
        Map<EmailId, Mail> mails = store.read(tx -> source.load(tx, ids));
        var found = new LinkedHashMap<Entry, Mail>();
        var gone = new ArrayList<Entry>();
        for (var entry : entries) {
            var mail = mails.get(entry.email());
            if (mail == null) {
                gone.add(entry);
            } else {
                found.put(entry, mail);
            }
        }
        if (!gone.isEmpty()) {
            settlement.drop(gone);
        }
        return found;
    }

    private Verdict carry(Route route, Mail mail, List<Entry> entries) {
        switch (route) {
            case Route.Refused(var diagnostic) ->
                    settle(mail, entries, new DeliveryOutcome.Bounced(diagnostic, false));
            case Route.Unresolved(var diagnostic) ->
                    settle(mail, entries, new Deferred(diagnostic, true));
            case Route.Site site -> {
                return deliver(site, mail, entries);
            }
        }
        return Verdict.REACHED;
    }

    private Verdict deliver(Route.Site site, Mail mail, List<Entry> entries) {
        Map<Mailbox, DeliveryOutcome> outcomes;
        try {
            outcomes = transport.deliver(site, consign(mail, entries));
        } catch (RuntimeException e) {
            // Not the network's doing: delivery reports that as outcomes. This mail cannot be made
            // or handled.
            LOG.error("email {} cannot be sent", mail.id(), e);
            settlement.fail(mail, entries, "This mail could not be sent: " + e.getMessage());
            return Verdict.REACHED;
        }
        settlement.settle(mail, entries, outcomes);
        for (var entry : entries) {
            if (ReservedMailboxes.complains(entry.address())) {
                settlement.complained(mail, entry);
            }
        }
        boolean siteFailed =
                outcomes.values().stream().allMatch(o -> o instanceof Deferred d && d.siteWide());
        return siteFailed ? Verdict.UNREACHABLE : Verdict.REACHED;
    }

    private Consignment consign(Mail mail, List<Entry> entries) {
        var paths = entries.stream().map(entry -> Mailbox.parse(entry.address())).toList();
        return signers.sign(entries.getFirst().lane(), () -> mail.consign(paths));
    }

    private void settle(Mail mail, List<Entry> entries, DeliveryOutcome outcome) {
        var outcomes = new LinkedHashMap<Mailbox, DeliveryOutcome>();
        entries.forEach(entry -> outcomes.put(Mailbox.parse(entry.address()), outcome));
        settlement.settle(mail, entries, outcomes);
    }
}
