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

    /// As a list has it: without its content, which may be long.
    record Summary(
            UUID id,
            String name,
            @Nullable UUID segment,
            @Nullable UUID topic,
            Status status,
            boolean paused,
            @Nullable Instant scheduledAt,
            @Nullable Instant sentAt,
            Instant createdAt,
            Counts counts) {}

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

    /// A new draft.
    static Broadcast draft(
            UUID id,
            TeamId team,
            String name,
            @Nullable UUID segment,
            @Nullable UUID topic,
            BroadcastContent content,
            int perMinute,
            Instant now) {
        return new Broadcast(
                id,
                team,
                name,
                segment,
                topic,
                content,
                Status.DRAFT,
                false,
                perMinute,
                null,
                null,
                null,
                null,
                now,
                now,
                false,
                null,
                0,
                new Counts(0, 0, 0, 0, 0),
                null);
    }

    /// This one with what its author wrote anew.
    Broadcast written(
            String newName,
            @Nullable UUID newSegment,
            @Nullable UUID newTopic,
            BroadcastContent newContent,
            int newPerMinute,
            Instant now) {
        return new Broadcast(
                id,
                team,
                newName,
                newSegment,
                newTopic,
                newContent,
                status,
                paused,
                newPerMinute,
                retryOf,
                scheduledAt,
                queuedAt,
                sentAt,
                createdAt,
                now,
                frozen,
                mergeBlob,
                reached,
                counts,
                reason);
    }

    /// This one as a retry of `failed`, whose audience it gets instead of a segment.
    Broadcast retrying(UUID failed) {
        return new Broadcast(
                id,
                team,
                name,
                null,
                topic,
                content,
                status,
                paused,
                perMinute,
                failed,
                scheduledAt,
                queuedAt,
                sentAt,
                createdAt,
                updatedAt,
                frozen,
                mergeBlob,
                reached,
                counts,
                reason);
    }

    /// This one at another step of its way, not paused.
    Broadcast at(Status newStatus, @Nullable Instant newScheduledAt, Instant now) {
        return new Broadcast(
                id,
                team,
                name,
                segment,
                topic,
                content,
                newStatus,
                false,
                perMinute,
                retryOf,
                newScheduledAt,
                newStatus == Status.QUEUED ? now : queuedAt,
                sentAt,
                createdAt,
                now,
                frozen,
                mergeBlob,
                reached,
                counts,
                reason);
    }

    Broadcast paused(boolean newPaused, Instant now) {
        return new Broadcast(
                id,
                team,
                name,
                segment,
                topic,
                content,
                status,
                newPaused,
                perMinute,
                retryOf,
                scheduledAt,
                queuedAt,
                sentAt,
                createdAt,
                now,
                frozen,
                mergeBlob,
                reached,
                counts,
                reason);
    }

    /// Contacts of the frozen audience by how they ended; each is counted once.
    public record Counts(long audience, long sent, long failed, long suppressed, long skipped) {

        /// Those that nothing has been decided about.
        public long waiting() {
            return audience - sent - failed - suppressed - skipped;
        }
    }
}
