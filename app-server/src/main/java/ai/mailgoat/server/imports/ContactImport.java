package ai.mailgoat.server.imports;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One file, and how far it got.
///
/// @param failure why all of it failed, or `null`
/// @param completedAt when it ended, well or not; `null` before
record ContactImport(
        UUID id,
        TeamId team,
        Status status,
        ImportOptions options,
        Progress progress,
        @Nullable String failure,
        Instant createdAt,
        @Nullable Instant completedAt) {

    enum Status {
        QUEUED,
        IN_PROGRESS,
        COMPLETED,
        FAILED
    }

    /// @param rows of the file below its header that are settled, blank ones too
    /// @param errors the first rows that failed
    record Progress(long rows, Counts counts, List<RowError> errors) {
        private static final int MAX_ERRORS = 100;
        static final Progress NONE = new Progress(0, new Counts(0, 0, 0, 0), List.of());

        Progress plus(long more, Counts counted, List<RowError> failed) {
            var all = new ArrayList<>(errors);
            failed.stream().limit(MAX_ERRORS - errors.size()).forEach(all::add);
            return new Progress(rows + more, counts.plus(counted), List.copyOf(all));
        }
    }

    record Counts(long created, long updated, long skipped, long failed) {
        long total() {
            return created + updated + skipped + failed;
        }

        Counts plus(Counts other) {
            return new Counts(
                    created + other.created,
                    updated + other.updated,
                    skipped + other.skipped,
                    failed + other.failed);
        }
    }

    /// @param row as a spreadsheet counts: the header is row 1
    record RowError(long row, String message) {}
}
