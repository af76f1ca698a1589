package ai.mailgoat.server.domain;

import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.store.Tx;

/// Where this package tells what happened.
public interface EventLog {

    /// Writes `event` and what is owed for it, inside the caller's transaction.
    void record(Tx tx, Event event);
}
