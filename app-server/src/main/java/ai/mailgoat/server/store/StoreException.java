package ai.mailgoat.server.store;

import java.sql.SQLException;

/// The database failed. For a unique key that already exists see {@link #isDuplicateKey}.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// SQL:2023 class 23, integrity constraint violation; 23505 is a unique violation on H2 and on
    /// PostgreSQL.
    private static final String UNIQUE_VIOLATION = "23505";

    private final boolean duplicateKey;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
        this.duplicateKey =
                cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState());
    }

    static StoreException of(String sql, SQLException e) {
        return new StoreException(
                e.getMessage() + " in: " + sql.strip().lines().findFirst().orElse(""), e);
    }

    /// Whether a unique key refused the row.
    public boolean isDuplicateKey() {
        return duplicateKey;
    }
}
