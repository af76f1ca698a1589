package ai.mailgoat.server.imports;

import ai.mailgoat.common.json.ApiTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An import as the API shows it.
record ImportBody(
        String object,
        UUID id,
        String status,
        String createdAt,
        @Nullable String completedAt,
        Counts counts) {

    record Counts(long total, long created, long updated, long skipped, long failed) {}

    static ImportBody of(ContactImport job) {
        var counts = job.progress().counts();
        var ended = job.completedAt();
        return new ImportBody(
                "contact_import",
                job.id(),
                job.status().name().toLowerCase(Locale.ROOT),
                ApiTime.postgres(job.createdAt()),
                ended == null ? null : ApiTime.postgres(ended),
                new Counts(
                        counts.total(),
                        counts.created(),
                        counts.updated(),
                        counts.skipped(),
                        counts.failed()));
    }

    /// With why it, or rows of it, failed.
    static Map<String, Object> whole(ContactImport job) {
        var body = of(job);
        var view = new LinkedHashMap<String, Object>();
        view.put("object", body.object());
        view.put("id", body.id());
        view.put("status", body.status());
        view.put("created_at", body.createdAt());
        view.put("completed_at", body.completedAt());
        view.put("counts", body.counts());
        view.put("failure", job.failure());
        view.put("errors", job.progress().errors());
        return view;
    }
}
