package ai.mailgoat.server.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// @param entries recipients still to be delivered
/// @param due those whose time has come
/// @param oldestDue the earliest due time of all, or `null` for an empty queue
public record QueueState(long entries, long due, @Nullable Instant oldestDue) {}
