package ai.mailgoat.server.queue;

import ai.mailgoat.server.delivery.DeliveryOutcome;
import ai.mailgoat.server.delivery.DeliveryOutcome.Bounced;
import ai.mailgoat.server.delivery.DeliveryOutcome.Deferred;
import ai.mailgoat.server.delivery.DeliveryOutcome.Delivered;
import ai.mailgoat.server.delivery.DeliveryOutcome.Diagnostic;
import ai.mailgoat.server.delivery.DeliveryOutcome.InDoubt;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.smtp.Mailbox;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.suppression.Suppression;
import ai.mailgoat.server.suppression.Suppressions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only place where a mail's fate changes. The attempt, the recipient's state, the queue entry,
/// the event with the webhook calls owed for it and a suppression are one transaction: a crash
/// cannot lose one of them.
final class Settlement {
    private static final int MAX_TEXT = 2_000;

    private final Store store;
    private final QueueStore queue = new QueueStore();
    private final Events events;
    private final Suppressions suppressions;
    private final Backoff backoff;
    private final InstantSource clock;
    private final boolean retryInDoubt;

    Settlement(
            Store store,
            Events events,
            Suppressions suppressions,
            Backoff backoff,
            InstantSource clock,
            boolean retryInDoubt) {
        this.store = store;
        this.events = events;
        this.suppressions = suppressions;
        this.backoff = backoff;
        this.clock = clock;
        this.retryInDoubt = retryInDoubt;
    }

    /// Books one attempt for each entry, before it is made, and marks scheduled mail as sent.
    ///
    /// @return the entries still there, with the attempt counted
    List<Entry> book(Map<Entry, Mail> mails) {
        var now = clock.instant();
        var entries = List.copyOf(mails.keySet());
        var next = entries.stream().map(e -> backoff.next(now, e.attempts() + 1)).toList();
        return store.write(tx -> {
            var booked = queue.book(tx, entries, next, now);
            var sent = new LinkedHashMap<Mail, List<String>>();
            for (var entry : booked) {
                var mail = mails.get(entry);
                if (mail != null && mail.isScheduled()) {
                    sent.computeIfAbsent(mail, m -> new ArrayList<>()).add(entry.address());
                }
            }
            sent.forEach((mail, to) -> {
                var changes = new Changes(queue, events, mail, now);
                changes.happened("sent", mail.eventData(to));
                changes.write(tx);
            });
            return booked;
        });
    }

    /// Lets go of booked entries that were not tried: they are due again at once, as if they had
    /// never been booked.
    void unbook(List<Entry> entries) {
        var now = clock.instant();
        store.write(tx -> {
            queue.unbook(tx, entries.stream().map(Entry::id).toList(), now);
            return true;
        });
    }

    /// Writes what came of the attempts of one mail, and returns when that is on disk.
    ///
    /// @param entries as they were before {@link #book}
    void settle(Mail mail, List<Entry> entries, Map<Mailbox, DeliveryOutcome> outcomes) {
        var now = clock.instant();
        store.write(tx -> {
            var changes = new Changes(queue, events, mail, now);
            for (var entry : entries) {
                var outcome = outcomes.get(Mailbox.parse(entry.address()));
                if (outcome != null) {
                    settle(tx, changes, mail, entry, outcome, now);
                }
            }
            changes.write(tx);
            return true;
        });
    }

    /// Gives mail up that this server itself could not make or send: ours to blame, not the
    /// recipient's.
    void fail(Mail mail, List<Entry> entries, String reason) {
        var now = clock.instant();
        store.write(tx -> {
            var changes = new Changes(queue, events, mail, now);
            for (var entry : entries) {
                changes.close(entry, "failed", cut(reason));
                var data = mail.eventData(List.of(entry.address()));
                data.put("failed", Map.of("reason", reason));
                changes.happened("failed", data);
            }
            changes.write(tx);
            return true;
        });
    }

    /// Drops entries whose mail is gone.
    void drop(List<Entry> entries) {
        store.write(tx -> {
            queue.delete(tx, entries.stream().map(Entry::id).toList());
            return true;
        });
    }

    /// A recipient has complained of a mail that was delivered.
    void complained(Mail mail, Entry entry) {
        var now = clock.instant();
        store.write(tx -> {
            var changes = new Changes(queue, events, mail, now);
            changes.recipient(entry, "complained", null);
            changes.happened("complained", mail.eventData(List.of(entry.address())));
            changes.write(tx);
            return true;
        });
    }

    private void settle(
            Tx tx, Changes changes, Mail mail, Entry entry, DeliveryOutcome outcome, Instant now) {
        var diagnostic = outcome.diagnostic();
        changes.attempt(row(entry, outcome, now));
        var data = mail.eventData(List.of(entry.address()));
        switch (outcome) {
            case Delivered _ -> {
                changes.close(entry, "delivered", cut(diagnostic.reason()));
                changes.happened("delivered", data);
            }
            case Bounced bounced -> {
                changes.close(entry, "bounced", cut(diagnostic.reason()));
                if (bounced.recipientAtFault()) {
                    suppressions.add(
                            tx,
                            mail.team(),
                            Mailbox.parse(entry.address()).folded(),
                            Suppression.Origin.BOUNCE,
                            mail.id().value());
                }
                data.put("bounce", BounceNotice.permanent(bounced));
                changes.happened("bounced", data);
            }
            case Deferred _ -> defer(changes, entry, diagnostic, now, data);
            case InDoubt _ -> {
                if (retryInDoubt) {
                    defer(changes, entry, diagnostic, now, data);
                } else {
                    changes.close(entry, "in_doubt", cut(diagnostic.reason()));
                    data.put("failed", Map.of("reason", "in_doubt: " + diagnostic.reason()));
                    changes.happened("failed", data);
                }
            }
        }
    }

    private void defer(
            Changes changes,
            Entry entry,
            Diagnostic diagnostic,
            Instant now,
            Map<String, Object> data) {
        var next = backoff.next(now, entry.attempts() + 1);
        if (next.isAfter(entry.expires())) {
            changes.close(entry, "bounced", cut(diagnostic.reason()));
            data.put("bounce", BounceNotice.givenUp(diagnostic));
            changes.happened("bounced", data);
            return;
        }
        changes.release(entry, next);
        changes.recipient(entry, "deferred", cut(diagnostic.reason()));
        data.put(
                "delivery_delayed",
                Map.of("reason", diagnostic.reason(), "next_attempt_at", next.toString()));
        changes.happened("delivery_delayed", data);
    }

    private static AttemptRow row(Entry entry, DeliveryOutcome outcome, Instant now) {
        var d = outcome.diagnostic();
        var reply = Optional.ofNullable(d.reply());
        String name =
                switch (outcome) {
                    case Delivered _ -> "delivered";
                    case Deferred _ -> "deferred";
                    case Bounced _ -> "bounced";
                    case InDoubt _ -> "in_doubt";
                };
        return new AttemptRow(
                entry.email(),
                entry.ordinal(),
                entry.attempts() + 1,
                now,
                name,
                d.phase(),
                d.mxHost(),
                d.address(),
                d.tls(),
                reply.map(r -> r.code()).orElse(null),
                d.enhanced().map(Object::toString).orElse(null),
                reply.map(r -> cut(r.text())).orElse(null),
                String.valueOf(cut(d.reason())));
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
