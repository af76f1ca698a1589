package ai.mailgoat.server.queue;

import ai.mailgoat.common.id.EmailId;
import ai.mailgoat.server.queue.Entry.Lane;
import ai.mailgoat.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The queue as those see it who put mail in or ask about it. The database is the truth; whoever
/// delivers is told of new entries after the commit, so that nothing waits for a poll.
public final class Queue {

    /// What runs the queue. Both are quick and wait for nothing: the first runs on the writer's
    /// thread.
    interface Listener {
        /// These entries are durable, and due.
        void entered(List<Entry> entries);

        /// Whether more mail of this lane could go out now than there is to go.
        boolean isIdle(Lane lane);
    }

    /// So many broadcast entries are enough to keep delivery busy for a while.
    private static final int AHEAD = 5_000;

    /// So many may wait if most of them wait for sites that are down, slow or held to a pace.
    private static final int FAR_AHEAD = 50_000;

    private static final int STEP = 1_000;

    private static final Listener NOBODY =
            new Listener() {
                @Override
                public void entered(List<Entry> entries) {}

                @Override
                public boolean isIdle(Lane lane) {
                    return false;
                }
            };

    private final QueueStore store = new QueueStore();
    private final InstantSource clock;
    private final Duration lifetime;
    private volatile Listener listener = NOBODY;

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

    /// How many more broadcast entries to put in at this moment. A broadcast that puts in no more
    /// than that, and asks again a second later, stays a little ahead of delivery instead of making
    /// a queue of a million.
    ///
    /// Counted in the database each time, over a bounded part of an index: there is nothing that a
    /// crash, a rollback or a withdrawal could put wrong. 5,000 due entries are enough. If delivery
    /// could do more all the same, they wait for sites that are down or slow, and recipients
    /// elsewhere must not wait with them: then it is 1,000 more each time, up to 50,000.
    ///
    /// @return 0 when it is enough
    public int broadcastRoom(Tx tx) {
        boolean idle = listener.isIdle(Lane.BROADCAST);
        int waiting = waiting(tx, Lane.BROADCAST, idle ? FAR_AHEAD : AHEAD);
        if (waiting < AHEAD) {
            return AHEAD - waiting;
        }
        return idle ? Math.min(STEP, FAR_AHEAD - waiting) : 0;
    }

    /// How many entries of a lane are due, retries whose time has come included, deliveries under
    /// way not. Costs an index scan of `atMost` entries at most.
    ///
    /// @return up to `atMost`
    public int waiting(Tx tx, Lane lane, int atMost) {
        return store.waiting(tx, lane, clock.instant(), atMost);
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
