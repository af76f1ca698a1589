package ai.mailgoat.server.cli;

import org.jspecify.annotations.Nullable;

/// What one run came to; absent is what was not measured.
///
/// @param deliveredPerSecond from the first post to the last mail at the sink
/// @param fileSystem type of the one the queue lies on: on tmpfs an fsync costs nothing
/// @param backlog absent unless asked for
record BenchFigures(
        double acceptedPerSecond,
        @Nullable Double deliveredPerSecond,
        @Nullable Double p50Millis,
        @Nullable Double p99Millis,
        @Nullable Double cpuMillisPerMail,
        @Nullable Double peakMegabytes,
        @Nullable String sink,
        @Nullable String fileSystem,
        @Nullable BacklogFigures backlog) {

    BenchFigures with(BacklogFigures figures) {
        return new BenchFigures(
                acceptedPerSecond,
                deliveredPerSecond,
                p50Millis,
                p99Millis,
                cpuMillisPerMail,
                peakMegabytes,
                sink,
                fileSystem,
                figures);
    }
}
