package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.id.TeamId;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A broadcast, from its first draft on.
///
/// @param segment whom it is for; `null` while nobody has said, or when it is only for those whom
///   {@link #retryOf} failed to reach
/// @param topic only those who want it get the mail
/// @param paused no further mail leaves until it is resumed
/// @param perMinute mails a minute, 0 for as many as the service's own pace allows
/// @param retryOf the broadcast whose failed recipients are this one's audience
/// @param frozen whether the audience is complete
/// @param mergeBlob where the text to be merged lies, once frozen
/// @param reached the ordinal of the next recipient
/// @param reason why it failed as a whole, if it did
public record Broadcast(
        UUID id,
        TeamId team,
        String name,
        @Nullable UUID segment,
        @Nullable UUID topic,
        BroadcastContent content,
        Status status,
        boolean paused,
        int perMinute,
        @Nullable UUID retryOf,
        @Nullable Instant scheduledAt,
        @Nullable Instant queuedAt,
        @Nullable Instant sentAt,
        Instant createdAt,
        Instant updatedAt,
        boolean frozen,
        @Nullable String mergeBlob,
        long reached,
        Counts counts,
        @Nullable String reason) {

    /// Draft, (scheduled,) queued; then sent when everybody is accounted for, or canceled when the
    /// rest was called off, or failed when nothing could be sent at all.
    public enum Status {
        DRAFT,
        SCHEDULED,
        QUEUED,
        SENT,
        CANCELED,
        FAILED;

        /// As it is stored and shown.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /// Contacts of the frozen audience by how they ended; each is counted once.
    public record Counts(long audience, long sent, long failed, long suppressed, long skipped) {

        /// Those that nothing has been decided about.
        public long waiting() {
            return audience - sent - failed - suppressed - skipped;
        }
    }
}
