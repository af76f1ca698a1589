package ai.mailgoat.server.delivery;

import ai.mailgoat.server.delivery.Consignment.TlsPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Sessions between two mails, by site and TLS policy (one checked by ENFORCED is not mixed with
/// one that took any certificate). The one used last is taken first, so that spare ones grow old
/// and are closed.
final class ConnectionPool {

    /// Over all sites: a descriptor each, and hosts dislike idlers.
    private static final int MAX_IDLE = 1000;

    private final int idlePerSite;
    private final Duration idleTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Deque<Idle>> idle = new HashMap<>();
    private int count;
    private boolean closed;

    ConnectionPool(int idlePerSite, Duration idleTimeout) {
        this.idlePerSite = idlePerSite;
        this.idleTimeout = idleTimeout;
    }

    record Key(String site, TlsPolicy policy) {}

    private record Idle(Session session, Deadline until) {}

    /// @return a session that looks alive, or `null`
    @Nullable Session take(Key key) {
        while (true) {
            var session = pollLast(key);
            if (session == null) {
                return null;
            }
            // Words that nobody asked for: 421 for idling, or more replies than commands, after
            // which
            // nobody could tell to what the next one belongs.
            if (!session.link().isClosed() && !session.link().hasWaitingOctets()) {
                return session;
            }
            session.link().close();
        }
    }

    /// @return whether it was kept; if not it is the caller's to end
    boolean give(Key key, Session session) {
        lock.lock();
        try {
            var sessions = idle.computeIfAbsent(key, _ -> new ArrayDeque<>());
            if (closed || sessions.size() >= idlePerSite || count >= MAX_IDLE) {
                if (sessions.isEmpty()) {
                    idle.remove(key);
                }
                return false;
            }
            session.link().rest();
            sessions.addLast(new Idle(session, Deadline.in(idleTimeout)));
            count++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes out the sessions that have idled too long; never blocks on a socket.
    List<Session> expired() {
        return remove(false);
    }

    /// Takes out all sessions; none is kept from now on.
    List<Session> close() {
        return remove(true);
    }

    private List<Session> remove(boolean all) {
        var removed = new ArrayList<Session>();
        lock.lock();
        try {
            closed |= all;
            idle.values()
                    .removeIf(sessions -> {
                        while (!sessions.isEmpty()
                                && (all || sessions.peekFirst().until().hasPassed())) {
                            removed.add(sessions.removeFirst().session());
                            count--;
                        }
                        return sessions.isEmpty();
                    });
            return removed;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Session pollLast(Key key) {
        lock.lock();
        try {
            var sessions = idle.get(key);
            if (sessions == null) {
                return null;
            }
            var last = sessions.removeLast();
            count--;
            if (sessions.isEmpty()) {
                idle.remove(key);
            }
            return last.session();
        } finally {
            lock.unlock();
        }
    }
}
