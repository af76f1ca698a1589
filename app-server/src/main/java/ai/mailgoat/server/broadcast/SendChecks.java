package ai.mailgoat.server.broadcast;

import ai.mailgoat.server.domain.SendingDomains;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Principal;
import ai.mailgoat.server.merge.MergeText;
import ai.mailgoat.server.segment.Segments;
import ai.mailgoat.server.smtp.NamedMailbox;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.topic.Topics;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a broadcast must have before it may leave.
final class SendChecks {
    private final SendingDomains domains;
    private final Segments segments;
    private final Topics topics;

    SendChecks(SendingDomains domains, Segments segments, Topics topics) {
        this.domains = domains;
        this.segments = segments;
        this.topics = topics;
    }

    /// Not to be called in a transaction: the sender's domain is looked up in one of its own.
    ///
    /// @throws ApiException 422 for what is missing, 403 when the sender's domain may not be used
    void checkContent(Principal sender, Broadcast broadcast) {
        var content = broadcast.content();
        if (broadcast.segment() == null && broadcast.retryOf() == null) {
            throw missing("`segment_id`");
        }
        if (content.subject() == null) {
            throw missing("`subject`");
        }
        if (content.isEmpty()) {
            throw missing("`html` or `text`");
        }
        if (!canUnsubscribe(content.html()) && !canUnsubscribe(content.text())) {
            throw ApiException.validation(
                    "The broadcast has no way to unsubscribe. Add {{{RESEND_UNSUBSCRIBE_URL}}} to its `html` or `text`.");
        }
        if (content.from() == null) {
            throw missing("`from`");
        }
        domains.usable(sender, NamedMailbox.parse(content.from()).mailbox().domain());
    }

    /// @throws ApiException 404 when its segment or its topic is not there
    void checkAudience(Tx tx, Broadcast broadcast) {
        checkSegment(tx, broadcast);
        checkTopic(tx, broadcast);
    }

    /// As {@link #checkAudience}, but only for what differs from `before`: the rest of a draft can
    /// be changed though its segment has gone.
    void checkChosen(Tx tx, Broadcast before, Broadcast broadcast) {
        if (!Objects.equals(before.segment(), broadcast.segment())) {
            checkSegment(tx, broadcast);
        }
        if (!Objects.equals(before.topic(), broadcast.topic())) {
            checkTopic(tx, broadcast);
        }
    }

    private void checkSegment(Tx tx, Broadcast broadcast) {
        var segment = broadcast.segment();
        if (segment != null && !segments.exists(tx, broadcast.team(), segment)) {
            throw Segments.notFound();
        }
    }

    private void checkTopic(Tx tx, Broadcast broadcast) {
        var topic = broadcast.topic();
        if (topic != null && !topics.exists(tx, broadcast.team(), topic)) {
            throw Topics.notFound();
        }
    }

    private static boolean canUnsubscribe(@Nullable String text) {
        return text != null && MergeText.parse(text).keys().contains(MergeText.UNSUBSCRIBE_URL);
    }

    private static ApiException missing(String what) {
        return new ApiException(
                422, "missing_required_field", "The broadcast has no " + what + ".");
    }
}
