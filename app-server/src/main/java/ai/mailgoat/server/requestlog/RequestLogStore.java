package ai.mailgoat.server.requestlog;

import ai.mailgoat.common.id.ApiKeyId;
import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.Page;
import ai.mailgoat.server.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The table `request_log`. Its ids are in order of time, so a range of time is a range of ids.
final class RequestLogStore {
    private static final String COLUMNS =
            """
            SELECT id, team_id, method, endpoint, status, user_agent, api_key_id, took_micros,
                %s, created_at
            FROM request_log WHERE team_id = ?\
            """;
    private static final String WITH_BODIES = COLUMNS.formatted("request_body, response_body");
    private static final String WITHOUT_BODIES =
            COLUMNS.formatted("NULL AS request_body, NULL AS response_body");

    private static final int MAX_SWEPT = 1_000;

    /// What a list is narrowed to; `null` is any.
    ///
    /// @param endpoint how the path begins
    record Filter(
            @Nullable String method,
            @Nullable Integer leastStatus,
            @Nullable Integer mostStatus,
            @Nullable String endpoint,
            @Nullable Instant from,
            @Nullable Instant until) {}

    void insert(Tx tx, List<LoggedRequest> requests) {
        var rows = new ArrayList<@Nullable Object[]>(requests.size());
        for (var request : requests) {
            rows.add(
                    new @Nullable Object[] {
                        request.id(),
                        request.team().value(),
                        request.method(),
                        request.endpoint(),
                        request.status(),
                        request.userAgent(),
                        request.key() == null ? null : request.key().value(),
                        request.tookMicros(),
                        request.requestBody(),
                        request.responseBody(),
                        request.createdAt()
                    });
        }
        tx.batch(
                """
                INSERT INTO request_log
                    (id, team_id, method, endpoint, status, user_agent, api_key_id, took_micros,
                    request_body, response_body, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                rows);
    }

    Optional<LoggedRequest> find(Tx tx, TeamId team, UUID id) {
        return tx.first(WITH_BODIES + " AND id = ?", RequestLogStore::map, team.value(), id);
    }

    List<LoggedRequest> list(Tx tx, TeamId team, Filter filter, Page page) {
        var sql = new StringBuilder(WITHOUT_BODIES);
        var parameters = new ArrayList<Object>(List.of(team.value()));
        narrow(sql, parameters, " AND method = ?", filter.method);
        narrow(sql, parameters, " AND status >= ?", filter.leastStatus);
        narrow(sql, parameters, " AND status <= ?", filter.mostStatus);
        narrow(sql, parameters, " AND endpoint LIKE ? ESCAPE '!'", startingWith(filter.endpoint));
        narrow(sql, parameters, " AND id >= ?", id(filter.from));
        narrow(sql, parameters, " AND id < ?", id(filter.until));
        return tx.query(
                sql + page.sql("team_id", "id"),
                RequestLogStore::map,
                page.parameters(parameters.toArray()));
    }

    /// Deletes some of what is older than `before`.
    ///
    /// @return how many
    int sweep(Tx tx, Instant before) {
        return tx.update(
                """
                DELETE FROM request_log WHERE id IN (
                    SELECT id FROM request_log WHERE id < ? ORDER BY id FETCH FIRST ? ROWS ONLY)\
                """,
                Uuids.first(before),
                MAX_SWEPT);
    }

    private static void narrow(
            StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }

    private static @Nullable String startingWith(@Nullable String start) {
        return start == null
                ? null
                : start.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private static @Nullable UUID id(@Nullable Instant time) {
        return time == null ? null : Uuids.first(time);
    }

    private static LoggedRequest map(Tx.Row row) throws SQLException {
        var key = row.uuidOrNull("api_key_id");
        return new LoggedRequest(
                row.uuid("id"),
                new TeamId(row.uuid("team_id")),
                row.string("method"),
                row.string("endpoint"),
                row.integer("status"),
                row.stringOrNull("user_agent"),
                key == null ? null : new ApiKeyId(key),
                row.number("took_micros"),
                row.bytesOrNull("request_body"),
                row.bytesOrNull("response_body"),
                row.instant("created_at"));
    }
}
