package ai.mailgoat.server.imports;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.imports.ContactImport.Counts;
import ai.mailgoat.server.imports.ContactImport.Progress;
import ai.mailgoat.server.imports.ContactImport.RowError;
import ai.mailgoat.server.imports.ContactImport.Status;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `contact_import`.
final class ImportStore {
    private static final String SELECT =
            "SELECT id, team_id, status, options, row_done, created, updated, skipped, failed, errors,"
                    + " failure, created_at, completed_at FROM contact_import WHERE ";

    private static final String UNFINISHED = "status IN ('QUEUED', 'IN_PROGRESS')";
    private static final int MAX_UNFINISHED = 100_000;

    void insert(Tx tx, ContactImport job) {
        tx.update(
                """
                INSERT INTO contact_import (id, team_id, status, options, row_done, total, created, updated,
                    skipped, failed, errors, created_at)
                VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '[]', ?)\
                """,
                job.id(),
                job.team().value(),
                job.status(),
                Json.mapper().writeValueAsString(job.options()),
                job.createdAt());
    }

    Optional<ContactImport> find(Tx tx, TeamId team, UUID id) {
        return tx.first(SELECT + "team_id = ? AND id = ?", ImportStore::map, team.value(), id);
    }

    List<ContactImport> list(Tx tx, TeamId team, @Nullable Status status, Page page) {
        return status == null
                ? tx.query(
                        SELECT + "team_id = ?" + page.sql("team_id", "id"),
                        ImportStore::map,
                        page.parameters(team.value()))
                : tx.query(
                        SELECT + "team_id = ? AND status = ?" + page.sql("team_id", "status", "id"),
                        ImportStore::map,
                        page.parameters(team.value(), status));
    }

    /// How many of a team's have not ended.
    int unfinished(Tx tx, TeamId team) {
        return tx.first(
                        "SELECT COUNT(*) AS n FROM contact_import WHERE team_id = ? AND "
                                + UNFINISHED,
                        row -> row.integer("n"),
                        team.value())
                .orElse(0);
    }

    /// All that have not ended, whosever they are.
    Set<UUID> unfinished(Tx tx) {
        return new HashSet<>(
                tx.query(
                        "SELECT id FROM contact_import WHERE "
                                + UNFINISHED
                                + " ORDER BY id FETCH FIRST "
                                + MAX_UNFINISHED
                                + " ROWS ONLY",
                        row -> row.uuid("id")));
    }

    /// The one whose turn it is: the oldest, whosever it is.
    Optional<ContactImport> next(Tx tx) {
        return tx.first(
                SELECT + UNFINISHED + " ORDER BY id FETCH FIRST 1 ROWS ONLY", ImportStore::map);
    }

    void progress(Tx tx, UUID id, Progress progress) {
        var counts = progress.counts();
        tx.update(
                """
                UPDATE contact_import SET status = 'IN_PROGRESS', row_done = ?, total = ?, created = ?,
                    updated = ?, skipped = ?, failed = ?, errors = ? WHERE id = ?\
                """,
                progress.rows(),
                counts.total(),
                counts.created(),
                counts.updated(),
                counts.skipped(),
                counts.failed(),
                Json.mapper().writeValueAsString(progress.errors()),
                id);
    }

    void end(Tx tx, UUID id, Status status, @Nullable String failure, Instant at) {
        tx.update(
                "UPDATE contact_import SET status = ?, failure = ?, completed_at = ? WHERE id = ?",
                status,
                failure,
                at,
                id);
    }

    private static ContactImport map(Tx.Row row) throws SQLException {
        var counts =
                new Counts(
                        row.number("created"),
                        row.number("updated"),
                        row.number("skipped"),
                        row.number("failed"));
        return new ContactImport(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                Status.valueOf(row.string("status")),
                Json.mapper().readValue(row.string("options"), ImportOptions.class),
                new Progress(
                        row.number("row_done"),
                        counts,
                        List.of(Json.mapper().readValue(row.string("errors"), RowError[].class))),
                row.stringOrNull("failure"),
                row.instant("created_at"),
                row.instantOrNull("completed_at"));
    }
}
