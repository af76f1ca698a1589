package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The queue as those see it who put mail in or ask about it. The database is the truth; whoever
/// delivers is told of new entries after the commit, so that nothing waits for a poll.
public final class Queue {

    /// Told of entries once they are durable. Must be quick: it runs on the writer's thread.
    public interface Listener {
        void entered(List<Entry> entries);
    }

    private final QueueStore store = new QueueStore();
    private final InstantSource clock;
    private final Duration lifetime;
    private volatile Listener listener = entries -> {};

    /// @param lifetime how long a mail is tried before it is given up (RFC 5321, 4.5.4.1: 4 to 5
    ///   days)
    public Queue(InstantSource clock, Duration lifetime) {
        this.clock = clock;
        this.lifetime = lifetime;
    }

    void listen(Listener listener) {
        this.listener = listener;
    }

    /// Puts entries in, inside the transaction that accepts their mail.
    public void enqueue(Tx tx, List<Entry> entries) {
        store.insert(tx, entries);
        announce(tx, entries);
    }

    /// When an entry due at `due` is given up.
    public Instant expiry(Instant due) {
        return due.plus(lifetime);
    }

    /// Takes all of a mail's entries out.
    ///
    /// @return how many there were
    public int withdraw(Tx tx, EmailId email) {
        return store.deleteOf(tx, email);
    }

    /// Moves all of a mail's entries to another time.
    public void reschedule(Tx tx, EmailId email, Instant due) {
        store.reschedule(tx, email, due, expiry(due));
        announce(tx, store.ofEmail(tx, email));
    }

    public List<AttemptRow> attempts(Tx tx, EmailId email) {
        return store.attempts(tx, email);
    }

    public QueueState state(Tx tx) {
        return store.state(tx, clock.instant());
    }

    private void announce(Tx tx, List<Entry> entries) {
        var now = clock.instant();
        var due = entries.stream().filter(e -> !e.due().isAfter(now)).toList();
        if (!due.isEmpty()) {
            tx.afterCommit(() -> listener.entered(due));
        }
    }
}
