package ai.mailgoat.server.store;

import java.sql.SQLException;

/// The database failed. For a unique key that already exists see {@link #isDuplicateKey}.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// SQL:2023 class 23, integrity constraint violation; 23505 is a unique violation on H2 and on
    /// PostgreSQL.
    private static final String UNIQUE_VIOLATION = "23505";

    private final boolean duplicateKey;
    private final boolean unavailable;

    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, Throwable cause, boolean unavailable) {
        super(message, cause);
        this.unavailable = unavailable;
        this.duplicateKey =
                cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState());
    }

    /// The store as a whole does not work, whatever was asked of it.
    static StoreException unavailable(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    static StoreException of(String sql, SQLException e) {
        return new StoreException(
                e.getMessage() + " in: " + sql.strip().lines().findFirst().orElse(""), e);
    }

    /// Whether a unique key refused the row.
    public boolean isDuplicateKey() {
        return duplicateKey;
    }

    /// Whether the store as a whole does not work: it is closed, or its disk failed.
    public boolean isUnavailable() {
        return unavailable;
    }
}
