package ai.mailgoat.server.broadcast;

import ai.mailgoat.common.json.ApiTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A broadcast as the API shows it.
///
/// @param audienceId the segment under its older name
/// @param messagesPerMinute `null` for as many as the service sends
record BroadcastBody(
        String object,
        UUID id,
        String name,
        @Nullable UUID audienceId,
        @Nullable UUID segmentId,
        @Nullable UUID topicId,
        @Nullable String from,
        @Nullable String subject,
        List<String> replyTo,
        @Nullable String previewText,
        @Nullable String html,
        @Nullable String text,
        String status,
        @Nullable String reason,
        boolean paused,
        @Nullable Integer messagesPerMinute,
        @Nullable UUID retryOf,
        CountsBody counts,
        String createdAt,
        String updatedAt,
        @Nullable String scheduledAt,
        @Nullable String sentAt) {

    static BroadcastBody of(Broadcast broadcast) {
        var content = broadcast.content();
        return new BroadcastBody(
                "broadcast",
                broadcast.id(),
                broadcast.name(),
                broadcast.segment(),
                broadcast.segment(),
                broadcast.topic(),
                content.from(),
                content.subject(),
                content.replyTo(),
                content.previewText(),
                content.html(),
                content.text(),
                broadcast.status().text(),
                broadcast.reason(),
                broadcast.paused(),
                broadcast.perMinute() == 0 ? null : broadcast.perMinute(),
                broadcast.retryOf(),
                CountsBody.of(broadcast.counts()),
                ApiTime.postgres(broadcast.createdAt()),
                ApiTime.postgres(broadcast.updatedAt()),
                time(broadcast.scheduledAt()),
                time(broadcast.sentAt()));
    }

    /// A broadcast in a list.
    record Item(
            String object,
            UUID id,
            String name,
            @Nullable UUID audienceId,
            @Nullable UUID segmentId,
            @Nullable UUID topicId,
            String status,
            boolean paused,
            CountsBody counts,
            String createdAt,
            @Nullable String scheduledAt,
            @Nullable String sentAt) {

        static Item of(Broadcast.Summary broadcast) {
            return new Item(
                    "broadcast",
                    broadcast.id(),
                    broadcast.name(),
                    broadcast.segment(),
                    broadcast.segment(),
                    broadcast.topic(),
                    broadcast.status().text(),
                    broadcast.paused(),
                    CountsBody.of(broadcast.counts()),
                    ApiTime.postgres(broadcast.createdAt()),
                    time(broadcast.scheduledAt()),
                    time(broadcast.sentAt()));
        }
    }

    /// What is told of a broadcast about whose audience nothing more will be decided.
    record Ended(
            UUID id,
            String name,
            String status,
            @Nullable String reason,
            @Nullable UUID segmentId,
            @Nullable UUID topicId,
            CountsBody counts,
            String createdAt) {

        static Ended of(Broadcast broadcast) {
            return new Ended(
                    broadcast.id(),
                    broadcast.name(),
                    broadcast.status().text(),
                    broadcast.reason(),
                    broadcast.segment(),
                    broadcast.topic(),
                    CountsBody.of(broadcast.counts()),
                    ApiTime.postgres(broadcast.createdAt()));
        }
    }

    /// Recipients by how they ended; `audience` is the sum of the others.
    record CountsBody(
            long audience, long waiting, long sent, long failed, long suppressed, long skipped) {

        static CountsBody of(Broadcast.Counts counts) {
            return new CountsBody(
                    counts.audience(),
                    counts.waiting(),
                    counts.sent(),
                    counts.failed(),
                    counts.suppressed(),
                    counts.skipped());
        }
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : ApiTime.postgres(time);
    }
}
