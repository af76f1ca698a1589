package ai.mailgoat.server.webhook;

import java.util.Locale;

/// How far one call has come.
enum CallStatus {
    /// Waits for its first or next attempt.
    PENDING,
    /// An attempt is being made.
    ATTEMPTING,
    SUCCESS,
    /// Given up.
    FAILED;

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
