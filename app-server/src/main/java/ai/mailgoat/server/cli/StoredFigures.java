package ai.mailgoat.server.cli;

import ai.mailgoat.server.bench.ContactImport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a service with much in its database does, and what it should.
///
/// @param fillSeconds how long it took to fill the database
/// @param databaseMegabytes on disk
/// @param startMillis from the start of a process to its `ready`
/// @param acceptance mails accepted with an empty database, and with the full one
/// @param peakMegabytes the service's most resident memory
record StoredFigures(
        int stored,
        double fillSeconds,
        long databaseMegabytes,
        double startMillis,
        List<Reading> readings,
        Acceptance acceptance,
        ContactImport.Result imported,
        @Nullable Long peakMegabytes,
        String fileSystem) {

    private static final double MOST_P95_MILLIS = 20;
    private static final double LEAST_RATIO = 0.9;

    /// @param name what is read
    record Reading(String name, double p50Millis, double p95Millis, double p99Millis) {
        boolean isGood() {
            return p95Millis < MOST_P95_MILLIS;
        }
    }

    record Acceptance(
            double emptyPerSecond, double perSecond, double emptyP99Millis, double p99Millis) {
        double ratio() {
            return perSecond / emptyPerSecond;
        }

        boolean isGood() {
            return ratio() >= LEAST_RATIO;
        }
    }

    /// The goals that were missed, in words.
    List<String> missed() {
        var missed = new ArrayList<String>();
        for (var reading : readings) {
            if (!reading.isGood()) {
                missed.add(reading.name() + " has its p95 above " + (int) MOST_P95_MILLIS + " ms");
            }
        }
        if (!acceptance.isGood()) {
            missed.add("mails are accepted at less than " + LEAST_RATIO + " of the empty rate");
        }
        if (!imported.isRight()) {
            missed.add("the import ended as " + imported);
        }
        return missed;
    }
}
