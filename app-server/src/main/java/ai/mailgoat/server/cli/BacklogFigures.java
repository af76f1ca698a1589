package ai.mailgoat.server.cli;

import org.jspecify.annotations.Nullable;

/// What a backlog for a dead destination does to mail for others, and to a start.
///
/// @param entries in the queue for the dead destination
/// @param queuedPerSecond entries a second while the backlog was put in
/// @param deliveredPerSecond to the other destinations, behind the backlog
/// @param ratio of that rate and the rate without the backlog, in the same run
/// @param peakMegabytes the service's most resident memory up to then
/// @param emptyStartMillis from the start of a process to its `ready`, with a new database
/// @param startMillis from the start of a process to its `ready`, after a kill with the backlog in
///   place
record BacklogFigures(
        int entries,
        double queuedPerSecond,
        double deliveredPerSecond,
        double ratio,
        @Nullable Double peakMegabytes,
        double emptyStartMillis,
        double startMillis) {}
