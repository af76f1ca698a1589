package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.e2e.OpenApi.Operation;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/// Right values for fields whose schema cannot say what is right: a sender that is verified, an
/// address that is used again, the id of an object that is there.
final class FieldValues {
    private final Known known;

    FieldValues(Known known) {
        this.known = known;
    }

    /// @return empty when the schema says enough
    Optional<JsonNode> value(Operation operation, String field, RandomGenerator random) {
        String path = operation.path();
        if (path.startsWith("/webhooks") && (field.equals("from") || field.equals("to"))) {
            return Optional.of(text(field.equals("from") ? "2026-01-01" : "2026-02-01"));
        }
        if (path.startsWith("/broadcasts") && (field.equals("html") || field.equals("text"))) {
            return Optional.of(
                    text("Hello {{{contact.first_name|you}}} {{{RESEND_UNSUBSCRIBE_URL}}}"));
        }
        String text =
                switch (field) {
                    case "from" -> "Fuzz <fuzz@sender.example>";
                    case "to", "cc", "bcc", "reply_to", "email", "emails" -> address(random);
                    case "endpoint" -> "https://hooks.example/" + random.nextInt(100);
                    case "scheduled_at" -> random.nextBoolean() ? "in 1 hour" : "tomorrow at 9am";
                    case "expires_in" -> "10m";
                    case "alias" -> alias(random);
                    case "key" -> "key_" + random.nextInt(20);
                    case "path" -> "http://files.example/" + random.nextInt(9);
                    case "content" -> "aGVsbG8=";
                    case "filename" -> "a.txt";
                    case "content_type" -> "text/plain";
                    case "custom_return_path", "tracking_subdomain" -> "send";
                    case "name" ->
                            path.equals("/domains/claim")
                                    ? "claimed.example"
                                    : path.startsWith("/domains")
                                            ? "d" + random.nextInt(1000) + ".example"
                                            : "name-" + random.nextInt(1000);
                    default -> null;
                };
        if (text != null) {
            return Optional.of(text(text));
        }
        if (field.equals("properties")) {
            return Optional.of(Json.mapper().createObjectNode().put("company", "Acme"));
        }
        if (field.endsWith("_id") && !field.equals("content_id")) {
            String kind = "/" + field.substring(0, field.length() - 3).replace('_', '-') + "s/{}";
            return known.one(kind, random).map(FieldValues::text);
        }
        if (field.equals("id") || field.equals("ids")) {
            return known.one(kindOfItems(path, random), random).map(FieldValues::text);
        }
        return Optional.empty();
    }

    private static String kindOfItems(String path, RandomGenerator random) {
        if (path.startsWith("/emails")) {
            return "/templates/{}";
        }
        if (path.startsWith("/suppressions")) {
            return "/suppressions/{}";
        }
        return random.nextBoolean() ? "/segments/{}" : "/topics/{}";
    }

    static String address(RandomGenerator random) {
        return "user" + random.nextInt(60) + "@inbox.example";
    }

    static String alias(RandomGenerator random) {
        return "alias-" + random.nextInt(30);
    }

    static JsonNode text(String text) {
        return Json.mapper().getNodeFactory().stringNode(text);
    }
}
