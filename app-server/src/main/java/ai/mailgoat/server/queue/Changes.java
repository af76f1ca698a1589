package ai.mailgoat.server.queue;

import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.event.Events;
import ai.mailgoat.server.queue.QueueStore.Fate;
import ai.mailgoat.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one settlement changes, gathered and then written with one statement for each table,
/// however many recipients it has.
final class Changes {
    private final QueueStore queue;
    private final Events events;
    private final Mail mail;
    private final Instant now;
    private final List<AttemptRow> attempts = new ArrayList<>(1);
    private final List<UUID> closed = new ArrayList<>(1);
    private final List<Fate> fates = new ArrayList<>(1);
    private final List<Event> happened = new ArrayList<>(1);
    private final List<Release> released = new ArrayList<>(0);
    private @Nullable String latest;

    private record Release(UUID entry, Instant due) {}

    Changes(QueueStore queue, Events events, Mail mail, Instant now) {
        this.queue = queue;
        this.events = events;
        this.mail = mail;
        this.now = now;
    }

    void attempt(AttemptRow attempt) {
        attempts.add(attempt);
    }

    void recipient(Entry entry, String state, @Nullable String detail) {
        fates.add(new Fate(entry.email(), entry.ordinal(), state, detail));
    }

    /// Takes the entry out of the queue.
    void close(Entry entry, String state, @Nullable String detail) {
        closed.add(entry.id());
        recipient(entry, state, detail);
    }

    void release(Entry entry, Instant due) {
        released.add(new Release(entry.id(), due));
    }

    /// @param event without its `email.`
    void happened(String event, Map<String, Object> data) {
        latest = event;
        happened.add(new Event(mail.team(), mail.id().value(), "email." + event, now, data));
    }

    void write(Tx tx) {
        queue.addAttempts(tx, attempts);
        queue.delete(tx, closed);
        released.forEach(r -> queue.release(tx, r.entry(), r.due()));
        queue.recipients(tx, fates);
        if (latest != null) {
            queue.latestEvent(tx, mail.id(), latest);
            events.recordAll(tx, happened);
        }
    }
}
