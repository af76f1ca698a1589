package ai.mailgoat.server.webhook;

import ai.mailgoat.common.json.ApiTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What a webhook's `data` looks like, for each type, about things that do not exist.
final class SampleEvents {
    private static final String DOMAIN = "example.com";

    private SampleEvents() {}

    /// @param id of the thing it is about
    static Map<String, Object> data(String type, UUID id, Instant now) {
        return switch (type.substring(0, type.indexOf('.'))) {
            case "email" ->
                    type.equals("email.received") ? received(id, now) : email(type, id, now);
            case "contact" -> contact(type, id, now);
            case "domain" -> domain(id, now);
            case "suppression" -> suppression(id, now);
            case "topic" -> topic(type, id, now);
            case "broadcast" -> broadcast(type, id, now);
            case "signup" -> signup(type, id, now);
            default -> Map.of("source", "api", "inbox_id", id.toString());
        };
    }

    private static Map<String, Object> email(String type, UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("email_id", id.toString());
        data.put("message_id", "<" + id + "@" + DOMAIN + ">");
        data.put("created_at", ApiTime.iso(now));
        data.put("from", "Sample <sender@" + DOMAIN + ">");
        data.put("to", List.of("recipient@example.net"));
        data.put("subject", "A test of your webhook");
        data.put("tags", Map.of("category", "webhook_test"));
        switch (type) {
            case "email.bounced" ->
                    data.put(
                            "bounce",
                            Map.of(
                                    "type", "Permanent",
                                    "subType", "NoEmail",
                                    "message", "The mailbox does not exist.",
                                    "diagnosticCode", List.of("smtp; 550 5.1.1 mailbox unknown")));
            case "email.opened" -> data.put("open", reader(now));
            case "email.clicked" -> {
                var click = reader(now);
                click.put("link", "https://" + DOMAIN + "/");
                data.put("click", click);
            }
            case "email.failed" -> data.put("failed", Map.of("reason", "reached_daily_quota"));
            case "email.suppressed" ->
                    data.put(
                            "suppressed",
                            Map.of(
                                    "type", "OnAccountSuppressionList",
                                    "message", "The address is on the suppression list."));
            default -> {
                // The rest says nothing more.
            }
        }
        return data;
    }

    private static Map<String, Object> reader(Instant now) {
        var reader = new LinkedHashMap<String, Object>();
        reader.put("ipAddress", "192.0.2.1");
        reader.put("timestamp", ApiTime.iso(now));
        reader.put("userAgent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101");
        return reader;
    }

    private static Map<String, Object> received(UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("email_id", id.toString());
        data.put("message_id", "<" + id + "@example.net>");
        data.put("created_at", ApiTime.iso(now));
        data.put("from", "Sample <sender@example.net>");
        data.put("to", List.of("recipient@" + DOMAIN));
        data.put("cc", List.of());
        data.put("bcc", List.of());
        data.put("received_for", List.of("recipient@" + DOMAIN));
        data.put("subject", "A test of your webhook");
        data.put("attachments", List.of());
        return data;
    }

    private static Map<String, Object> contact(String type, UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", id.toString());
        data.put("email", "ann@example.net");
        if (type.equals("contact.topics.updated")) {
            data.put("topics", List.of(Map.of("id", id.toString(), "subscription", "opt_in")));
            return data;
        }
        data.put("segment_ids", List.of());
        data.put("first_name", "Ann");
        data.put("last_name", "Sample");
        data.put("unsubscribed", false);
        return dated(data, now);
    }

    private static Map<String, Object> domain(UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", id.toString());
        data.put("name", DOMAIN);
        data.put("status", "verified");
        data.put("created_at", ApiTime.iso(now));
        data.put("region", "us-east-1");
        data.put("records", List.of());
        return data;
    }

    private static Map<String, Object> suppression(UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("object", "suppression");
        data.put("id", id.toString());
        data.put("email", "ann@example.net");
        data.put("origin", "manual");
        data.put("source_id", null);
        data.put("created_at", ApiTime.postgres(now));
        return data;
    }

    private static Map<String, Object> topic(String type, UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", id.toString());
        data.put("name", "Sample");
        data.put("description", "A topic that does not exist");
        data.put("default_subscription", "opt_in");
        data.put("deleted", type.equals("topic.deleted"));
        return dated(data, now);
    }

    private static Map<String, Object> broadcast(String type, UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("id", id.toString());
        data.put("name", "Sample");
        data.put("status", type.substring("broadcast.".length()));
        data.put("reason", null);
        data.put("segment_id", id.toString());
        data.put("topic_id", null);
        data.put(
                "counts",
                Map.of(
                        "audience",
                        3,
                        "sent",
                        2,
                        "failed",
                        0,
                        "suppressed",
                        0,
                        "skipped",
                        1,
                        "waiting",
                        0));
        data.put("created_at", ApiTime.postgres(now));
        return data;
    }

    private static Map<String, Object> signup(String type, UUID id, Instant now) {
        var data = new LinkedHashMap<String, Object>();
        data.put("object", "signup");
        data.put("id", id.toString());
        data.put("form_id", id.toString());
        data.put("email", "ann@example.net");
        data.put("first_name", "Ann");
        data.put("last_name", null);
        data.put("status", type.equals("signup.confirmed") ? "confirmed" : "pending");
        data.put("created_at", ApiTime.postgres(now));
        return data;
    }

    private static Map<String, Object> dated(Map<String, Object> data, Instant now) {
        data.put("created_at", ApiTime.iso(now));
        data.put("updated_at", ApiTime.iso(now));
        return data;
    }
}
