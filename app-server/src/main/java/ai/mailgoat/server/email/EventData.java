package ai.mailgoat.server.email;

import ai.mailgoat.server.email.EmailStore.EmailRow;
import ai.mailgoat.server.event.Event;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The `data` of a mail's events, as webhooks tell it.
final class EventData {
    /// `2024-11-22T23:41:11.894719+00:00`
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    static final String OPTED_OUT = "The recipient has opted out of this topic.";

    private EventData() {}

    /// @param to the addresses the event concerns
    static Map<String, Object> of(EmailRow row, EmailContent content, List<String> to) {
        var data = new LinkedHashMap<String, Object>();
        if (row.broadcastId() != null) {
            data.put("broadcast_id", row.broadcastId().toString());
        }
        if (content.templateId() != null) {
            data.put("template_id", content.templateId());
        }
        data.put("created_at", TIME.format(row.createdAt().atOffset(ZoneOffset.UTC)));
        data.put("email_id", row.id().toString());
        data.put("message_id", "<" + row.messageId() + ">");
        data.put("from", row.sender());
        data.put("to", to);
        data.put("subject", row.subject());
        if (!content.tags().isEmpty()) {
            var tags = new LinkedHashMap<String, String>();
            content.tags().forEach(tag -> tags.put(tag.name(), tag.value()));
            data.put("tags", tags);
        }
        if (!content.headers().isEmpty()) {
            data.put(
                    "headers",
                    content.headers().entrySet().stream()
                            .map(h -> Map.of("name", h.getKey(), "value", h.getValue()))
                            .toList());
        }
        return data;
    }

    /// The same facts for other addresses.
    static Map<String, Object> about(Map<String, Object> data, List<String> to) {
        var copy = new LinkedHashMap<>(data);
        copy.put("to", to);
        return copy;
    }

    /// What acceptance tells.
    ///
    /// @param last `sent` or `scheduled`, of those that are queued
    /// @param suppressed those on the team's suppression list
    /// @param optedOut those that do not want the mail's topic
    static List<Event> accepted(
            EmailRow row,
            Map<String, Object> data,
            String last,
            List<String> queued,
            List<String> suppressed,
            List<String> optedOut) {
        var happened = new ArrayList<Event>(4);
        if (!queued.isEmpty()) {
            var about = about(data, queued);
            if (last.equals("sent")) {
                happened.add(event(row, "email.queued", about));
            }
            happened.add(event(row, "email." + last, about));
        }
        if (!suppressed.isEmpty()) {
            var about = about(data, suppressed);
            about.put(
                    "suppressed",
                    Map.of(
                            "type", "OnAccountSuppressionList",
                            "message",
                                    "The address is on the suppression list; nothing was sent to it."));
            happened.add(event(row, "email.suppressed", about));
        }
        if (!optedOut.isEmpty()) {
            var about = about(data, optedOut);
            about.put("failed", Map.of("reason", OPTED_OUT));
            happened.add(event(row, "email.failed", about));
        }
        return happened;
    }

    private static Event event(EmailRow row, String type, Map<String, Object> data) {
        return new Event(row.team(), row.id().value(), type, row.createdAt(), data);
    }
}
