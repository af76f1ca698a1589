package ai.mailgoat.common.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An e-mail as `GET /emails/{id}` and the list show it; the list leaves out the bodies and tags.
///
/// @param lastEvent such as `delivered`, without `email.`
/// @param createdAt `2026-04-07 23:13:52.669+00`
public record EmailView(
        String id,
        @Nullable String messageId,
        String from,
        List<String> to,
        @Nullable List<String> cc,
        @Nullable List<String> bcc,
        @Nullable List<String> replyTo,
        @Nullable String subject,
        @Nullable String html,
        @Nullable String text,
        @Nullable String lastEvent,
        @Nullable String createdAt,
        @Nullable String scheduledAt) {}
