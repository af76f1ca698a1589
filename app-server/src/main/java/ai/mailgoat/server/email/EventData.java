package ai.mailgoat.server.email;

import ai.mailgoat.server.email.EmailStore.EmailRow;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The `data` of a mail's events, as webhooks tell it.
final class EventData {
    /// `2024-11-22T23:41:11.894719+00:00`
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private EventData() {}

    /// @param to the addresses the event concerns
    static Map<String, Object> of(EmailRow row, EmailContent content, List<String> to) {
        var data = new LinkedHashMap<String, Object>();
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
}
