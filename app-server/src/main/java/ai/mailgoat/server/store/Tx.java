package ai.mailgoat.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The database as seen from inside one transaction. A method that takes a `Tx` works inside its
/// caller's transaction and does not commit. Parameters may be `String`, `UUID`, `Instant`,
/// `Boolean`, `Integer`, `Long`, `byte[]`, enum (by name) or `null`. Statements are prepared anew
/// each time: H2 keeps their plans by text (`QUERY_CACHE_SIZE`).
public final class Tx {
    private static final int MAX_IN = 256;

    private final Connection connection;
    private final List<Runnable> afterCommit;

    Tx(Connection connection, List<Runnable> afterCommit) {
        this.connection = connection;
        this.afterCommit = afterCommit;
    }

    /// Runs one INSERT, UPDATE, MERGE or DELETE.
    ///
    /// @return how many rows it touched
    public int update(String sql, @Nullable Object... parameters) {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw StoreException.of(sql, e);
        }
    }

    /// Runs one statement for many rows of parameters.
    ///
    /// @return for each row of parameters how many rows of the table it touched
    public int[] batch(String sql, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) {
            return new int[0];
        }
        try (var statement = connection.prepareStatement(sql)) {
            for (var row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        } catch (SQLException e) {
            throw StoreException.of(sql, e);
        }
    }

    /// Runs one SELECT and maps each row. The statement must bound its result (`FETCH FIRST n ROWS
    /// ONLY`) unless the rows are few by nature.
    public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            try (var rows = statement.executeQuery()) {
                var result = new ArrayList<T>();
                var row = new Row(rows);
                while (rows.next()) {
                    result.add(mapper.map(row));
                }
                return result;
            }
        } catch (SQLException e) {
            throw StoreException.of(sql, e);
        }
    }

    /// Runs a SELECT for many keys of one owner. Equal keys count once; the order of the rows is
    /// not that of the keys. Each list of keys is filled up to a power of two with its last one:
    /// nine texts of one statement whose plans stay cached, instead of hundreds.
    ///
    /// @param sql ends in `(team_id, key) IN`, which are the first columns of an index: for
    ///   `team_id = ? AND key IN` H2 reads all rows of the team. Must bound what it finds for one
    ///   key.
    /// @param parameters those before the keys
    public <T> List<T> queryIn(
            String sql,
            RowMapper<T> mapper,
            UUID owner,
            Collection<?> keys,
            @Nullable Object... parameters) {
        var distinct = List.copyOf(new LinkedHashSet<>(keys));
        var result = new ArrayList<T>();
        for (int i = 0; i < distinct.size(); i += MAX_IN) {
            var few = distinct.subList(i, Math.min(distinct.size(), i + MAX_IN));
            int places = few.size() == 1 ? 1 : Integer.highestOneBit(few.size() - 1) << 1;
            var all = new ArrayList<@Nullable Object>(Arrays.asList(parameters));
            for (int place = 0; place < places; place++) {
                all.add(owner);
                all.add(few.get(Math.min(place, few.size() - 1)));
            }
            String list = " ((?, ?)" + ", (?, ?)".repeat(places - 1) + ")";
            result.addAll(query(sql + list, mapper, all.toArray()));
        }
        return result;
    }

    /// The first row of a SELECT, if there is one.
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        var rows = query(sql, mapper, parameters);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /// Runs `action` once this transaction is durable, never when it is rolled back. For wake-ups
    /// and caches: it must be quick and must not throw.
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    private static void bind(PreparedStatement statement, @Nullable Object... parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, toSql(parameters[i]));
        }
    }

    private static @Nullable Object toSql(@Nullable Object value) {
        return switch (value) {
            case Instant instant -> OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
            case Enum<?> constant -> constant.name();
            case null, default -> value;
        };
    }

    /// Makes a value of the current row.
    public interface RowMapper<T> {
        T map(Row row) throws SQLException;
    }

    /// The current row of a result, read by column name.
    public static final class Row {
        private final ResultSet rows;

        Row(ResultSet rows) {
            this.rows = rows;
        }

        public String string(String column) throws SQLException {
            return java.util.Objects.requireNonNull(rows.getString(column), column);
        }

        public @Nullable String stringOrNull(String column) throws SQLException {
            return rows.getString(column);
        }

        public int integer(String column) throws SQLException {
            return rows.getInt(column);
        }

        public long number(String column) throws SQLException {
            return rows.getLong(column);
        }

        public boolean bool(String column) throws SQLException {
            return rows.getBoolean(column);
        }

        public UUID uuid(String column) throws SQLException {
            return java.util.Objects.requireNonNull(rows.getObject(column, UUID.class), column);
        }

        public @Nullable UUID uuidOrNull(String column) throws SQLException {
            return rows.getObject(column, UUID.class);
        }

        public byte[] bytes(String column) throws SQLException {
            return java.util.Objects.requireNonNull(rows.getBytes(column), column);
        }

        public byte @Nullable [] bytesOrNull(String column) throws SQLException {
            return rows.getBytes(column);
        }

        public Instant instant(String column) throws SQLException {
            return java.util.Objects.requireNonNull(instantOrNull(column), column);
        }

        public @Nullable Instant instantOrNull(String column) throws SQLException {
            var time = rows.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toInstant();
        }
    }
}
