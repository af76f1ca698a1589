package ai.mailgoat.server.property;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.http.JsonBody;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `/contact-properties`.
public final class PropertyRoutes {
    private static final int MAX_KEY = 50;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_]+");

    // In any case of letters: `{{{contact.first_name}}}` is the contact's own name.
    private static final Set<String> RESERVED =
            Set.of("FIRST_NAME", "LAST_NAME", "EMAIL", "UNSUBSCRIBE_URL");

    private final Properties properties;

    public PropertyRoutes(Properties properties) {
        this.properties = properties;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .post("/contact-properties", Access.FULL, this::create)
                .get("/contact-properties", Access.FULL, this::list)
                .get("/contact-properties/{id}", Access.FULL, this::get)
                .patch("/contact-properties/{id}", Access.FULL, this::update)
                .delete("/contact-properties/{id}", Access.FULL, this::delete);
    }

    private Answer create(Call call) {
        var body = call.body();
        String key = key(body);
        var type =
                body.constant("type", Property.Type.class)
                        .orElseThrow(() -> ApiException.missingField("type"));
        var made = properties.create(call.principal().team(), key, type, fallback(body, type));
        return Answer.made("contact_property", made.id());
    }

    private Answer list(Call call) {
        var page = call.page();
        var rows = properties.list(call.principal().team(), page);
        return Answer.ok(page.list(rows.stream().map(PropertyBody::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(PropertyBody.of(find(call)));
    }

    private Answer update(Call call) {
        var property = find(call);
        var body = call.body();
        if (body.has("fallback_value")) {
            properties.setFallback(
                    call.principal().team(), property.id(), fallback(body, property.type()));
        }
        return Answer.done("contact_property", property.id());
    }

    private Answer delete(Call call) {
        if (!properties.delete(call.principal().team(), call.uuid("id"))) {
            throw notFound();
        }
        return Answer.deleted("contact_property", call.uuid("id"));
    }

    private Property find(Call call) {
        return properties
                .find(call.principal().team(), call.uuid("id"))
                .orElseThrow(PropertyRoutes::notFound);
    }

    private static String key(JsonBody body) {
        String key = body.requiredText("key", MAX_KEY);
        if (!KEY.matcher(key).matches()) {
            throw ApiException.validation(
                    "Invalid `key` field. Only ASCII letters, numbers and underscores are allowed.");
        }
        if (RESERVED.contains(key.toUpperCase(Locale.ROOT))) {
            throw ApiException.validation(
                    "Invalid `key` field. The key `" + key + "` is reserved.");
        }
        return key;
    }

    private static @Nullable Object fallback(JsonBody body, Property.Type type) {
        var node = body.node("fallback_value");
        if (node.isEmpty()) {
            return null;
        }
        return Property.value(node.get())
                .filter(type::fits)
                .orElseThrow(() -> body.wrongType("fallback_value", type.expected()));
    }

    private static ApiException notFound() {
        return ApiException.notFound("Contact property");
    }

    record PropertyBody(
            String object,
            UUID id,
            String key,
            String type,
            @Nullable Object fallbackValue,
            String createdAt) {

        static PropertyBody of(Property property) {
            return new PropertyBody(
                    "contact_property",
                    property.id(),
                    property.key(),
                    property.type().apiName(),
                    property.fallback(),
                    ApiTime.postgres(property.createdAt()));
        }
    }
}
