package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.contact.ContactDraft.TopicChoice;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.JsonBody;
import ai.mailgoat.server.property.Property;
import ai.mailgoat.server.topic.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads what requests say about contacts.
final class ContactRequests {
    private ContactRequests() {}

    /// @param audience one more segment, or `null`
    static ContactDraft draft(JsonBody body, @Nullable UUID audience) {
        String email = body.requiredString("email");
        var segments = segments(body);
        body.uuid("audience_id").ifPresent(segments::add);
        // The Java client names the one segment of its own so.
        body.uuid("segment_id").ifPresent(segments::add);
        if (audience != null) {
            segments.add(audience);
        }
        return fields(email, body, segments, choices(body.objects("topics")));
    }

    /// What may be changed of a contact: all but its address.
    static ContactChange change(JsonBody body) {
        return new ContactChange(
                fields("", body, List.of(), List.of()),
                isNull(body, "first_name"),
                isNull(body, "last_name"));
    }

    /// Choices that stand bare in the body, or in `topics`.
    static List<TopicChoice> choices(Call call) {
        var body = JsonBody.wrapped(call.rawBody(), "topics");
        if (body.node("topics").isEmpty()) {
            throw ApiException.missingField("topics");
        }
        return choices(body.objects("topics"));
    }

    static ContactFilter filter(Call call, @Nullable UUID segment) {
        return new ContactFilter(
                segment,
                call.query("email")
                        .map(email -> ContactRules.address("email", email).folded())
                        .orElse(null),
                call.queryBoolean("unsubscribed").orElse(null));
    }

    private static ContactDraft fields(
            String email, JsonBody body, List<UUID> segments, List<TopicChoice> topics) {
        return new ContactDraft(
                email,
                body.text("first_name", ContactRules.MAX_NAME).orElse(null),
                body.text("last_name", ContactRules.MAX_NAME).orElse(null),
                body.bool("unsubscribed").orElse(null),
                properties(body),
                segments,
                topics);
    }

    private static boolean isNull(JsonBody body, String field) {
        return body.has(field) && body.node(field).isEmpty();
    }

    private static Map<String, @Nullable Object> properties(JsonBody body) {
        var given = body.object("properties");
        if (given.isEmpty()) {
            return Map.of();
        }
        var properties = new LinkedHashMap<String, @Nullable Object>();
        for (var entry : given.get().tree().properties()) {
            properties.put(entry.getKey(), value(entry.getValue()));
        }
        return properties;
    }

    // What is neither text nor number fits no property, but the rules say it: they know the names.
    private static @Nullable Object value(JsonNode node) {
        return node.isNull() ? null : Property.value(node).orElse(node);
    }

    // Ids alone, as they are documented, or objects with an id, as clients send them.
    private static List<UUID> segments(JsonBody body) {
        var segments = new ArrayList<UUID>();
        var node = body.node("segments");
        if (node.isEmpty()) {
            return segments;
        }
        if (!node.get().isArray()) {
            throw body.wrongType("segments", "an array");
        }
        bound("segments", node.get().size());
        for (int i = 0; i < node.get().size(); i++) {
            var item = node.get().get(i);
            String field = "segments[" + i + "]";
            segments.add(
                    item.isString()
                            ? Uuids.parse(item.stringValue())
                                    .orElseThrow(() -> ApiException.invalidId(field))
                            : id(JsonBody.of(item, field + "."), field));
        }
        return segments;
    }

    private static List<TopicChoice> choices(List<JsonBody> items) {
        bound("topics", items.size());
        var choices = new ArrayList<TopicChoice>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            String field = "topics[" + i + "]";
            var subscription =
                    item.constant("subscription", Subscription.class)
                            .orElseThrow(() -> ApiException.missingField(field + ".subscription"));
            choices.add(new TopicChoice(id(item, field), subscription == Subscription.OPT_IN));
        }
        return choices;
    }

    private static UUID id(JsonBody item, String field) {
        return item.uuid("id").orElseThrow(() -> ApiException.missingField(field + ".id"));
    }

    private static void bound(String field, int entries) {
        if (entries > ContactRules.MAX_ENTRIES) {
            throw ApiException.validation(
                    "The `"
                            + field
                            + "` field can have at most "
                            + ContactRules.MAX_ENTRIES
                            + " entries.");
        }
    }
}
