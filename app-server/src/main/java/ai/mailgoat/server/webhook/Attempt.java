package ai.mailgoat.server.webhook;

import ai.mailgoat.server.webhook.WebhookCallStore.DueCall;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at one call, made.
///
/// @param at when it began
/// @param statusCode `null` when there was no answer
/// @param response the beginning of the answer, or why there was none
record Attempt(DueCall call, Instant at, @Nullable Integer statusCode, String response) {

    /// The endpoint has taken the event.
    boolean isAcknowledged() {
        return statusCode != null && statusCode >= 200 && statusCode < 300;
    }

    /// The endpoint says that it is gone and likely for good (RFC 9110, 15.5.11).
    boolean isGone() {
        return statusCode != null && statusCode == 410;
    }

    /// The endpoint is in trouble, not only with this event.
    boolean isTrouble() {
        return statusCode == null || statusCode == 429 || statusCode >= 500;
    }
}
